"""Numbers, money, shares, yes/no, dates and header units, against values worked out by hand."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmodel.errors import LiantuError
from graphmodel.units import (
    Problem,
    day_bounds,
    first_day,
    header_unit,
    last_day,
    money_to_yuan,
    parse_booleans,
    parse_dates,
    parse_integers,
    parse_money,
    parse_numbers,
    parse_shares,
)


def column(*cells: str | None) -> pd.Series:
    return pd.Series(cells, dtype="str")


NUMBERS = [
    ("1", 1, None),
    ("１２３", 123, None),
    ("1,234", 1234, None),
    ("1，234，567.5", 1234567.5, None),
    ("1 234", 1234, None),
    ("51. 4", 51.4, None),
    ("3.61万", 36100, None),
    ("3.61万个", 36100, None),
    ("6.7万家", 67000, None),
    ("2万余项", 20000, "余"),
    ("30余个", 30, "余"),
    ("约 300 家", 300, "约"),
    ("近3万名", 30000, "近"),
    ("超4000人", 4000, "超"),
    ("累计超600", 600, "累计;超"),
    ("不足100", 100, "不足"),
    ("500人以上", 500, "以上"),
    ("20多家", 20, "多"),
    ("1.5e3", 1500, None),
    ("+7", 7, None),
    ("1\u200b2", 12, None),
    ("701人次", 701, None),
]


@pytest.mark.parametrize(("written", "value", "qualifier"), NUMBERS)
def test_numbers_are_read_as_people_write_them(
    written: str, value: float, qualifier: str | None
) -> None:
    parsed = parse_numbers(column(written))
    assert parsed.problem[0] == Problem.OK
    assert parsed.value[0] == value
    assert parsed.qualifier[0] == qualifier


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("nan", Problem.NOT_FINITE),
        ("inf", Problem.NOT_FINITE),
        ("-Infinity", Problem.NOT_FINITE),
        ("1e999", Problem.NOT_FINITE),
        ("9" * 400, Problem.NOT_FINITE),
        ("-5", Problem.NEGATIVE),
        ("－5", Problem.NEGATIVE),
        ("−5人", Problem.NEGATIVE),
        ("12 34", Problem.NOT_A_NUMBER),
        ("1,23", Problem.NOT_A_NUMBER),
        ("3-5", Problem.NOT_A_NUMBER),
        ("十家", Problem.NOT_A_NUMBER),
        ("21吨", Problem.NOT_A_NUMBER),
        ("35%", Problem.NOT_A_NUMBER),
        ("#DIV/0!", Problem.NOT_A_NUMBER),
        ("0x10", Problem.NOT_A_NUMBER),
        ("1_000", Problem.NOT_A_NUMBER),
        ("/", Problem.PLACEHOLDER),
        ("——", Problem.PLACEHOLDER),
        ("无", Problem.PLACEHOLDER),
        ("N/A", Problem.PLACEHOLDER),
    ],
)
def test_what_is_no_number_is_a_problem_and_never_a_guess(written: str, problem: Problem) -> None:
    parsed = parse_numbers(column(written))
    assert np.isnan(parsed.value[0])
    assert Problem(parsed.problem[0]) is problem


def test_blank_is_neither_value_nor_problem() -> None:
    parsed = parse_numbers(column(None, "", "  ", "\u200b"))
    assert np.isnan(parsed.value).all()
    assert not parsed.problem.any()


def test_negative_is_legal_on_request_and_a_header_scale_applies_to_bare_numbers() -> None:
    assert parse_numbers(column("-5", "−5.5"), negative=True).value.tolist() == [-5, -5.5]
    assert parse_numbers(column("3.61", "3.61万", "12"), unit="万人").value.tolist() == [
        36100,
        36100,
        120000,
    ]


@pytest.mark.parametrize(
    ("written", "unit", "wan"),
    [
        ("240", "万元", 240),
        ("240", "元", 0.024),
        ("2400000", "元", 240),
        ("172.8", "亿元", 1728000),
        ("1.001", "亿元", 10010),  # 1.001 * 1e4 is 10009.999999999998
        ("172.8亿元", None, 1728000),
        ("172.8亿元", "元", 1728000),
        ("240万元", "亿元", 240),
        ("500万", "元", 500),
        ("1，200千元", None, 120),
        ("3百万元", None, 300),
        ("¥500", None, 0.05),
        ("人民币 3 万元", None, 3),
        ("12.5", "人民币万元", 12.5),
        ("１２．５万元", None, 12.5),
        ("0", "万元", 0),
    ],
)
def test_money_takes_the_unit_of_the_cell_then_of_the_header(
    written: str, unit: str | None, wan: float
) -> None:
    parsed = parse_money(column(written), unit=unit)
    assert parsed.problem[0] == Problem.OK
    assert parsed.value[0] == wan


@pytest.mark.parametrize(
    ("written", "unit", "problem"),
    [
        ("240", None, Problem.NO_UNIT),
        ("约240", None, Problem.NO_UNIT),
        ("240", "", Problem.NO_UNIT),
        ("240", "吨", Problem.UNKNOWN_UNIT),
        ("240元/吨", None, Problem.UNKNOWN_UNIT),
        ("240", "万美元", Problem.FOREIGN_CURRENCY),
        ("240万美元", "万元", Problem.FOREIGN_CURRENCY),
        ("$240", "万元", Problem.FOREIGN_CURRENCY),
        ("300日元", "元", Problem.FOREIGN_CURRENCY),
        ("-240", "万元", Problem.NEGATIVE),
        ("nan", "万元", Problem.NOT_FINITE),
        ("3亿5000万元", None, Problem.NOT_A_NUMBER),
        ("面议", "万元", Problem.NOT_A_NUMBER),
    ],
)
def test_money_without_a_certain_unit_is_a_problem(
    written: str, unit: str | None, problem: Problem
) -> None:
    parsed = parse_money(column(written), unit=unit)
    assert np.isnan(parsed.value[0])
    assert Problem(parsed.problem[0]) is problem


def test_money_keeps_the_qualifier() -> None:
    parsed = parse_money(column("超 200 亿元", "3亿余元", "10亿元以上", "累计113.8亿元"), unit=None)
    assert parsed.value.tolist() == [2_000_000, 30_000, 100_000, 1_138_000]
    assert parsed.qualifier.tolist() == ["超", "余", "以上", "累计"]


def test_loans_and_a_grant_add_up_to_the_yuan() -> None:
    assert money_to_yuan("172.8亿元") + money_to_yuan("240万元") == Decimal(17_282_400_000)
    both = parse_money(column("172.8亿元", "240万元"), unit=None).value
    assert both.sum() * 10_000 == 17_282_400_000


def test_money_to_yuan_says_what_is_wrong() -> None:
    with pytest.raises(LiantuError, match=r"240.*单位"):
        money_to_yuan("240")
    assert money_to_yuan("0.01", unit="万元") == Decimal(100)


@given(
    digits=st.decimals(0, 10**9, places=2, allow_nan=False),
    unit=st.sampled_from(["元", "千元", "万元", "百万元", "亿元"]),
)
def test_an_amount_is_the_nearest_double_by_either_path(digits: Decimal, unit: str) -> None:
    factor = {"元": 0, "千元": 3, "万元": 4, "百万元": 6, "亿元": 8}[unit]
    expected = float(digits.scaleb(factor - 4))
    assert parse_money(column(str(digits)), unit=unit).value[0] == expected
    assert parse_money(column(f"{digits}{unit}"), unit=None).value[0] == expected


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ("0", 0),
        ("1", 1),
        ("0.35", 0.35),
        ("93%", 0.93),
        ("51. 4%", 0.514),
        ("１００％", 1),
        ("百分之35", 0.35),
        ("5‰", 0.005),
        ("约93%", 0.93),
        ("35 ％", 0.35),
    ],
)
def test_shares(written: str, share: float) -> None:
    parsed = parse_shares(column(written))
    assert parsed.problem[0] == Problem.OK
    assert parsed.value[0] == share


def test_a_share_above_one_is_not_guessed() -> None:
    parsed = parse_shares(column("35", "137.8%", "1.01", "约35", "-0.1", "nan", "0.9", "3万"))
    assert parsed.problem.tolist() == [
        Problem.OVER_ONE,
        Problem.OVER_ONE,
        Problem.OVER_ONE,
        Problem.OVER_ONE,
        Problem.NEGATIVE,
        Problem.NOT_FINITE,
        Problem.OK,
        Problem.NOT_A_NUMBER,
    ]
    assert np.flatnonzero(~np.isnan(parsed.value)).tolist() == [6]


def test_growth_may_exceed_one_and_be_negative() -> None:
    parsed = parse_shares(
        column("137.8%", "-3.5%", "增长", "0.2", "137.8", "约 137.8 %"), growth=True
    )
    assert parsed.value[[0, 1, 3, 5]].tolist() == [1.378, -0.035, 0.2, 1.378]
    assert parsed.problem[[2, 4]].tolist() == [Problem.NOT_A_NUMBER, Problem.OVER_ONE]
    assert 464.1 / (1 + parsed.value[0]) == pytest.approx(195.16, abs=0.01)


def test_a_percent_header_makes_bare_numbers_percentages() -> None:
    parsed = parse_shares(column("35", "35%", "0.35", "约35", "120"), unit="%")
    assert parsed.value[:4].tolist() == [0.35, 0.35, 0.0035, 0.35]
    assert parsed.problem[4] == Problem.OVER_ONE


def test_integers() -> None:
    parsed = parse_integers(column("12", "1,234", "2万余", "1.5", "", "x", "3.0"))
    assert parsed.value.tolist() == [12, 1234, 20000, pd.NA, pd.NA, pd.NA, 3]
    assert parsed.problem[[3, 5]].tolist() == [Problem.NOT_AN_INTEGER, Problem.NOT_A_NUMBER]
    assert parsed.qualifier[2] == "余"


def test_booleans() -> None:
    parsed = parse_booleans(column("是", "Y", "１", "√", "否", "n", "0", "×", None, "有"))
    assert parsed.value.tolist() == [True] * 4 + [False] * 4 + [pd.NA] * 2
    assert parsed.problem.tolist() == [0] * 9 + [Problem.NOT_A_BOOLEAN]


DATES = [
    ("2023-07-11", "2023-07-11", "day"),
    ("2023/7/11", "2023-07-11", "day"),
    ("2023.7.11", "2023-07-11", "day"),
    ("20230711", "2023-07-11", "day"),
    ("2023年7月11日", "2023-07-11", "day"),
    ("２０２３年７月１１日", "2023-07-11", "day"),
    ("2023 年 7 月 11 日", "2023-07-11", "day"),
    ("2023-07-11 00:00:00", "2023-07-11", "day"),
    ("2024-02-29", "2024-02-29", "day"),
    ("2023年7月", "2023-07", "month"),
    ("2023.7", "2023-07", "month"),
    ("2023-07", "2023-07", "month"),
    ("2023.10", "2023-10", "month"),
    ("2023年三季度", "2023-Q3", "quarter"),
    ("2023Q3", "2023-Q3", "quarter"),
    ("2023-Q3", "2023-Q3", "quarter"),
    ("2023年第3季度", "2023-Q3", "quarter"),
    ("2023年第一季度", "2023-Q1", "quarter"),
    ("2023年", "2023", "year"),
    ("2023", "2023", "year"),
    ("2023年度", "2023", "year"),
    ("45000", "2023-03-15", "day"),
]


@pytest.mark.parametrize(("written", "iso", "precision"), DATES)
def test_dates_keep_their_precision(written: str, iso: str, precision: str) -> None:
    parsed = parse_dates(column(written))
    assert (parsed.value[0], parsed.precision[0], parsed.problem[0]) == (iso, precision, 0)
    assert parsed.serial[0] == (written == "45000")


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("2023-13-01", Problem.IMPOSSIBLE_DATE),
        ("2023-02-29", Problem.IMPOSSIBLE_DATE),
        ("2023-13", Problem.IMPOSSIBLE_DATE),
        ("去年以来", Problem.RELATIVE_DATE),
        ("2023年以来", Problem.RELATIVE_DATE),
        ("近三年", Problem.RELATIVE_DATE),
        ("今年", Problem.RELATIVE_DATE),
        ("上半年", Problem.RELATIVE_DATE),
        ("长期", Problem.RELATIVE_DATE),
        ("19999", Problem.NOT_A_DATE),
        ("80001", Problem.NOT_A_DATE),
        ("201412", Problem.NOT_A_DATE),
        ("23.7.11", Problem.NOT_A_DATE),
        ("1492", Problem.NOT_A_DATE),
        ("待核实", Problem.NOT_A_DATE),
        ("/", Problem.PLACEHOLDER),
    ],
)
def test_what_is_no_date_is_a_problem(written: str, problem: Problem) -> None:
    parsed = parse_dates(column(written))
    assert parsed.value[0] is None
    assert Problem(parsed.problem[0]) is problem


def test_a_period_has_a_first_and_a_last_day() -> None:
    assert first_day("2023-Q3") == dt.date(2023, 7, 1)
    assert last_day("2023-Q3") == dt.date(2023, 9, 30)
    assert last_day("2023-02") == dt.date(2023, 2, 28)
    assert last_day("2024-12") == dt.date(2024, 12, 31)
    assert (first_day("2023"), last_day("2023")) == (dt.date(2023, 1, 1), dt.date(2023, 12, 31))
    assert first_day("2023-07-11") == last_day("2023-07-11") == dt.date(2023, 7, 11)
    with pytest.raises(LiantuError, match="去年"):
        first_day("去年")


def test_day_bounds_of_a_column() -> None:
    first, last = day_bounds(pd.Series(["2023", None, "2023-07"], dtype="str"))
    assert first.astype(str).tolist() == ["2023-01-01", "NaT", "2023-07-01"]
    assert last.astype(str).tolist() == ["2023-12-31", "NaT", "2023-07-31"]


@given(day=st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)))
def test_every_day_survives_each_way_of_writing_it(day: dt.date) -> None:
    ways = column(
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
    )
    assert set(parse_dates(ways).value) == {day.isoformat()}
    assert first_day(day.isoformat()[:7]) <= day <= last_day(day.isoformat()[:7])


@pytest.mark.parametrize(
    ("header", "name", "unit"),
    [
        ("产值(万元)", "产值", "万元"),
        ("产值（亿元）", "产值", "亿元"),
        ("产值 （ 万元 ）", "产值", "万元"),
        ("产值/万元", "产值", "万元"),
        ("产值：万元", "产值", "万元"),
        ("产值[元]", "产值", "元"),
        ("产值（单位：万元）", "产值", "万元"),
        ("单价(元)", "单价", "元"),
        ("阵地(个)", "阵地", "个"),
        ("市场占有率（%）", "市场占有率", "%"),
        ("投资额（万美元）", "投资额", "万美元"),
        ("单位：万元", "", "万元"),
        ("金额单位：人民币万元", "", "人民币万元"),
        ("单位：万元、人", "", "万元"),
        ("单位", "单位", None),
        ("产值", "产值", None),
        ("规模(大/中/小/微)", "规模(大/中/小/微)", None),
        ("进口依赖(0–1)", "进口依赖(0–1)", None),
    ],
)
def test_header_units(header: str, name: str, unit: str | None) -> None:
    assert header_unit(header) == (name, unit)


def test_every_problem_has_a_public_code_and_two_sentences() -> None:
    for problem in Problem:
        assert (problem.finding in {"E106", "E107", "E110", "E112"}) == (problem != Problem.OK)
        assert bool(problem.zh) == bool(problem.en) == (problem != Problem.OK)


@given(cells=st.lists(st.none() | st.text(max_size=12) | st.text("0123456789.,%万亿元年月-e ")))
def test_no_text_makes_a_reader_raise(cells: list[str | None]) -> None:
    written = pd.Series(cells, dtype="object")
    for parsed in (
        parse_numbers(written),
        parse_money(written, unit="万元"),
        parse_shares(written, growth=True),
        parse_integers(written),
        parse_booleans(written),
        parse_dates(written),
    ):
        assert len(parsed.value) == len(parsed.problem) == len(cells)
        absent = pd.isna(parsed.value)
        assert absent[parsed.problem != 0].all()


def test_a_million_plain_amounts_take_the_fast_path() -> None:
    many = pd.Series(np.arange(10**6), dtype="int64").astype("str")
    assert parse_money(many, unit="元").value[-1] == 99.9999
