"""Who is who: names compared, credit codes checked, similar names suggested, people kept out.

Two names are the same when they are equal after :func:`normalise`; a similar name is only ever a
suggestion. The unified social credit code (GB 32100-2015) has 18 characters of a 31-character
alphabet; its last is the check digit ``(31 − Σ cᵢ·3ⁱ mod 31) mod 31`` over the first seventeen.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# Characters without a glyph: controls but tab and line ends, soft hyphen, zero-width, direction
# marks and overrides, fillers, variation selectors, tags, and lone halves of surrogate pairs.
_INVISIBLE = (
    (0x00, 0x08), (0x0B, 0x0C), (0x0E, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x34F, 0x34F),
    (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F),
    (0x2028, 0x202E), (0x2060, 0x206F), (0x2800, 0x2800), (0x3164, 0x3164), (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF9, 0xFFFB), (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)  # fmt: skip
_DROPPED = re.compile(
    "[" + "".join(f"{chr(low)}-{chr(high)}" for low, high in (*_INVISIBLE, (0xD800, 0xDFFF))) + "]"
)
# The same ranges for whole columns; a column of surrogates is never an Arrow column.
_DROPPED_COLUMN = "[" + "".join(rf"\x{{{low:x}}}-\x{{{high:x}}}" for low, high in _INVISIBLE) + "]"
# First byte, and first two, in UTF-8 of the characters above and of U+FFFD: a column that holds
# none of them needs no closer look.
_RARE_BYTES = bytearray(256)
_RARE_PAIRS = np.zeros((256, 256), dtype=np.bool_)
for _code in (0xFFFD, *(code for low, high in _INVISIBLE for code in range(low, high + 1))):
    _first, *_rest = chr(_code).encode()
    _RARE_BYTES[_first] = 1
    _RARE_PAIRS[_first, _rest[0] if _rest else slice(None)] = True
_BLOCK = 1 << 18  # bytes looked at together: they stay in the processor's cache
_VARIANTS = str.maketrans(
    {
        **dict.fromkeys("[{<〔【〖〈《〘", "("),
        **dict.fromkeys("]}>〕】〗〉》〙", ")"),
        **dict.fromkeys("“”„‟‘’‚‛「」『』〝〞'`´", '"'),
        **dict.fromkeys("•∙⋅・‧●", "·"),
        **dict.fromkeys("‐‑‒–—―−─", "-"),
    }
)
# Only Chinese characters, ASCII letters and digits, round brackets and spaces.
_COMMON = r"[0-9A-Za-z\x{4e00}-\x{9fff}()（） ]*"
_MAX_PASSES = 5


def drop_invisible(text: str) -> str:
    """The text without invisible characters and lone surrogates; tab and line ends stay."""
    return _DROPPED.sub("", text)


def may_be_damaged(text: pd.Series) -> bool:
    """Whether a column may hold an invisible character or U+FFFD; False is certain.

    Bytes are looked at, not characters: much cheaper than a regular expression per cell.
    """
    if text.dtype != "str":
        return True
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415  # no stubs; slow to import

    cells = pa.array(text.array)
    for chunk in cells.chunks if isinstance(cells, pa.ChunkedArray) else [cells]:
        if not len(chunk):
            continue
        wide = np.int64 if pa.types.is_large_string(chunk.type) else np.int32
        ends = np.frombuffer(chunk.buffers()[1], dtype=wide)
        first, last = ends[chunk.offset], ends[chunk.offset + len(chunk)]
        if first == last:
            continue
        written = memoryview(chunk.buffers()[2])[first:last]
        if any(_rare(written[at : at + _BLOCK]) for at in range(0, len(written), _BLOCK - 1)):
            return True
    return False


def _rare(written: memoryview) -> bool:
    """Whether a byte and the next begin an invisible character or U+FFFD."""
    at = np.flatnonzero(np.frombuffer(bytes(written).translate(_RARE_BYTES), dtype=np.bool_))
    letters = np.frombuffer(written, dtype=np.uint8)
    return bool(_RARE_PAIRS[letters[at], letters[np.minimum(at + 1, len(letters) - 1)]].any())


def strip_invisible(text: pd.Series) -> tuple[pd.Series, NDArray[np.bool_]]:
    """Remove zero-width characters, direction marks, controls and lone surrogates (E113).

    U+FFFD stays: it marks a character already lost, see :func:`has_replacement`.

    Returns:
        The cleaned column, and True where a cell was changed.
    """
    if text.dtype != "str":
        clean = text.map(lambda cell: drop_invisible(cell) if isinstance(cell, str) else cell)
        dirty = text.map(lambda cell: isinstance(cell, str) and bool(_DROPPED.search(cell)))
        return clean, dirty.to_numpy(dtype=np.bool_)
    changed = np.asarray(text.str.contains(_DROPPED_COLUMN, na=False), dtype=np.bool_)
    if not changed.any():
        return text, changed
    clean = text.copy()
    clean[changed] = text[changed].map(drop_invisible)
    return clean, changed


def has_replacement(text: pd.Series) -> NDArray[np.bool_]:
    """True where a cell holds U+FFFD, the mark of a character lost in an earlier conversion."""
    return np.asarray(text.str.contains("\ufffd", regex=False, na=False), dtype=np.bool_)


def normalise_name(name: str) -> str:
    """The form in which names are compared; never shown.

    NFKC (full-width becomes half-width), invisible characters and spaces removed, brackets,
    quotes, dots and dashes of one kind each, case folded. 有限公司 is part of a name and stays.
    The function is idempotent.
    """
    for _ in range(_MAX_PASSES):
        folded = unicodedata.normalize("NFKC", drop_invisible(name)).casefold()
        folded = unicodedata.normalize("NFKC", folded).translate(_VARIANTS)
        folded = "".join(drop_invisible(folded).split())
        if folded == name:
            break
        name = folded
    return name


def normalise(names: pd.Series) -> pd.Series:
    """:func:`normalise_name` for a column; missing stays missing.

    Names of Chinese characters, ASCII letters, digits and brackets are done for the whole column;
    only the distinct others go through Python.
    """
    if names.dtype != "str":
        names = names.map(lambda name: drop_invisible(str(name)), na_action="ignore").astype("str")
    common = names.str.fullmatch(_COMMON, na=True).to_numpy(dtype=np.bool_)
    result = names.str.lower()
    for written, compared in ((" ", ""), ("（", "("), ("）", ")")):
        result = result.str.replace(written, compared, regex=False)
    if not common.all():
        codes, rare = pd.factorize(names[~common])
        folded = np.array([normalise_name(name) for name in rare], dtype=object)
        result[~common] = folded[codes]
    return result


# --- unified social credit codes ---------------------------------------------------------------

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LENGTH = 18
_DIGIT_OF = np.full(256, -1, np.int16)
_DIGIT_OF[list(_ALPHABET.encode())] = np.arange(len(_ALPHABET))
_WEIGHTS = np.array([pow(3, place, 31) for place in range(_LENGTH - 1)], np.int64)
_AUTHORITIES = list(
    b"0123456789ANY"
)  # stdnum takes the digits only; A, N and Y are in the standard
_SPREADSHEET = r"[0-9](\.[0-9]+)?E\+?[0-9]{2}|[0-9]{15,18}\.0+"


class CodeStatus(IntEnum):
    """What the check of a credit code found."""

    OK = 0
    BLANK = 1
    WRONG_LENGTH = 2
    WRONG_CHARSET = 3
    WRONG_CHECK_DIGIT = 4
    MANGLED = 5

    @property
    def finding(self) -> str:
        """The public finding code; empty for a good or blank code."""
        return ("", "", "E103", "E103", "E103", "E104")[self]


class CodeCheck(NamedTuple):
    """The check of a column of credit codes.

    Attributes:
        code: Upper case, half-width, without spaces and hyphens; empty where blank.
        status: One :class:`CodeStatus` per cell.
        expected: The right check digit where 18 legal characters are given, else empty.
    """

    code: NDArray[np.object_]
    status: NDArray[np.int8]
    expected: NDArray[np.object_]


def check_credit_codes(codes: pd.Series) -> CodeCheck:
    """Check unified social credit codes, all at once.

    The first character is a digit, A, N or Y, the next seven are digits, and the check digit must
    be right (python-stdnum, which does not know A, N and Y, agrees on all others; the tests hold
    it as the oracle). A code that a spreadsheet took for a number (``9.1350E+17``, a trailing
    ``.0``, or eighteen digits rounded to end in 000) is ``MANGLED``: its digits are lost.
    """
    code = normalise(codes).fillna("").str.upper().str.replace("-", "", regex=False)
    mangled = code.str.fullmatch(_SPREADSHEET).to_numpy(dtype=np.bool_)
    length = code.str.len().to_numpy(dtype=np.int64)
    status = np.full(len(code), CodeStatus.WRONG_LENGTH, np.int8)
    status[length == 0] = CodeStatus.BLANK
    expected = np.full(len(code), "", dtype=object)

    full = length == _LENGTH
    written = [text.encode("ascii", "replace") for text in code[full]]
    letters = np.array(written, dtype=f"S{_LENGTH}").view(np.uint8).reshape(-1, _LENGTH)
    digits = _DIGIT_OF[letters].astype(np.int64)
    legal = (digits >= 0).all(axis=1) & np.isin(letters[:, 0], _AUTHORITIES)
    legal &= (digits[:, 1:8] <= 9).all(axis=1)  # noqa: PLR2004 - the decimal digits
    right = (31 - digits[:, :-1] @ _WEIGHTS % 31) % 31
    good = legal & (right == digits[:, -1])
    outcome = np.where(legal, CodeStatus.WRONG_CHECK_DIGIT, CodeStatus.WRONG_CHARSET)
    rounded = code[full].str.fullmatch("[0-9]{15}000").to_numpy(dtype=np.bool_)
    outcome[rounded] = CodeStatus.MANGLED
    outcome[good] = CodeStatus.OK
    status[full] = outcome
    expected[full] = np.where(legal, np.array(list(_ALPHABET), dtype=object)[right], "")
    status[mangled] = CodeStatus.MANGLED
    expected[status == CodeStatus.MANGLED] = ""
    return CodeCheck(code.to_numpy(dtype=object), status, expected)


# --- similar names -----------------------------------------------------------------------------

_LEGAL_FORM = re.compile(r"(股份)?(有限)?(责任)?公司$|集团$|\(.*?\)")
_REGION_PREFIX = re.compile(r"^(中国|[一-鿿]{2,3}?(省|市|县|区))+")
_MAX_BLOCK = 60  # a pair of characters shared by more names than this says nothing
_ALL_PAIRS = 4_000_000  # up to so many comparisons every pair is scored
_CHUNK = 2_000_000
_SAME_BRAND = 0.4  # below, two names share a common trade or half a brand, not a brand


def _scores(left: NDArray[np.object_], right: NDArray[np.object_]) -> NDArray[np.float64]:
    from rapidfuzz import process  # noqa: PLC0415 - imported only where names are compared
    from rapidfuzz.distance import JaroWinkler  # noqa: PLC0415 - as above

    scores = process.cpdist(left, right, scorer=JaroWinkler.similarity, workers=1)
    return np.asarray(scores, dtype=np.float64) * 100


def _core(name: str) -> str:
    """A normalised name without region prefix and legal form, or itself if nothing is left."""
    core = _REGION_PREFIX.sub("", _LEGAL_FORM.sub("", name))
    return core if len(core) > 1 else name


def _bigrams(names: Sequence[str]) -> pd.DataFrame:
    """Rows (name, bigram) of every two neighbouring characters of the names' cores."""
    cores = [_core(name) for name in names]
    pairs = [sorted({core[i : i + 2] for i in range(max(1, len(core) - 1))}) for core in cores]
    row = np.repeat(np.arange(len(pairs)), [len(pair) for pair in pairs])
    return pd.DataFrame({"row": row, "bigram": [gram for pair in pairs for gram in pair]})


