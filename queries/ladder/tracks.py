"""The tracks on which an enterprise rises, their rungs, and the words by which a rung is known."""

import re
from dataclasses import dataclass
from typing import Final

from graphmodel.schema import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A step of a track.

    Attributes:
        name: Code of the rung.
        label: What it is called.
        words: Pattern by which a written title is known to be it; empty where no title says so.
        never: Pattern of titles that look like it and are another thing.
        years: For how many years a title is good, 0 where no national rule says so.
        rule: The rule that says it.
    """

    name: str
    label: Text
    words: str = ""
    never: str = ""
    years: int = 0
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A track: rungs from the lowest to the highest, and whose business it is.

    Attributes:
        name: Code of the track.
        label: What it is called.
        rungs: Its rungs, the lowest first; none where titles stand beside each other.
        departments: Words in the name of the department that looks after it.
    """

    name: str
    label: Text
    rungs: tuple[Rung, ...] = ()
    departments: tuple[str, ...] = ()


HIGHTECH_RULE: Final = "国科发火〔2016〕32号《高新技术企业认定管理办法》"
QUALITY_RULE: Final = "工信部企业〔2022〕63号《优质中小企业梯度培育管理暂行办法》"
CHAMPION_RULE: Final = "工信部政法〔2023〕138号《制造业单项冠军企业认定管理办法》"

_PENDING: Final = "培育|入库|后备|储备|申报|拟|候选|辅导"
_INDUSTRY: Final = ("工信", "工业和信息化", "经信", "中小企业")

TRACKS: Final = (
    Track(
        name="scale",
        label=Text("规模", "scale"),
        rungs=(
            Rung(name="below_scale", label=Text("中小微（规下）", "below scale")),
            Rung(
                name="above_scale",
                label=Text("规上", "above scale"),
                words="规上|规模以上",
                never=_PENDING,
            ),
        ),
        departments=("统计", *_INDUSTRY),
    ),
    Track(
        name="high_tech",
        label=Text("高新技术企业", "high-tech enterprise"),
        rungs=(
            Rung(
                name="high_tech",
                label=Text("高新技术企业", "high-tech enterprise"),
                words="高新技术企业|^高企$",
                never=_PENDING,
                years=3,
                rule=HIGHTECH_RULE,
            ),
        ),
        departments=("科技", "科学技术"),
    ),
    Track(
        name="quality",
        label=Text("优质中小企业", "quality SME"),
        rungs=(
            Rung(
                name="innovative",
                label=Text("创新型中小企业", "innovative SME"),
                words="创新型中小企业|^创新型$",
                never=_PENDING,
                years=3,
                rule=QUALITY_RULE,
            ),
            Rung(
                name="specialised",
                label=Text("专精特新中小企业", "specialised SME"),
                words="专精特新",
                never=f"小巨人|{_PENDING}",
                years=3,
                rule=QUALITY_RULE,
            ),
            Rung(
                name="little_giant",
                label=Text("专精特新“小巨人”企业", "little giant"),
                words="小巨人",
                never=f"科技小巨人|{_PENDING}",
                years=3,
                rule=QUALITY_RULE,
            ),
        ),
        departments=_INDUSTRY,
    ),
    Track(
        name="champion",
        label=Text("单项冠军", "single-product champion"),
        rungs=(
            Rung(
                name="champion",
                label=Text("制造业单项冠军", "manufacturing champion"),
                words="单项冠军",
                never=f"省级|市级|{_PENDING}",
                years=3,
                rule=CHAMPION_RULE,
            ),
        ),
        departments=_INDUSTRY,
    ),
    Track(
        name="growth",
        label=Text("成长", "growth"),
        rungs=(
            Rung(name="gazelle", label=Text("瞪羚企业", "gazelle"), words="瞪羚", never=_PENDING),
            Rung(
                name="unicorn",
                label=Text("独角兽企业", "unicorn"),
                words="独角兽",
                never=f"潜在|准独角兽|种子|{_PENDING}",
            ),
        ),
        departments=("科技", "科学技术", *_INDUSTRY),
    ),
    Track(
        name="capital",
        label=Text("资本", "capital market"),
        rungs=(
            Rung(
                name="reformed",
                label=Text("已股改", "joint-stock reform done"),
                words="股改|股份制改造|新三板",
                never="拟股改|未股改|待股改",
            ),
            Rung(
                name="tutoring",
                label=Text("上市辅导申报", "listing under way"),
                words="辅导|拟上市|上市申报|过会|在审|受理",
            ),
            Rung(
                name="listed",
                label=Text("已上市", "listed"),
                words="上市|主板|科创板|创业板|北交所",
                never="拟|未|辅导|申报|过会|在审|受理|筹备|计划|后备|储备|培育",
            ),
        ),
        departments=("金融", "地方金融"),
    ),
    Track(name="honours", label=Text("荣誉", "honours")),
)
"""Every track. A firm has one place on each; places on different tracks are never added up."""

BY_NAME: Final = {track.name: track for track in TRACKS}
TITLE_TRACKS: Final = ("high_tech", "quality", "champion", "growth")
"""Tracks on which 资质 says all there is: reported without a title of the track means none."""

NOTHING: Final = re.compile("无|没有|未上市|否|暂无|不涉及")
"""What is written where there is no title."""


def recognised(title: str) -> tuple[str, int]:
    """Return the track and the rung (its number) of a written title; honours, 0 for any other."""
    text = re.sub(r"[\s“”\"'‘’]", "", title)
    for track in TRACKS:
        for number, rung in reversed(list(enumerate(track.rungs))):
            if not rung.words or not re.search(rung.words, text):
                continue
            if not rung.never or not re.search(rung.never, text):
                return track.name, number
    return "honours", 0
