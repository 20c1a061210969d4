"""Names, credit codes, similar names and personal data; python-stdnum is the oracle for codes."""

import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from graphmodel.identity import (
    CodeStatus,
    check_credit_codes,
    has_replacement,
    looks_personal,
    mask,
    may_be_damaged,
    normalise,
    normalise_name,
    personal_cells,
    similar_pairs,
    strip_invisible,
    suggest,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
HANLI = "南通振康焊接机电有限公司"
JIXIE = "南通振康机械有限公司"


def column(*cells: str | None) -> pd.Series:
    return pd.Series(cells, dtype="str")


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("恒立\u200b液压", "恒立液压"),
        ("先导（苏州）数字产业投资有限公司", "先导(苏州)数字产业投资有限公司"),
        ("先导【苏州】", "先导(苏州)"),
        ("ＡＢＣ 公司", "abc公司"),
        (" A\u3000b\tC ", "abc"),
        ("“红色金融街”党建联盟", '"红色金融街"党建联盟'),
        ("海智湾•紫东", "海智湾·紫东"),
        ("甲—乙", "甲-乙"),
        ("\u202e恒立\u202c", "恒立"),
        ("恒立\x00", "恒立"),
        ("恒立有限公司", "恒立有限公司"),
        ("NA", "na"),
    ],
)
def test_names_are_compared_without_their_dress(written: str, compared: str) -> None:
    assert normalise_name(written) == compared
    assert normalise(column(written)).tolist() == [compared]


def test_legal_form_is_part_of_the_name_and_missing_stays_missing() -> None:
    assert normalise_name("恒立液压股份有限公司") != normalise_name("恒立液压有限公司")
    assert normalise(column(None, "甲")).isna().tolist() == [True, False]


@given(
    name=st.text(max_size=20)
    | st.text("（）()【】[]“”·•—-ＡａA 甲乙\u200b\u0301\u00a8", max_size=12)
)
def test_normalisation_is_idempotent_and_the_column_agrees(name: str) -> None:
    once = normalise_name(name)
    assert normalise_name(once) == once
    assert normalise(pd.Series([name], dtype="object"))[0] == once


@given(name=st.text("江苏恒立aZ09()（） ", max_size=12))
def test_the_fast_path_agrees_with_the_function(name: str) -> None:
    assert normalise(column(name))[0] == normalise_name(name)


def test_invisible_characters_are_stripped_and_told() -> None:
    clean, changed = strip_invisible(
        column("恒立\u200b液压", "甲\u202e乙", "a\x00b", "甲\t乙\n", None)
    )
    assert clean.tolist()[:4] == ["恒立液压", "甲乙", "ab", "甲\t乙\n"]
    assert changed.tolist() == [True, True, True, False, False]


def test_a_lone_surrogate_is_stripped_from_a_column_that_arrow_cannot_hold() -> None:
    cells = pd.Series(["甲\ud800乙", "丙", None], dtype="object")
    clean, changed = strip_invisible(cells)
    assert clean.tolist()[:2] == ["甲乙", "丙"]
    assert changed.tolist() == [True, False, False]
    assert normalise(cells).tolist()[:2] == ["甲乙", "丙"]


def test_a_replacement_character_is_told_and_kept() -> None:
    cells = column("甲\ufffd乙", "甲", None)
    assert has_replacement(cells).tolist() == [True, False, False]
    assert strip_invisible(cells)[0][0] == "甲\ufffd乙"


@given(
    texts=st.lists(st.text(max_size=20) | st.text("甲（a、\u200b\ufffd\ufb00", max_size=9)),
    cut=st.integers(0, 3),
)
def test_no_damage_is_overlooked_by_bytes(texts: list[str], cut: int) -> None:
    cells = column(*texts).iloc[cut:]
    if not may_be_damaged(cells):
        assert not strip_invisible(cells)[1].any()
        assert not has_replacement(cells).any()
    assert not may_be_damaged(column("甲（虚构）有限公司、ａｂｃ", "恒立 abc\t1", None))


@pytest.mark.parametrize("before", [*range(262_138, 262_150), 524_286, 524_287])
@pytest.mark.parametrize("mark", ["\u200b", "\ufffd"])
def test_an_invisible_character_is_seen_wherever_it_stands(before: int, mark: str) -> None:
    cells = column("a" * 100_000, "b" * (before - 100_000) + mark, "c")
    assert may_be_damaged(cells)
    assert not may_be_damaged(cells.str.replace(mark, "、", regex=False))


@given(text=st.text(max_size=20))
def test_the_column_strips_what_the_function_strips(text: str) -> None:
    by_arrow = strip_invisible(column(text))[0][0]
    by_python = strip_invisible(pd.Series([text], dtype="object"))[0][0]
    assert by_arrow == by_python
    assert not any(
        unicodedata.category(character) in {"Cc", "Cs"} and character not in "\t\n\r"
        for character in by_python
    )