def _blocked(left: Sequence[str], right: Sequence[str] | None) -> pd.DataFrame:
    """Pairs of names (columns ``one``, ``two``) that share a rare bigram, with its ``weight``.

    A bigram of more than ``_MAX_BLOCK`` names (公司, 科技, 江苏 …) makes no pairs, so there are at
    most ``_MAX_BLOCK`` pairs per bigram of a name, however many names there are. A bigram of d
    among N names weighs log(1 + N/(d − 1))²; ``weight`` is the cosine of the two names, the shared
    weight over the geometric mean of their own. Pairs within ``left`` if ``right`` is None.
    """
    first = _bigrams(left)
    second = first if right is None else _bigrams(right)
    held = second["bigram"].value_counts()
    others = (held - 1).clip(lower=1).to_numpy(np.float64)
    rarity = pd.Series(np.log1p(len(second) / others) ** 2, index=held.index)
    for side in (first, second):
        weight = rarity.reindex(side["bigram"]).to_numpy(np.float64)
        side["weight"] = np.nan_to_num(weight, nan=np.log1p(len(second)) ** 2)
    own, other = (side.groupby("row")["weight"].sum().to_numpy() for side in (first, second))
    rare = first[first["bigram"].isin(held.index[held <= _MAX_BLOCK])]
    pairs = rare.merge(second[["row", "bigram"]], on="bigram", suffixes=("", "_other"))
    if right is None:
        pairs = pairs[pairs["row"] < pairs["row_other"]]
    shared: pd.DataFrame = pairs.groupby(["row", "row_other"])["weight"].sum().reset_index()
    shared = shared.rename(columns={"row": "one", "row_other": "two"})
    shared["weight"] /= np.sqrt(own[shared["one"]] * other[shared["two"]])
    return shared


