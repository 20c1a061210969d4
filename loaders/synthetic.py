"""An invented province of any size, the same for the same seed: 虚构, on its face.

Numbers of enterprises, relations and so on default to the figures published for Jiangsu; whatever
is not given scales with the number of enterprises. Sizes and degrees have heavy tails, trade stays
within the region and the chain more often than not, and cells are missing as offices leave them.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from graphmodel.errors import OutputError, UsageError

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]  # no stubs

FORMATS: Final = ("csv", "parquet")
_PROVINCE: Final = 67_000
_REGIONS: Final = 13
_SEGMENTS: Final = 8
_ROWS_AT_A_TIME: Final = 200_000
_MARK: Final = "（虚构）"
_SIZES: Final = (0.01, 0.1, 0.6)  # up to which rank an enterprise is large, medium, small
_ABOVE_SCALE: Final = 0.3
_SOURCE: Final = "虚构数据，随机生成"
_CATEGORIES: Final = ("人才", "资金", "技术", "供应链", "产品", "土地", "政策", "其他")

Codes = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]
Columns = dict[str, Any]
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How many of each there are."""

    enterprises: int = _PROVINCE
    relations: int = 1_000_000
    organizations: int = 36_100
    alliances: int = 901
    chains: int = 60
    needs: int = 17_469
    resources: int = 20_000

    @classmethod
    def of(cls, enterprises: int = _PROVINCE, **given: int | None) -> "Sizes":
        """Return the sizes of a province; what is not given scales with `enterprises` / 67,000.

        Raises:
            UsageError: A size is not positive, or there are fewer than two enterprises.
        """
        scale = enterprises / _PROVINCE
        sizes = {"enterprises": enterprises}
        for name, whole in {f: getattr(cls(), f) for f in cls.__slots__}.items():
            if name != "enterprises":
                told = given.get(name)
                sizes[name] = max(1, round(whole * scale)) if told is None else told
        if enterprises < 2 or min(sizes.values()) < 0:  # noqa: PLR2004  # trade takes two
            msg = (
                f"规模须为非负数且企业不少于 2 家：{sizes}。 "
                f"Sizes must not be negative, with 2 enterprises at least: {sizes}."
            )
            raise UsageError(msg)
        return cls(**sizes)


