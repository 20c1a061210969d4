"""How alike two texts are: the cosine of their pairs of neighbouring characters, rare ones first.

No model and no dictionary: 膜电极寿命测试平台 and 燃料电池测试平台 share 测试, 试平, 平台 …
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import Codes

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_SILENT = r"[\W\d_]+|虚构|第[\d一二三四五六七八九十百]+号"  # says nothing of what is meant


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Similarity:
    """The likeness of every text on the left with every text on the right.

    Attributes:
        left: Unit vectors of the distinct texts on the left.
        right: Unit vectors of the distinct texts on the right.
        left_of: Row of `left` of each text, shape (n,).
        right_of: Row of `right` of each text, shape (m,).
    """

    left: "csr_array"
    right: "csr_array"
    left_of: Codes
    right_of: Codes

    def rows(self, chosen: Codes) -> npt.NDArray[np.float32]:
        """Return the likeness, in [0, 1], of the `chosen` texts on the left with all on the right.

        Shape (len(chosen), m).
        """
        distinct, place = np.unique(self.left_of[chosen], return_inverse=True)
        product = np.asarray((self.left[distinct] @ self.right.T).todense(), dtype=np.float32)
        found: npt.NDArray[np.float32] = np.minimum(product, 1)[:, self.right_of][place]
        return found


def similarity(left: "pd.Series[str]", right: "pd.Series[str]") -> Similarity:
    """Compare two columns of texts by their bigrams.

    A bigram that d of N distinct texts hold weighs log(1 + N/d); vectors have length 1. Digits,
    punctuation and marks such as 第3号 are left out; a text of one character is its own bigram.
    """
    from scipy.sparse import csr_array  # noqa: PLC0415  # scipy is slow to import

    sides = [pd.factorize(_plain(side)) for side in (left, right)]
    counted = [_bigrams(np.asarray(texts, dtype=object).tolist()) for _, texts in sides]
    both = pd.concat(counted, keys=[0, 1], names=["side"]).reset_index("side")
    both["gram"], grams = pd.factorize(both["gram"])
    size = sum(len(texts) for _, texts in sides)
    held = np.bincount(both["gram"].to_numpy(np.int64), minlength=len(grams))
    weight = np.log1p(size / np.maximum(held, 1))
    vectors = []
    for number, (_, texts) in enumerate(sides):
        part = both[both["side"] == number]
        values = weight[part["gram"].to_numpy(np.int64)]
        row = part["text"].to_numpy(np.int64)
        length = np.sqrt(np.bincount(row, values**2, minlength=len(texts)))
        shape = (len(texts), max(len(grams), 1))
        at = (row, part["gram"].to_numpy(np.int64))
        vectors.append(csr_array(((values / length[row]).astype(np.float32), at), shape=shape))
    return Similarity(
        left=vectors[0], right=vectors[1],
        left_of=np.asarray(sides[0][0], dtype=np.int64),
        right_of=np.asarray(sides[1][0], dtype=np.int64),
    )  # fmt: skip


def _plain(texts: "pd.Series[str]") -> "pd.Series[str]":
    filled = texts.astype("str").fillna("").str.lower()
    return filled.str.replace(_SILENT, "", regex=True)


def _bigrams(texts: Sequence[str]) -> pd.DataFrame:
    """Return the distinct bigrams of each distinct text: `text` (its number) and `gram`."""
    pairs = [sorted({t[i : i + 2] for i in range(max(len(t) - 1, min(len(t), 1)))}) for t in texts]
    number = np.repeat(np.arange(len(pairs)), [len(pair) for pair in pairs])
    grams = pd.Series([gram for pair in pairs for gram in pair], dtype="str")
    return pd.DataFrame({"text": number, "gram": grams})