def _close(
    left: NDArray[np.object_],
    right: NDArray[np.object_],
    pairs: pd.DataFrame,
    cutoff: float,
) -> pd.DataFrame:
    """The pairs at or above the cutoff whose difference is more than a number."""
    one, two = pairs["one"].to_numpy(), pairs["two"].to_numpy()
    scores = np.empty(len(pairs))
    for start in range(0, len(scores), _CHUNK):
        part = slice(start, start + _CHUNK)
        scores[part] = _scores(left[one[part]], right[two[part]])
    kept = scores >= cutoff
    one, two = one[kept], two[kept]
    one_bare, two_bare = (
        pd.Series(side, dtype="str").str.replace("[0-9]+", "", regex=True)
        for side in (left[one], right[two])
    )
    numbered = (left[one] != right[two]) & np.asarray(one_bare == two_bare, dtype=np.bool_)
    frame = pd.DataFrame({"left": one, "right": two, "score": scores[kept]})
    return pd.DataFrame(frame[~numbered])


def suggest(
    names: Iterable[str], known: Iterable[str], *, limit: int = 3, cutoff: float = 88
) -> pd.DataFrame:
    """For each name the most similar known ones, for a person to choose from; nothing is merged.

    The score is 100 × Jaro-Winkler similarity of the normalised names. Up to four million
    comparisons every pair is scored; beyond, only pairs that share a rare bigram.

    Returns:
        Columns ``name``, ``suggestion`` (both as written) and ``score``, best first within a name.
    """
    asked, offered = pd.unique(pd.Series(names, dtype="str")), pd.unique(
        pd.Series(known, dtype="str")
    )  # fmt: skip
    left = normalise(pd.Series(asked, dtype="str")).to_numpy(dtype=object)
    right = normalise(pd.Series(offered, dtype="str")).to_numpy(dtype=object)
    if len(left) * len(right) <= _ALL_PAIRS:
        grid = np.indices((len(left), len(right))).reshape(2, -1)
        pairs = pd.DataFrame({"one": grid[0], "two": grid[1]})
    else:
        pairs = _blocked(list(left), list(right))
    found = _close(left, right, pairs, cutoff)
    found = found.sort_values(["left", "score", "right"], ascending=[True, False, True])
    found = found.groupby("left", sort=False).head(limit)
    return pd.DataFrame(
        {
            "name": np.asarray(asked, dtype=object)[found["left"]],
            "suggestion": np.asarray(offered, dtype=object)[found["right"]],
            "score": found["score"].to_numpy(),
        }
    )