def status_of(code: str) -> CodeStatus:
    return CodeStatus(check_credit_codes(column(code)).status[0])


def test_the_worked_credit_codes() -> None:
    check = check_credit_codes(column("91350100M000100Y43", "91350100M000100Y44", None, ""))
    assert check.status.tolist() == [
        CodeStatus.OK,
        CodeStatus.WRONG_CHECK_DIGIT,
        CodeStatus.BLANK,
        CodeStatus.BLANK,
    ]
    assert check.expected.tolist() == ["3", "3", "", ""]


def test_dress_does_not_make_a_code_wrong() -> None:
    check = check_credit_codes(
        column(" 91350100m000100y43", "９１350100M000100Y43", "91350100-M000100Y43")
    )
    assert set(check.code) == {"91350100M000100Y43"}
    assert not check.status.any()


@pytest.mark.parametrize("first", "ANY")
def test_a_n_and_y_come_first_too(first: str) -> None:
    # The first character alone differs from a code of weight 0: its value is its check sum.
    body = f"{first}0000000000000000"
    expected = ALPHABET[31 - ALPHABET.index(first)]
    assert status_of(body + expected) is CodeStatus.OK
    assert not uscc.is_valid(body + expected)
    assert uscc.calc_check_digit(body) == expected
    check = check_credit_codes(column(body + "0"))
    assert check.expected[0] == expected


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("9135010", CodeStatus.WRONG_LENGTH),
        ("320600000012345", CodeStatus.WRONG_LENGTH),
        ("91350100I000100Y43", CodeStatus.WRONG_CHARSET),
        ("9135010GM000100Y43", CodeStatus.WRONG_CHARSET),
        ("B1350100M000100Y43", CodeStatus.WRONG_CHARSET),
        ("9135010甲M000100Y43", CodeStatus.WRONG_CHARSET),
        ("9.1350E+17", CodeStatus.MANGLED),
        ("9.13501000001e17", CodeStatus.MANGLED),
        ("913501000000000000.0", CodeStatus.MANGLED),
        ("913501000000123000", CodeStatus.MANGLED),
    ],
)
def test_wrong_codes(code: str, status: CodeStatus) -> None:
    assert status_of(code) is status


@given(
    body=st.from_regex(r"[0-9]{8}[0-9A-HJ-NP-RTUWXY]{9}", fullmatch=True),
    last=st.sampled_from(ALPHABET),
)
def test_python_stdnum_agrees(body: str, last: str) -> None:
    check = check_credit_codes(column(body + last))
    assert (check.status[0] == CodeStatus.OK) == uscc.is_valid(body + last)
    if check.status[0] != CodeStatus.MANGLED:
        assert check.expected[0] == uscc.calc_check_digit(body)


@given(code=st.text(max_size=20) | st.text(ALPHABET, min_size=18, max_size=18))
def test_no_code_raises_and_none_is_accepted_that_stdnum_rejects(code: str) -> None:
    check = check_credit_codes(column(code))
    if check.status[0] == CodeStatus.OK and check.code[0][0] not in "ANY":
        assert uscc.is_valid(check.code[0])


def test_two_firms_of_one_group_are_suggested_and_stay_two() -> None:
    pairs = similar_pairs(column(HANLI, JIXIE, "江苏恒立液压股份有限公司", "今创集团股份有限公司"))
    assert pairs[["left", "right"]].to_numpy().tolist() == [[HANLI, JIXIE]]
    assert pairs["score"].between(88, 100, inclusive="left").all()
    assert normalise_name(HANLI) != normalise_name(JIXIE)


def test_suggestions_name_the_nearest_known() -> None:
    known = [JIXIE, "江苏恒立液压股份有限公司", "今创集团股份有限公司"]
    found = suggest([HANLI, "江苏恒力液压股份有限公司", "无关的名字"], known)
    assert found[["name", "suggestion"]].to_numpy().tolist() == [
        [HANLI, JIXIE],
        ["江苏恒力液压股份有限公司", "江苏恒立液压股份有限公司"],
    ]
    assert suggest([], known).empty
    assert suggest(["甲"], []).empty


def test_names_that_differ_in_a_number_only_are_no_pair() -> None:
    assert similar_pairs(column("虚构振康机械第1分公司", "虚构振康机械第2分公司")).empty
    same_but_for_dress = column("虚构（振康）机械", "虚构(振康)机械", None, "")
    assert similar_pairs(same_but_for_dress).empty


