"""The invented province: one for each seed, loads clean, says 虚构, leaves nothing half."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from graphmodel.errors import OutputError, UsageError
from loaders import load
from loaders.synthetic import Sizes, generate

SMALL = Sizes.of(400, relations=3000)


def test_what_is_not_given_scales_with_enterprises() -> None:
    assert Sizes.of() == Sizes()
    assert Sizes.of(6700).relations == 100_000
    assert Sizes.of(6700, relations=7).relations == 7
    with pytest.raises(UsageError, match="-1"):
        Sizes.of(100, needs=-1)


def test_a_seed_makes_one_province_and_another_seed_another(tmp_path: Path) -> None:
    first = generate(tmp_path / "a", SMALL, seed=3)
    again = generate(tmp_path / "b", SMALL, seed=3)
    other = generate(tmp_path / "c", SMALL, seed=4)
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in again]
    assert [p.read_bytes() for p in first] != [p.read_bytes() for p in other]


def test_it_loads_without_an_error_and_says_that_it_is_invented(tmp_path: Path) -> None:
    generate(tmp_path / "a", SMALL)
    loaded = load(tmp_path / "a")
    assert loaded.errors == 0
    graph = loaded.graph
    assert len(graph.nodes["Enterprise"]) == 400
    assert len(graph.edges["SUPPLIES"]) == 3000
    assert graph.nodes["Enterprise"]["name"].str.contains("虚构").all()
    assert graph.edges["SUPPLIES"]["citation"].str.contains("虚构").all()


def test_degrees_have_heavy_tails_and_cells_are_missing(tmp_path: Path) -> None:
    generate(tmp_path / "a", Sizes.of(3000, relations=30_000))
    rows = pd.read_csv(tmp_path / "a" / "供应关系.csv")
    for end in ("供方", "需方"):
        degree = np.sort(rows[end].value_counts().to_numpy())[::-1]
        assert degree[:30].sum() > 0.15 * len(rows)  # one in a hundred holds far more than 1 %
    assert 0.02 < rows["金额(万元)"].isna().mean() < 0.1
    assert not rows.duplicated(["供方", "需方"]).any()
    assert (rows["供方"] != rows["需方"]).all()


def test_parquet_holds_the_same(tmp_path: Path) -> None:
    generate(tmp_path / "a", SMALL)
    generate(tmp_path / "b", SMALL, form="parquet")
    known = pd.read_csv(tmp_path / "a" / "企业.csv")
    found = pd.read_parquet(tmp_path / "b" / "企业.parquet")
    assert found["企业名称"].tolist() == known["企业名称"].tolist()


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "企业.csv").write_text("企业名称\n甲\n", encoding="utf-8")
    with pytest.raises(OutputError, match="不是空文件夹"):
        generate(tmp_path, SMALL)


def test_an_interrupt_leaves_nothing_half_written(tmp_path: Path) -> None:
    def stop(sheet: str, _share: float) -> None:
        if sheet == "供应关系":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(tmp_path / "a", SMALL, progress=stop)
    assert list(tmp_path.iterdir()) == []
