"""What the sample city is written with: reproducible chance, and the sheets that are filled."""

import csv
import math
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

T = TypeVar("T")

Cell = str | int | float | bool | None

MARK: Final = "（虚构）"
CITATION: Final = "虚构示例数据"

HEADERS: Final = {
    "填报范围": "工作表 地区 产业链 完整 截至日期",
    "地区": "名称 代码 上级 类型 备注",
    "产业链": "产业链名称 地区 等级 集群 说明",
    "环节": "环节名称 产业链 上级环节 必备 已填报 进口依赖 卡脖子",
    "环节上下游": "产业链 上游环节 下游环节 关键性 回流",
    "企业": "编码 企业名称 统一社会信用代码 简称 地区 园区 产业链 行业代码 规模 规上 产值(万元)"
    " 营业收入(万元) 研发投入(万元) 从业人数 专利数 标准数 市场占有率 资质 上市状态 上级企业"
    " 党组织情况 应建党组织 正式党员数 重点企业",
    "企业环节": "企业名称 产业链 环节 产值(万元) 产能 单位 产品 对外依赖 备注",
    "企业资质": "企业名称 资质 认定日期 有效期至",
    "企业产业链": "企业名称 产业链 角色",
    "产品": "产品名称 产业链 环节 单位 备注",
    "企业产品": "企业名称 产品 产能 产量 单位 单价(元) 首台套",
    "供应关系": "供方 需方 产品 产业链 环节 金额(万元) 年份 关键性 供方地区 需方地区",
    "配套合作": "企业甲 企业乙 事项",
    "党组织": "党组织名称 类型 地区 隶属 党员数",
    "依托": "党组织 依托单位 组建方式",
    "联盟": "联盟名称 类型 性质 级别 地区 成立日期 组建模式 牵头单位 个数 成员数 阵地(个) 标准",
    "联盟成员": "联盟 成员 角色 起 止",
    "联盟覆盖": "联盟 产业链",
    "岗位": "单位 岗位 对象 岗位编号 起 止",
    "高校院所": "名称 类型 地区 学科",
    "金融机构": "名称 类型 地区",
    "政府部门": "名称 层级 地区",
    "协会商会": "名称 类型 行业 地区",
    "专业毕业生": "院校 专业 毕业生数 年份",
    "结对共建": "甲方 乙方 共建形式 签约日期 到期日期 事项 状态",
    "需求清单": "需求编号 类型 企业 类别 内容 提出日期 办结时限 办结日期 责任单位 专员岗位编号"
    " 岗位 专业 人数 金额(万元) 产品 数量 单位",
    "资源清单": "资源编号 类别 类型 名称 提供单位 适用地区 适用产业链 适用条件 容量 有效起 有效止",
    "政策兑现": "企业 资源编号 申报日期 兑现日期 金额(万元)",
    "行动项目清单": "项目编号 名称 责任单位 对应需求 使用资源 开始 截止 完成日期 状态",
    "订单": "订单编号 需方 产品 数量 单位 交期 技术指标 金额(万元) 撮合联盟 承接企业 状态",
    "融资": "金融机构 企业 方式 金额(万元) 日期 撮合联盟 阶段",
    "项目": "项目名称 类型 阶段 产业链 环节 地区 投资额(万元) 投资档次 签约日期 预计投产 责任单位",
    "活动": "活动编号 类型 名称 日期 方面 环节 类别 卡脖子 组织单位 对象 挂帅单位 攻坚组织"
    " 经费(万元) 阶段 期限 状态",
    "活动参与": "活动 参与单位 角色 家数",
    "走访": "企业 日期 岗位编号 事项",
    "指标": "主体 指标 数值 原文 单位 限定 期间 截至日期 时间说明 口径",
}
"""Every sheet of the city and its columns; 来源 is added to each."""


class Dice:
    """Chance that repeats: built on `random.Random.random` alone, whose stream never changes.

    Each part of the city throws its own dice, so that a change in one leaves the others as they
    were.
    """

    def __init__(self, name: str) -> None:
        """Seed the stream with `name`."""
        self._source = random.Random(name)  # noqa: S311  # a sample, nothing secret

    def unit(self) -> float:
        """Return a number in [0, 1)."""
        return self._source.random()

    def chance(self, probability: float) -> bool:
        """Return True with the given probability."""
        return self.unit() < probability

    def whole(self, low: int, high: int) -> int:
        """Return a whole number, both ends included."""
        return low + int(self.unit() * (high - low + 1))

    def between(self, low: float, high: float) -> float:
        """Return a number in [low, high)."""
        return low + self.unit() * (high - low)

    def spread(self, median: float, sigma: float) -> float:
        """Return a lognormal number (Box-Muller), which is how firm sizes are spread."""
        normal = math.sqrt(-2 * math.log(1 - self.unit())) * math.cos(2 * math.pi * self.unit())
        return median * math.exp(sigma * normal)

    def pick(self, items: Sequence[T]) -> T:
        """Return one of `items`."""
        return items[int(self.unit() * len(items))]

    def weighted(self, items: Sequence[T], weights: Sequence[float]) -> T:
        """Return one of `items` with probability proportional to its weight."""
        mark = self.unit() * sum(weights)
        for item, weight in zip(items, weights, strict=True):
            mark -= weight
            if mark < 0:
                return item
        return items[-1]

    def sample(self, items: Sequence[T], size: int) -> list[T]:
        """Return up to `size` different items, in the order drawn."""
        pool = list(items)
        times = min(size, len(pool))
        return [pool.pop(int(self.unit() * len(pool))) for _ in range(times)]

    def date(self, first: str, last: str) -> str:
        """Return a day of whole months: `first` and `last` are `YYYY-MM`."""
        low, high = (int(m[:4]) * 12 + int(m[5:]) - 1 for m in (first, last))
        month = self.whole(low, high)
        return f"{month // 12}-{month % 12 + 1:02d}-{self.whole(1, 28):02d}"


def later(date: str, months: int) -> str:
    """Return the same day some months later, the 28th at most; `date` is `YYYY-MM-DD`."""
    month = int(date[:4]) * 12 + int(date[5:7]) - 1 + months
    return f"{month // 12}-{month % 12 + 1:02d}-{min(int(date[8:]), 28):02d}"


class Book:
    """The sheets of the city, each a list of rows."""

    def __init__(self) -> None:
        """Begin with every sheet empty."""
        self.sheets: dict[str, list[dict[str, str]]] = {sheet: [] for sheet in HEADERS}

    def add(self, sheet: str, *cells: Cell) -> None:
        """Append a row of `cells` in the order of the sheet's headers; the last may be left out."""
        self.put(sheet, dict(zip(HEADERS[sheet].split(), cells, strict=False)))

    def put(self, sheet: str, row: Mapping[str, Cell]) -> None:
        """Append a row by header; what is not given stays blank.

        Raises:
            KeyError: A header is not one of the sheet's.
        """
        cells = dict.fromkeys(HEADERS[sheet].split(), "")
        for header, cell in row.items():
            if header not in cells:
                raise KeyError(header)
            cells[header] = _text(cell)
        self.sheets[sheet].append(cells | {"来源": CITATION})

    def write(self, folder: Path) -> None:
        """Write one CSV per sheet: UTF-8 without a mark, comma, LF."""
        folder.mkdir(parents=True, exist_ok=True)
        for sheet, rows in self.sheets.items():
            with (folder / f"{sheet}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return f"{cell:.10g}"
    return str(cell)


def rows(table: str) -> list[list[str]]:
    """Read a text table: a line a row, cells between `|`, blanks around them dropped."""
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