def similar_pairs(names: pd.Series, *, cutoff: float = 88) -> pd.DataFrame:
    """Pairs of different names similar enough for a person to look at; nothing is merged.

    The score is 100 × Jaro-Winkler similarity of the normalised names. Compared are the names that
    share a bigram (two neighbouring characters of the name without region prefix and legal form)
    which at most 60 names have, so the work grows with the number of names and not with its square,
    and whose shared bigrams, weighted by rarity, make up 0.4 of both names (cosine): a common trade
    or one character of a brand is not enough. Names that differ in a number alone (第1分公司,
    第2分公司) are not paired.

    Returns:
        Columns ``left``, ``right`` (as written) and ``score``, highest first.
    """
    written = names.dropna()
    written = written[written != ""]
    compared = normalise(written)
    first = ~compared.duplicated().to_numpy(dtype=np.bool_)
    shown = written.to_numpy(dtype=object)[first]
    keys = compared.to_numpy(dtype=object)[first]
    pairs = _blocked(list(keys), None)
    found = _close(keys, keys, pairs[pairs["weight"] >= _SAME_BRAND], cutoff)
    found = found.sort_values(["score", "left", "right"], ascending=[False, True, True])
    return pd.DataFrame(
        {
            "left": shown[found["left"]],
            "right": shown[found["right"]],
            "score": found["score"].to_numpy(),
        }
    )


