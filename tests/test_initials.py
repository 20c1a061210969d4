"""Pinyin initials as columns, beside pypinyin asked name by name."""

import re

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

from views.page.initials import initials

PIECES = st.one_of(
    st.sampled_from(sorted(PHRASES_DICT)),
    st.sampled_from("重长行朝藏会和山大九Ａa1（）·\u200b〇𠀀欸"),
    st.text(max_size=3),
)


def one_by_one(names: pd.Series) -> list[str]:
    spelled = ("".join(lazy_pinyin(name, style=Style.FIRST_LETTER)) for name in names)
    return [re.sub(r"[^0-9A-Za-z]", "", text) for text in spelled]


@given(st.lists(st.lists(PIECES, max_size=6).map("".join), max_size=8))
def test_the_same_as_name_by_name(names: list[str]) -> None:
    column = pd.Series(names, dtype="str")
    assert initials(column).tolist() == one_by_one(column)


def test_every_phrase_is_read_as_pypinyin_reads_it() -> None:
    column = pd.Series(sorted(PHRASES_DICT)[::7])
    assert initials(column).tolist() == one_by_one(column)


def test_a_character_is_read_as_its_phrase_says() -> None:
    names = pd.Series(["重庆银行", "重量行走", "长安长江 A1 厂", ""])
    assert initials(names).tolist() == ["cqyh", "zlxz", "cacjA1c", ""]