def test_blocking_scales_with_the_number_of_names() -> None:
    random = np.random.default_rng(7)
    characters = np.array([chr(0x4E00 + offset) for offset in range(3000)])
    brands = ["".join(pair) for pair in characters[random.integers(0, 3000, (67_000, 2))]]
    trades = np.array(["机械", "电气", "纺织", "新材料", "液压", "机器人", "软件", "医药"])
    names = "江苏" + pd.Series(brands, dtype="str") + trades[random.integers(0, 8, 67_000)]
    names = pd.concat([names + "有限公司", column(HANLI, JIXIE)], ignore_index=True)
    pairs = similar_pairs(names)
    assert len(pairs) < 10_000
    assert ((pairs["left"] == HANLI) & (pairs["right"] == JIXIE)).any()


def identity_number(body: str) -> str:
    return body + ric.calc_check_digit(body + "0")


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("联系人", "contact"),
        ("企业联系人", "contact"),
        ("联系方式", "contact"),
        ("电子邮箱", "contact"),
        ("手机号码", "phone"),
        ("联系电话", "phone"),
        ("身份证号", "identity"),
        ("姓 名", "name"),
        ("法定代表人", "name"),
        ("法人代表", "name"),
        ("负责人", "name"),
        ("党员名单", "name"),
    ],
)
def test_personal_headers(header: str, kind: str) -> None:
    assert looks_personal(header, column()) == kind


STANDARD_HEADERS = (
    "工作表 地区 产业链 完整(是/否) 截至日期 企业名称 统一社会信用代码 简称 园区 行业代码 "
    "规模 规上 产值(万元) 营业收入(万元) 研发投入(万元) 从业人数 专利数 标准数 "
    "市场占有率 资质 上市状态 上级企业 党组织情况 应建党组织 正式党员数 重点企业 产业链名称 "
    "等级 集群 说明 环节名称 上级环节 必备 已填报 进口依赖 卡脖子 上游环节 下游环节 关键性 "
    "回流 产能 单位 产品 对外依赖 认定日期 有效期至 角色 产品名称 产量 单价(元) 首台套 "
    "供方 需方 金额(万元) 年份 供方地区 需方地区 企业甲 企业乙 事项 供方行业 需方行业 "
    "党组织名称 类型 隶属 党员数 党组织 依托单位 组建方式 联盟名称 性质 级别 成立日期 "
    "组建模式 牵头单位 个数 成员数 阵地(个) 标准 联盟 成员 起 止 岗位 对象 岗位编号 "
    "名称 学科 层级 行业 院校 专业 毕业生数 甲方 乙方 共建形式 签约日期 到期日期 状态 "
    "需求编号 企业 类别 内容 提出日期 办结时限 办结日期 责任单位 专员岗位编号 人数 数量 "
    "资源编号 提供单位 适用地区 适用产业链 适用条件 容量 有效起 有效止 申报日期 兑现日期 "
    "项目编号 对应需求 使用资源 开始 截止 完成日期 订单编号 交期 技术指标 撮合联盟 承接企业 "
    "金融机构 方式 日期 阶段 项目名称 投资额(万元) 投资档次 预计投产 活动编号 方面 环节 "
    "组织单位 挂帅单位 攻坚组织 经费(万元) 期限 活动 参与单位 家数 主体 指标 数值 原文 "
    "限定 期间 时间说明 口径 来源 代码 上级 编码 来源日期 备注 序号"
)


@pytest.mark.parametrize("header", STANDARD_HEADERS.split())
def test_no_standard_header_is_personal(header: str) -> None:
    assert looks_personal(header, column("1", "甲")) is None


def test_personal_values_are_found_under_any_header() -> None:
    identity = identity_number("32010219900101001")
    assert ric.is_valid(identity)
    assert looks_personal("备用", column("甲", identity)) == "identity"
    assert looks_personal("备用", column("13812345678", "", None)) == "phone"
    assert looks_personal("备用", column("+86 138-1234-5678")) == "phone"


def test_codes_and_amounts_are_not_personal() -> None:
    assert looks_personal("备用", column("91350100M000100Y43", "913501000000000000")) is None
    assert looks_personal("备用", column("17280000000", "13000000000")) is None
    assert looks_personal("产值(元)", column("13812345678")) is None
    assert looks_personal("订单编号", column("13812345678")) is None
    assert looks_personal("备用", column(None, "")) is None
    assert looks_personal("备用", column("320102199001010017")) is None  # check digit wrong


def test_personal_numbers_are_found_inside_free_text() -> None:
    cells = column("找办公室 13812345678。", "编号1138123456789", "甲", None)
    assert personal_cells(cells).tolist() == [True, False, False, False]


@pytest.mark.parametrize(
    ("value", "shown"),
    [("13812345678", "138****"), ("320102199001010010", "320****"), ("甲乙", "****")],
)
def test_a_message_shows_three_digits_at_most(value: str, shown: str) -> None:
    assert mask(value) == shown
