"""The bundled table of regions and how names are matched to it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import numdb

from graphmodel.regions import AMBIGUOUS, UNKNOWN, Regions

BUNDLED = Regions.bundled()
CITIES = "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁"


def path_of(name: str, regions: Regions = BUNDLED) -> str:
    row = int(regions.match(pd.Series([name], dtype="str"))[0])
    return regions.path(row) if row >= 0 else {UNKNOWN: "?", AMBIGUOUS: "!"}[row]


def table(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["name", "code", "parent", "level"], dtype="str")


def test_the_bundled_table_is_whole() -> None:
    frame = BUNDLED.frame
    assert BUNDLED.problems == ()
    assert (frame["level"] == "省").sum() == 34
    assert (frame["level"] == "市").sum() == 333
    in_jiangsu = frame["parent"].str.startswith("江苏省", na=False)
    assert (in_jiangsu & (frame["level"] == "市")).sum() == 13
    assert (in_jiangsu & (frame["level"] == "县")).sum() == 95
    assert not frame["code"].dropna().duplicated().any()
    assert not (frame["name"] + frame["parent"].fillna("")).duplicated().any()
    assert frame.loc[frame["level"] == "功能区", "code"].isna().all()
    assert frame.loc[frame["level"] != "功能区", "code"].notna().all()


def test_every_code_lies_within_the_code_of_its_parent() -> None:
    for row in BUNDLED.rows:
        code, above = BUNDLED.codes[row], int(BUNDLED.parents[row])
        if code and above >= 0:
            significant = BUNDLED.codes[above].rstrip("0")
            assert code.startswith(significant), BUNDLED.path(row)


def test_names_and_codes_agree_with_the_table_of_python_stdnum() -> None:
    listed = numdb.get("cn/loc")
    for name, code in zip(BUNDLED.names, BUNDLED.codes, strict=True):
        if code:
            county = listed.info(code)[1][1]["county"]
            assert name in {entry.split("]")[-1] for entry in county.split(",")}, code


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("江苏省南通市海门区", "江苏省南通市海门区"),
        ("南通市海门区", "江苏省南通市海门区"),
        ("南通海门区", "江苏省南通市海门区"),
        ("江苏南通海门", "江苏省南通市海门区"),
        ("江苏省/南通市/海门区", "江苏省南通市海门区"),
        ("江苏省 海门区", "江苏省南通市海门区"),
        ("海门", "江苏省南通市海门区"),
        ("320614", "江苏省南通市海门区"),
        ("320614000000", "江苏省南通市海门区"),
        ("３２０６１４", "江苏省南通市海门区"),
        ("连云港", "江苏省连云港市"),
        ("江苏", "江苏省"),
        ("宿迁", "江苏省宿迁市"),
        ("内蒙古", "内蒙古自治区"),
        ("张家港市", "江苏省苏州市张家港市"),
        ("武高新", "江苏省常州市武进区武进国家高新区"),
        ("连云港开发区", "江苏省连云港市连云港经济技术开发区"),
        ("南京经开区", "江苏省南京市栖霞区南京经济技术开发区"),
        ("苏州工业园区", "江苏省苏州市苏州工业园区"),
        ("江苏省苏州工业园区", "江苏省苏州市苏州工业园区"),
        ("北京通州区", "北京市通州区"),
        ("南通通州", "江苏省南通市通州区"),
        ("徐州市鼓楼区", "江苏省徐州市鼓楼区"),
        ("通州区", "!"),
        ("鼓楼区", "!"),
        ("朝阳", "!"),
        ("柬埔寨", "?"),
        ("南通市武进区", "?"),
        ("区", "?"),
        ("", "?"),
        ("320699", "?"),
    ],
)
def test_matching(written: str, path: str) -> None:
    assert path_of(written) == path


def test_a_name_that_fits_a_region_and_its_part_means_the_outer_one() -> None:
    assert path_of("淮安") == "江苏省淮安市"
    assert path_of("吉林") == "吉林省"
    assert path_of("淮安区") == "江苏省淮安市淮安区"
    assert path_of("吉林市") == "吉林省吉林市"


def test_the_choices_of_an_ambiguous_name_can_be_written_instead() -> None:
    assert BUNDLED.choices("通州区") == ["北京市通州区", "江苏省南通市通州区"]
    assert BUNDLED.choices("鼓楼区") == ["江苏省南京市鼓楼区", "江苏省徐州市鼓楼区"]
    assert BUNDLED.choices("海门") == ["江苏省南通市海门区"]
    assert BUNDLED.choices("柬埔寨") == []


def test_every_path_and_code_means_its_region() -> None:
    paths = pd.Series([BUNDLED.path(row) for row in BUNDLED.rows], dtype="str")
    assert (BUNDLED.match(paths) == np.arange(len(BUNDLED))).all()
    codes = pd.Series(BUNDLED.codes, dtype="str")
    coded = (codes != "").to_numpy()
    assert (BUNDLED.match(codes[coded]) == np.flatnonzero(coded)).all()


def test_the_cities_of_jiangsu_are_known_by_their_short_names() -> None:
    for city in CITIES.split():
        assert path_of(city) == f"江苏省{city}市"


def test_ancestors_and_parents() -> None:
    row = int(BUNDLED.match(pd.Series(["武高新"], dtype="str"))[0])
    names = [BUNDLED.names[at] for at in BUNDLED.ancestors(row)]
    assert names == ["武进区", "常州市", "江苏省"]
    assert BUNDLED.parents[row] == BUNDLED.ancestors(row)[0]


def test_missing_cells_are_unknown_and_order_is_kept() -> None:
    cells = pd.Series(["江苏", None, "通州区", "江苏"], dtype="str")
    assert BUNDLED.match(cells).tolist() == [BUNDLED.match(cells[:1])[0], -1, -2, 9]
    assert BUNDLED.match(cells[:0]).tolist() == []


def test_an_own_row_makes_an_ambiguous_name_certain() -> None:
    joined, position = BUNDLED.with_own(table(("通州区", "", "南通市", "县")))
    assert len(joined) == len(BUNDLED)
    assert joined.path(int(position[0])) == "江苏省南通市通州区"
    assert joined.codes[position[0]] == "320612"
    assert path_of("通州区", joined) == "江苏省南通市通州区"
    assert path_of("北京通州区", joined) == "北京市通州区"
    assert path_of("通州区") == "!"


def test_own_rows_win_over_bundled_ones() -> None:
    own = pd.DataFrame(
        {
            "name": ["武高新区", "虚构新城"],
            "parent": ["武进区", "武高新区"],
            "aliases": ["", "新城"],
        },
        dtype="str",
    )
    joined, position = BUNDLED.with_own(own)
    assert len(joined) == len(BUNDLED) + 1
    assert joined.problems == ()
    assert joined.path(int(position[1])) == "江苏省常州市武进区武高新区虚构新城"
    assert path_of("武进国家高新区", joined) == "江苏省常州市武进区武高新区"
    assert path_of("新城", joined) == joined.path(int(position[1]))
    assert joined.own.sum() == 2
    assert joined.codes[position[1]] == ""


def test_a_code_says_which_region_an_own_row_is() -> None:
    joined, position = BUNDLED.with_own(table(("鼓楼", "320302", "", "县")))
    assert joined.path(int(position[0])) == "江苏省徐州市鼓楼"
    assert path_of("鼓楼区", joined) == "江苏省徐州市鼓楼"
    assert path_of("南京鼓楼区", joined) == "江苏省南京市鼓楼区"
    assert path_of("鼓楼", joined) == "江苏省徐州市鼓楼"


def test_invented_regions_stand_beside_real_ones() -> None:
    own = table(
        ("澄澜市（虚构）", "", "", "市"),
        ("鼓楼区", "", "澄澜市（虚构）", "县"),
        ("临港高新区", "", "澄澜市（虚构）鼓楼区", "功能区"),
    )
    joined, position = BUNDLED.with_own(own)
    assert joined.problems == ()
    assert len(joined) == len(BUNDLED) + 3
    assert joined.path(int(position[2])) == "澄澜市（虚构）鼓楼区临港高新区"
    assert path_of("鼓楼区", joined) == "澄澜市（虚构）鼓楼区"
    assert path_of("南京鼓楼区", joined) == "江苏省南京市鼓楼区"


def test_what_cannot_be_placed_is_kept_and_named() -> None:
    own = table(
        ("甲区", "", "月球", "县"),
        ("乙园", "", "通州区", "功能区"),
        ("鼓楼区", "", "", "县"),
        ("丙区", "", "丁区", "县"),
        ("丁区", "", "丙区", "县"),
        ("海门区", "", "南通市", "县"),
        ("海门", "", "南通市", "县"),
    )
    joined, position = BUNDLED.with_own(own)
    found = {(problem.kind, problem.value) for problem in joined.problems}
    assert ("unknown_parent", "月球") in found
    assert ("ambiguous_parent", "通州区") in found
    assert ("ambiguous_name", "鼓楼区") in found
    assert ("duplicate", "海门") in found
    assert {value for kind, value in found if kind == "circle"} <= {"丙区", "丁区"}
    assert any(kind == "circle" for kind, _ in found)
    assert len(set(position.tolist())) == len(own)
    choices = {p.value: p.choices for p in joined.problems}
    assert choices["通州区"] == ("北京市通州区", "江苏省南通市通州区")


def test_a_table_can_be_replaced_and_written_out_and_read_again() -> None:
    alone = Regions.from_frame(table(("虚构省", "", "", "省"), ("甲乙市", "", "虚构省", "市")))
    assert path_of("甲乙", alone) == "虚构省甲乙市"
    assert path_of("江苏", alone) == "?"
    assert path_of("甲乙", BUNDLED.replaced_by(alone)) == "虚构省甲乙市"
    again = Regions.from_frame(BUNDLED.frame)
    assert again.names == BUNDLED.names
    assert again.aliases == BUNDLED.aliases
    assert (again.parents == BUNDLED.parents).all()


def test_missing_columns_and_categories_are_taken() -> None:
    own = pd.DataFrame({"name": ["乙市"], "level": pd.Categorical(["市"]), "parent": [None]})
    joined, position = BUNDLED.with_own(own)
    assert joined.levels[position[0]] == "市"
    nothing, none = BUNDLED.with_own(pd.DataFrame({"name": []}))
    assert len(nothing) == len(BUNDLED)
    assert len(none) == 0


@given(text=st.text(max_size=12) | st.text("江苏省南通市海门区州京北0123456/. ", max_size=14))
def test_no_text_makes_matching_raise(text: str) -> None:
    row = BUNDLED.match(pd.Series([text], dtype="object"))[0]
    assert (row >= 0) == (len(BUNDLED.choices(text)) == 1)


cells = st.sampled_from(["甲市", "乙区", "丙区", "通州区", "南通市", "江苏", "320612", ""])


@given(rows=st.lists(st.tuples(cells, cells, cells), max_size=8))
def test_no_table_of_regions_makes_joining_raise(rows: list[tuple[str, str, str]]) -> None:
    frame = pd.DataFrame(rows, columns=["name", "code", "parent"], dtype="str")
    joined, position = BUNDLED.with_own(frame)
    assert len(set(position.tolist())) == len(rows)
    assert all(len(joined.ancestors(row)) < len(joined) for row in joined.rows)