def generate(
    folder: Path,
    sizes: Sizes,
    *,
    seed: int = 1,
    form: str = "csv",
    progress: Progress | None = None,
) -> list[Path]:
    """Write an invented province as a folder of CSV or Parquet files, one per sheet.

    Args:
        folder: Where; it must not exist, or be empty. It appears only once everything is written.
        sizes: How many of each.
        seed: The same seed and sizes give the same files.
        form: "csv" or "parquet".
        progress: Called with what is written and the share that is done.

    Raises:
        OutputError: The folder holds something already, or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        msg = (
            f"“{folder}”已存在且不是空文件夹；请换一个。 {str(folder)!r} exists and is not an "
            "empty folder; name another."
        )
        raise OutputError(msg)
    tell = progress or (lambda _what, _share: None)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            names = []
            sheets = _Province(sizes, seed).sheets()
            for position, (sheet, parts) in enumerate(sheets.items()):
                tell(sheet, position / len(sheets))
                _write(draft / f"{sheet}.{form}", parts(), form)
                names.append(f"{sheet}.{form}")
            if folder.exists():
                folder.rmdir()
            draft.chmod(0o755)
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        msg = (
            f"写不进“{folder}”：请检查路径和权限。 Cannot write {str(folder)!r}: {error.strerror}."
        )
        raise OutputError(msg) from error
    return [folder / name for name in names]


def _write(path: Path, parts: Iterator[Columns], form: str) -> None:
    import pyarrow as pa  # noqa: PLC0415  # slow to import
    from pyarrow import csv, parquet  # noqa: PLC0415  # likewise

    writer: Any = None
    try:
        for part in parts:
            table = pa.table({name: _column(values) for name, values in part.items()})
            if writer is None:
                make = parquet.ParquetWriter if form == "parquet" else csv.CSVWriter
                writer = make(path, table.schema)
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()


def _column(values: Any) -> "pa.Array":  # noqa: ANN401  # an array or a list of texts
    import pyarrow as pa  # noqa: PLC0415  # slow to import

    array = np.asarray(values)
    if array.dtype == object:
        return pa.array(array, type=pa.string())
    if array.dtype.kind == "f":  # whole numbers, blank where not reported
        return pa.array(np.where(np.isnan(array), 0, array).astype(np.int64), mask=np.isnan(array))
    return pa.array(array)


def _numbered(prefix: str, rows: int | Codes, suffix: str = _MARK) -> Texts:
    """Return names that end in the number of a row, from 1 on; of the first `rows`, or of these."""
    numbers = np.arange(rows) if isinstance(rows, int) else rows
    digits = np.char.zfill((numbers + 1).astype(str), 7)
    return (prefix + digits.astype(object) + suffix).astype(object)


class _Province:
    """The invented province, sheet by sheet; everything comes from one seed."""

    def __init__(self, sizes: Sizes, seed: int) -> None:
        self.sizes = sizes
        self.rng = np.random.default_rng(seed)
        count = sizes.enterprises
        self.region = np.sort(self.rng.choice(_REGIONS, count, p=_shares(_REGIONS)))
        self.chain = self.rng.choice(max(sizes.chains, 1), count, p=_shares(max(sizes.chains, 1)))
        self.step = self.rng.integers(0, _SEGMENTS, count)
        self.weight = self.rng.pareto(1.2, count) + 1
        self.rank = np.argsort(np.argsort(-self.weight)) / count
        self.output = np.round(500 * self.weight * self.rng.lognormal(0, 0.6, count))
        self.regions = _numbered("虚构市", _REGIONS)
        self.chains = _numbered("虚构产业链", max(sizes.chains, 1))
        self.segments = _numbered("环节", _SEGMENTS, "")
        self.firms = _numbered("E", count, "")

    def sheets(self) -> dict[str, Callable[[], Iterator[Columns]]]:
        """Return what makes each sheet part by part; to be called in this order, as chance is."""
        sizes = self.sizes
        cities = {"名称": self.regions, "类型": ["市"] * _REGIONS}
        return {
            "企业": lambda: self._blocks(sizes.enterprises, self._enterprises),
            "地区": lambda: self._parts(cities),
            "产业链": lambda: self._parts({"产业链名称": self.chains}),
            "环节": lambda: self._parts(self._segment_rows()),
            "环节上下游": lambda: self._parts(self._links()),
            "企业环节": lambda: self._blocks(sizes.enterprises, self._placements),
            "供应关系": self._supplies,
            "党组织": lambda: self._blocks(sizes.organizations, self._organizations),
            "依托": self._hostings,
            "联盟": lambda: self._blocks(sizes.alliances, self._alliances),
            "联盟成员": lambda: self._parts(self._members()),
            "联盟覆盖": lambda: self._blocks(sizes.alliances, self._covers),
            "需求清单": lambda: self._blocks(sizes.needs, self._needs),
            "资源清单": lambda: self._blocks(sizes.resources, self._resources),
        }

    def _parts(self, columns: Columns) -> Iterator[Columns]:
        size = len(next(iter(columns.values())))
        if size:
            yield {**columns, "来源": np.full(size, _SOURCE, dtype=object)}

    def _blocks(self, size: int, made: Callable[[Codes], Columns]) -> Iterator[Columns]:
        """Give a sheet some rows at a time."""
        for start in range(0, size, _ROWS_AT_A_TIME):
            yield from self._parts(made(np.arange(start, min(start + _ROWS_AT_A_TIME, size))))

    def _missing(self, values: Any, share: float) -> Any:  # noqa: ANN401  # texts or numbers
        """Leave out a share of the cells."""
        gone = self.rng.random(len(values)) < share
        array = np.asarray(values)
        if array.dtype == object:
            return np.where(gone, np.array(None, dtype=object), array)
        return np.where(gone, np.nan, array.astype(np.float64))

    def _pick(self, choices: Sequence[str], size: int, p: Sequence[float] | None = None) -> Texts:
        return np.array(choices, dtype=object)[self.rng.choice(len(choices), size, p=p)]

    def _enterprises(self, rows: Codes) -> Columns:
        count, share, output = len(rows), self.rank[rows], self.output[rows]
        scale = np.select([share < bar for bar in _SIZES], ["大", "中", "小"], "微")
        revenue = np.round(output * self.rng.uniform(0.9, 1.6, count))
        patents = self.rng.poisson(np.minimum(self.weight[rows], 200))
        return {
            "编码": self.firms[rows],
            "企业名称": _numbered("虚构企业", rows, f"有限公司{_MARK}"),
            "地区": self._missing(self.regions[self.region[rows]], 0.03),
            "产业链": self._missing(self.chains[self.chain[rows]], 0.05),
            "规模": self._missing(scale.astype(object), 0.1),
            "规上": self._missing(np.where(share < _ABOVE_SCALE, "是", "否").astype(object), 0.1),
            "产值(万元)": self._missing(output, 0.2),
            "营业收入(万元)": self._missing(revenue, 0.35),
            "从业人数": self._missing(np.round(output / 60 + 3), 0.2),
            "专利数": self._missing(patents, 0.4),
            "资质": self._missing(
                self._pick(("高新技术企业", "专精特新", "无"), count, (0.25, 0.1, 0.65)), 0.4
            ),
            "党组织情况": self._missing(
                self._pick(("单独", "联合", "派驻指导员", "无"), count, (0.2, 0.2, 0.2, 0.4)), 0.5
            ),
            "正式党员数": self._missing(self.rng.poisson(3, count), 0.4),
        }

    def _segment_rows(self) -> Columns:
        chains = len(self.chains)
        return {
            "环节名称": np.tile(self.segments, chains),
            "产业链": np.repeat(self.chains, _SEGMENTS),
            "进口依赖": self._missing(self.rng.integers(0, 2, chains * _SEGMENTS), 0.8),
        }

    def _links(self) -> Columns:
        chains, steps = len(self.chains), _SEGMENTS - 1
        return {
            "产业链": np.repeat(self.chains, steps),
            "上游环节": np.tile(self.segments[:-1], chains),
            "下游环节": np.tile(self.segments[1:], chains),
            "关键性": self._missing(self._pick(("是", "否"), chains * steps), 0.1),
        }

    def _placements(self, rows: Codes) -> Columns:
        placed = rows[self.rng.random(len(rows)) < 0.85]  # noqa: PLR2004  # the rest are not placed
        return {
            "企业名称": self.firms[placed],
            "产业链": self.chains[self.chain[placed]],
            "环节": self.segments[self.step[placed]],
            "产值(万元)": self._missing(self.output[placed], 0.3),
        }

    def _supplies(self) -> Iterator[Columns]:
        """Give relations in parts: distinct pairs, half of them within the region."""
        count, wanted = self.sizes.enterprises, self.sizes.relations
        keys = np.empty(0, dtype=np.int64)
        for _ in range(20):
            lacking = min(wanted, count * (count - 1)) - len(keys)
            if lacking <= 0:
                break
            source, target = self._ends(round(lacking * 1.2) + 16)
            new = (source * count + target)[source != target]
            keys = np.unique(np.concatenate([keys, new]))
        keys = self.rng.permutation(keys)[:wanted]
        for start in range(0, len(keys), _ROWS_AT_A_TIME):
            part = keys[start : start + _ROWS_AT_A_TIME]
            source, target, size = part // count, part % count, len(part)
            scale = np.minimum(self.output[source], self.output[target]) / 20
            amount = np.maximum(1, np.round(scale * self.rng.lognormal(0, 0.8, size)))
            yield from self._parts(
                {
                    "供方": self.firms[source],
                    "需方": self.firms[target],
                    "金额(万元)": self._missing(amount, 0.05),
                    "年份": self._missing(self.rng.choice([2025, 2026], size), 0.02),
                    "关键性": self._missing(self._pick(("是", "否"), size, (0.3, 0.7)), 0.3),
                }
            )

    def _ends(self, size: int) -> tuple[Codes, Codes]:
        out = np.cumsum(self.weight)
        into = np.cumsum(self.weight[::-1] * self.rng.lognormal(0, 0.5, len(out)))
        source = np.searchsorted(out, self.rng.random(size) * out[-1])
        starts = np.searchsorted(self.region, np.arange(_REGIONS + 1))
        edges = np.concatenate(([0.0], into))[starts]
        local = self.rng.random(size) < 0.5  # noqa: PLR2004  # as said above
        here = self.region[source]
        low = np.where(local, edges[here], 0.0)
        high = np.where(local, edges[here + 1], into[-1])
        target = np.searchsorted(into, low + self.rng.random(size) * (high - low))
        last = len(out) - 1
        return np.minimum(source, last), np.minimum(target, last)

    def _organizations(self, rows: Codes) -> Columns:
        size = len(rows)
        return {
            "编码": _numbered("D", rows, ""),
            "党组织名称": _numbered("虚构党支部", rows),
            "类型": self._pick(("党支部", "联合党支部", "党委"), size, (0.8, 0.15, 0.05)),
            "党员数": self._missing(self.rng.poisson(12, size), 0.2),
        }

    def _hostings(self) -> Iterator[Columns]:
        """Give a Party organization to firms drawn without repetition."""
        firms = self.rng.permutation(self.sizes.enterprises)
        hosted = min(self.sizes.organizations, self.sizes.enterprises)
        return self._blocks(hosted, lambda rows: self._hosts(rows, firms[rows]))

    def _hosts(self, rows: Codes, firms: Codes) -> Columns:
        return {
            "党组织": _numbered("D", rows, ""),
            "依托单位": self.firms[firms],
            "组建方式": self._missing(self._pick(("单独", "联合"), len(rows), (0.8, 0.2)), 0.2),
        }

    def _alliances(self, rows: Codes) -> Columns:
        size = len(rows)
        return {
            "编码": _numbered("L", rows, ""),
            "联盟名称": _numbered("虚构产业链党建联盟", rows),
            "类型": ["联盟"] * size,
            "性质": ["党建"] * size,
            "级别": self._pick(("省", "市", "县"), size, (0.05, 0.35, 0.6)),
            "地区": self._missing(self.regions[self.rng.integers(0, _REGIONS, size)], 0.1),
        }

    def _members(self) -> Columns:
        size = self.sizes.alliances * 12
        pairs = np.unique(
            self.rng.integers(0, max(self.sizes.alliances, 1), size) * self.sizes.enterprises
            + self.rng.integers(0, self.sizes.enterprises, size)
        )
        return {
            "联盟": _numbered("L", self.sizes.alliances, "")[pairs // self.sizes.enterprises],
            "成员": self.firms[pairs % self.sizes.enterprises],
            "角色": self._missing(self._pick(("成员", "共建单位"), len(pairs)), 0.3),
        }

    def _covers(self, rows: Codes) -> Columns:
        return {
            "联盟": _numbered("L", rows, ""),
            "产业链": self.chains[self.rng.integers(0, len(self.chains), len(rows))],
        }

    def _needs(self, rows: Codes) -> Columns:
        size = len(rows)
        return {
            "需求编号": _numbered("XQ", rows, ""),
            "类型": self._pick(("问题", "需求"), size),
            "企业": self.firms[self.rng.integers(0, self.sizes.enterprises, size)],
            "类别": self._pick(_CATEGORIES, size),
            "内容": _numbered("虚构需求", rows),
            "提出日期": self._dates(size),
        }

    def _resources(self, rows: Codes) -> Columns:
        size = len(rows)
        return {
            "资源编号": _numbered("ZY", rows, ""),
            "类别": self._pick(_CATEGORIES, size),
            "类型": self._pick(("政策", "载体", "技术"), size),
            "名称": _numbered("虚构资源", rows),
            "容量": self._missing(self.rng.integers(1, 50, size), 0.5),
        }

    def _dates(self, size: int) -> Texts:
        days = np.datetime64("2026-01-01") + self.rng.integers(0, 300, size)
        return days.astype(str).astype(object)


def _shares(size: int) -> npt.NDArray[np.float64]:
    """Return shares that fall off slowly, as those of cities and chains do."""
    weights = 1 / (np.arange(size) + 2.0)
    return np.asarray(weights / weights.sum())
