"""The words of a picture itself; words of the data come with the data."""

from typing import Final

from graphmodel.schema import Text

WORDS: Final = {
    "no_chain": Text("产业链未填报", "Chain not reported"),
    "loose": Text("环节未填报", "Segment not reported"),
    "stage_unknown": Text("上下游未填报", "Stage not reported"),
    "stage_counts": Text("{} 环节 · {} 家", "{} segments · {} firms"),
    "firms": Text("{} 家", "{}"),
    "advice": Text("建议：", "action: "),
    "empty_not_reported": Text("企业未填报，不等于没有", "Firms not reported: not none"),
    "empty_gap": Text("本地无企业", "No local firm"),
    "empty_none": Text("无企业", "No firm"),
}
