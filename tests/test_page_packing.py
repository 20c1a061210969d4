"""The blocks of the page: what goes in, and that the script's tests read what we write."""

import base64
import gzip
import json
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from views.page.numbered import HOLE, numbered
from views.page.packing import Packer

FIXTURE = Path(__file__).parent / "page" / "unpack.test.mjs"


def opened(block: str) -> tuple[dict[str, dict[str, int]], bytes]:
    """Head and bodies of a block."""
    raw = gzip.decompress(base64.b64decode(block))
    length = int.from_bytes(raw[:4], "little")
    return json.loads(raw[4 : 4 + length]), raw[4 + length :]


def integers(head: dict[str, int], body: bytes) -> list[int]:
    """As the script reads them."""
    planes = np.frombuffer(body, np.uint8, head["w"] * head["n"], head["at"])
    codes = planes.reshape(head["w"], -1).T.astype(np.int64) @ (256 ** np.arange(head["w"]))
    found = codes + head["low"]
    return (np.cumsum(found) if head["delta"] else found).tolist()


def test_the_script_is_tested_against_what_we_write() -> None:
    packer = Packer()
    packer.integers("small", [3, -1, 250])
    packer.integers("wide", [0, 70000, 2**31 - 3])
    packer.integers("sorted", [5, 5, 9, 4000], delta=True)
    packer.numbers("money", [1.5, float("nan"), -20])
    packer.numbers("odd", [1 / 3, float("nan")])
    packer.texts("names", ["甲", "乙\u2028", "<b>"])
    packer.texts("again", ["a", "b"] * 4)
    packer.texts("rows", [f"企业.csv 第{i * i}行 0{i % 3}" for i in range(30)])
    packer.texts("lines", [f"row {i * i} of 0{i % 3}" for i in range(30)], like="rows")
    packer.values("told", [True, None, False])
    packer.values("none", [])
    packer.data("json", {"a": ["</script>"]})
    head, body = opened(packer.block())
    text = FIXTURE.read_text(encoding="utf-8")
    written = opened(text.partition('BLOCK =\n  "')[2].partition('"')[0])
    assert (head, body) == written  # compressed, they may differ by the library


@given(values=st.lists(st.integers(-1, 2**31 - 3), max_size=30), delta=st.booleans())
def test_integers_come_back(values: list[int], *, delta: bool) -> None:
    packer = Packer()
    packer.integers("x", sorted(values) if delta else values, delta=delta)
    head, body = opened(packer.block())
    assert integers(head["x"], body) == (sorted(values) if delta else values)


@given(st.lists(st.floats(-1e5, 1e5) | st.just(float("nan")), max_size=20))
def test_numbers_are_never_rounded(values: list[float]) -> None:
    packer = Packer()
    packer.numbers("x", values)
    head, body = opened(packer.block())
    about = head["x"]
    if about["t"] == "f":
        planes = np.frombuffer(body, np.uint8, 8 * about["n"], about["at"]).reshape(8, -1)
        found = np.ascontiguousarray(planes.T).view("<f8").ravel()
    else:
        codes = np.array(integers({**about, "low": 0, "delta": 0}, body))
        found = np.where(codes == 0, np.nan, (codes + about["low"]) / about["scale"])
    assert np.array_equal(found, values, equal_nan=True)


def test_texts_cannot_break_a_column() -> None:
    packer = Packer()
    packer.texts("x", ["a\0b", "c", "\ud800"])
    head, body = opened(packer.block())
    about = head["x"]
    text = body[about["at"] : about["at"] + about["size"]].decode("utf-8")
    assert text.split("\0") == ["a\ufffdb", "c", "?"]


@given(
    st.lists(st.sampled_from(["a", "b1", "x0y"]), min_size=2, max_size=3),
    st.lists(st.integers(0, 10**12).map(str) | st.text("0123456789", max_size=12), min_size=40),
)
def test_texts_taken_apart_are_put_together_again(words: list[str], runs: list[str]) -> None:
    texts = [words[i % len(words)] + run for i, run in enumerate(runs)]
    apart = numbered(texts)
    if apart is None:
        return
    left = [list(slot.values) for slot in apart.slots]
    digits = [list(slot.digits) for slot in apart.slots]

    def text(word: str) -> str:
        first, *rest = word.split(HOLE)
        for k, part in enumerate(rest):
            wide = digits[k].pop(0) if digits[k] else 0
            first += str(left[k].pop(0)).zfill(wide) + part
        return first

    assert [text(word) for word in apart.words] == texts
    assert not any(left)


def test_numbers_that_two_columns_share_are_kept_once() -> None:
    packer = Packer()
    packer.texts("zh", [f"第{i * i}位" for i in range(40)])
    packer.texts("en", [f"rank {i * i}" for i in range(40)], like="zh")
    packer.texts("other", [f"rank {i}" for i in range(40)], like="zh")
    packer.texts("two", [text for i in range(20) for text in (f"a{i} b{i + 1}", f"c{i + 2}")])
    rows = [text for i in range(20) for text in (f"a{i}", f"b{i + 1} c{i + 2}")]
    packer.texts("moved", rows, like="two")  # the same numbers, on other rows
    head, _ = opened(packer.block())
    assert head["en"]["of"] == "zh"
    assert "en~0" not in head
    assert head["other"]["of"] == "other"
    assert "other~0" in head
    assert head["moved"]["of"] == "moved"


def test_the_same_data_makes_the_same_block() -> None:
    blocks = set()
    for _ in range(2):
        packer = Packer()
        packer.texts("x", ["甲", "乙"])
        blocks.add(packer.block())
    assert len(blocks) == 1


@given(st.lists(st.tuples(st.text("甲乙丙<𠮷", max_size=4), st.text("甲𠮷b", max_size=3))))
def test_pieces_come_back_as_a_browser_counts(rows: list[tuple[str, str]]) -> None:
    whole = [front + part for front, part in rows]
    parts = [part for _, part in rows]
    packer = Packer()
    packer.pieces("x", parts, whole)
    head, body = opened(packer.block())
    start, end = (integers(head[f"x.{name}"], body) for name in ("from", "to"))
    for i, (text, part) in enumerate(zip(whole, parts, strict=True)):
        if start[i] >= 0:
            wide = text.encode("utf-16-le")
            assert wide[2 * start[i] : 2 * end[i]].decode("utf-16-le") == part
    assert head["x.own"]["n"] == sum(at < 0 for at in start)