# --- data about people -------------------------------------------------------------------------

Personal = Literal["contact", "name", "identity", "phone"]

_PERSONAL_HEADERS: tuple[tuple[Personal, re.Pattern[str]], ...] = (
    ("identity", re.compile(r"身份证|身份号码|护照|证件号|idcard|idnumber")),
    ("phone", re.compile(r"手机|电话|座机|微信|^qq号?码?$|phone|^mobile|^tel\.?$|telephone")),
    ("contact", re.compile(r"联系人|联系方式|联络方式|邮箱|e-?mail|住址|contact")),
    (
        "name",
        re.compile(
            r"姓名|花名册|党员名单|人员名单|法定代表人|法人代表|^法人$|负责人|经办人|填表人|填报人|审核人"
            r"|实际控制人|董事长|总经理|^(党组织|党委|党支部)?书记$|^出生(年月|日期)$|^性别$"
        ),
    ),
)
_NOT_A_PERSON = re.compile(r"(数|数量|人数|个数|编号|编码|单位|部门|情况|企业|覆盖|有/无\)?)$")
_NOT_A_PHONE = re.compile(
    r"编号|编码|代码|单号|序号|[额值元]|收入|投入|投资|经费|数量|产能|产量|资金|单价"
)
_MOBILE = r"(?:\+?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}"
_IDENTITY = r"[1-8][0-9]{5}(?:19|20)[0-9]{9}[0-9Xx]"
_SAMPLE = 2000


def looks_personal(header: str, values: pd.Series) -> Personal | None:
    """Whether a column holds data about a person, judged by its header and then by its values.

    By value: an identity number that python-stdnum accepts anywhere in the column, or mobile
    numbers in at least half of the filled cells of a column not named as a code or an amount.
    Posts (岗位编号), counts (正式党员数) and credit codes are no personal data.
    """
    title = normalise_name(header)
    if not _NOT_A_PERSON.search(title):
        for kind, pattern in _PERSONAL_HEADERS:
            if pattern.search(title):
                return kind
    cells = values.dropna().astype("str").str.strip()
    cells = cells[cells != ""]
    if cells.empty:
        return None
    candidates = cells[cells.str.fullmatch(_IDENTITY, na=False)].unique()[:_SAMPLE]
    if any(_is_identity(candidate) for candidate in candidates):
        return "identity"
    if _NOT_A_PHONE.search(title):
        return None
    mobile = cells.str.fullmatch(_MOBILE, na=False) & ~cells.str.endswith("0000")
    return "phone" if mobile.mean() >= 0.5 else None  # noqa: PLR2004 - half, as documented


def personal_cells(values: pd.Series) -> NDArray[np.bool_]:
    """True where a cell of free text holds a mobile number or an identity number."""
    pattern = rf"(?:^|[^0-9])(?:{_MOBILE}|{_IDENTITY})(?:$|[^0-9])"
    found = values.str.contains(pattern, na=False)
    return np.asarray(found, dtype=np.bool_)


def _is_identity(number: str) -> bool:
    from stdnum.cn import ric  # noqa: PLC0415 - its tables are read only when a number looks like one

    credit = check_credit_codes(pd.Series([number], dtype="str"))
    return ric.is_valid(number) and credit.status[0] != CodeStatus.OK


def mask(value: str) -> str:
    """A personal value for a message: ``138****``; at most three leading digits are shown."""
    leading = re.match(r"[0-9]{3}", value) if len(value) > 6 else None  # noqa: PLR2004 - a number
    return (leading[0] if leading else "") + "****"
