"""What `needs` returns: its states, the columns of its rows and its further tables."""

from typing import Final

from graphmodel.question import Column, Table
from graphmodel.schema import Text

STATES: Final = {
    "overdue": Text("逾期", "overdue"),
    "unmatched": Text("无匹配", "unmatched"),
    "in_progress": Text("推进中", "in progress"),
    "closed": Text("已办结", "closed"),
}
"""The first that holds: closed, overdue, in progress, unmatched; rows are sorted as listed here."""

FITS: Final = {
    "yes": Text("是", "yes"),
    "unknown": Text("未填报", "not reported"),
    "no": Text("否", "no"),
}

VISIT_BASES: Final = {
    "key_above_scale": Text("重点规上工业企业", "key industrial enterprises above scale"),
    "above_scale": Text("规上企业", "enterprises above scale"),
    "key": Text("重点企业", "key enterprises"),
    "all": Text("全部企业", "all enterprises"),
}


def _count(
    name: str,
    zh: str,
    en: str,
    unit: str = "条",
    meaning: Text = Text("", ""),
    *,
    summed: bool = False,
) -> Column:
    return Column(
        name=name, zh=zh, en=en, unit=unit, type="integer", meaning=meaning, summed=summed
    )


def _date(name: str, zh: str, en: str, *, twin: bool = False) -> Column:
    return Column(name=name, zh=zh, en=en, type="date", twin=twin)


_FIRM: Final = Column(name="enterprise", zh="企业名称", en="Enterprise", twin=True)
_FIRM_ID: Final = Column(name="enterprise_id", zh="企业编码", en="Enterprise id", machine=True)
_CHAIN: Final = Column(name="chain", zh="产业链", en="Chain")
_REGION: Final = Column(name="region", zh="地区", en="Region")
_CATEGORY: Final = Column(name="category", zh="需求类别", en="Category", twin=True)
_WHY: Final = (
    Column(name="reason", zh="说明", en="Reason", bilingual=True),
    Column(name="evidence", zh="证据", en="Evidence"),
)

COLUMNS: Final = (
    Column(name="need_id", zh="需求编号", en="Need id", twin=True),
    _FIRM,
    _FIRM_ID,
    Column(name="credit_code", zh="统一社会信用代码", en="Credit code", twin=True),
    _CHAIN,
    _REGION,
    _CATEGORY,
    Column(name="content", zh="需求内容", en="Content"),
    _date("raised", "提出日期", "Raised", twin=True),
    _count("days_open", "滞留天数", "Days open", "天",
           Text("截至日期减提出日期，只计未办结的；只写到月、年的按期末算。",
                "As-of date less the date raised, of open needs; a month counts from its end.")),
    Column(name="resource_id", zh="匹配资源编号", en="Resource on record", twin=True,
           meaning=Text("在案：行动项目使用的资源；建议的资源另列。",
                        "On record: used by an action; proposals stand apart.")),
    Column(name="resource", zh="匹配资源名称", en="Name of the resource"),
    Column(name="type", zh="类型", en="Type", twin=True),
    _date("due", "办结时限", "Due", twin=True),
    _date("closed", "办结日期", "Closed", twin=True),
    _count("days_to_close", "办结时长", "Days to close", "天"),
    Column(name="closed_late", zh="超期办结", en="Closed late", type="boolean",
           meaning=Text("办结日期晚于办结时限；没有时限的空着。",
                        "Closed after the date due; blank where none is given.")),
    Column(name="days_overdue", zh="逾期天数", en="Days overdue", unit="天", type="integer"),
    Column(name="responsible", zh="责任部门", en="Responsible"),
    Column(name="action_id", zh="行动项目编号", en="Action", twin=True),
    Column(name="action_status", zh="行动项目状态", en="State of the action"),
    Column(name="state", zh="状态", en="State", type="state", states=STATES, twin=True,
           meaning=Text("依次取：已办结（办结日期不晚于截至日期）；逾期（办结时限早于截至日期）；推进中"
                        "（有在案的行动项目，取消、终止的不算）；无匹配（没有）。",
                        "The first that holds: closed by the as-of date; due before it; an action "
                        "on record, not cancelled; none.")),
    Column(name="post", zh="红链专员编号", en="Specialist post", twin=True),
    Column(name="proposed_id", zh="建议资源编号", en="Proposed resource",
           meaning=Text("推算：未办结而没有在案资源的需求，在容量之内的最优分配；只分配写了容量的资源。",
                        "Inferred: the optimal assignment of open needs without a resource; only "
                        "resources with a stated capacity are assigned.")),
    Column(name="proposed", zh="建议资源名称", en="Name of the proposal"),
    Column(name="score", zh="建议得分", en="Score", type="number",
           meaning=Text("Σ 权重×分项/Σ 权重；文字相似 0–1；产业链、地区、条件各为 1（指明且符合）、"
                        "0.6（不限）、0.2（未填报，待核）；滞留天数占满分天数的比例。",
                        "Weighted mean of: likeness of the texts; chain, region and conditions "
                        "at 1 (named and met), 0.6 (open to all), 0.2 (not reported); time "
                        "waited.")),
    Column(name="score_parts", zh="得分说明", en="Parts of the score", bilingual=True),
    Column(name="to_verify", zh="待核事项", en="To be verified", bilingual=True),
    Column(name="greedy_id", zh="贪心建议编号", en="Greedy proposal",
           meaning=Text("逐条取得分最高者，只作对照。", "Best pairs first, to compare with.")),
    _count("candidates", "候选资源数", "Candidates", "个",
           Text("类别相同、有效期内、适用、有余量的资源。",
                "Of the same category, valid, suitable and with places left.")),
    Column(name="unlimited", zh="可享政策和不限量资源", en="Policies and unlimited resources",
           meaning=Text("类别相同、有效、适用而不限量的资源；不参与分配，谁都可用。",
                        "Suitable and without a capacity: never assigned, open to every need.")),
    *_WHY,
)  # fmt: skip

_LEDGER: Final = (
    Column(name="enterprise", zh="企业", en="Enterprise"),
    _FIRM_ID,
    _REGION,
    _date("last_visit", "最近走访日", "Last visit"),
    _count("visits", "次数", "Visits", "次"),
    Column(name="post", zh="专员岗位", en="Specialist post"),
    Column(name="base", zh="应走访", en="To be visited", type="boolean"),
    Column(name="not_visited", zh="本季未走访", en="Not visited this quarter", type="state",
           states=FITS, meaning=Text("是：有以往走访记录而本季没有，或走访已声明填全而没有记录。",
                                     "Yes: visited before but not this quarter, or 走访 declared "
                                     "complete and nothing on record.")),
    *_WHY,
)  # fmt: skip

_POLICY: Final = (
    Column(name="policy", zh="政策", en="Policy"),
    Column(name="policy_id", zh="资源编号", en="Resource id"),
)

_SERVED: Final = (
    _count("needs", "需求条数", "Needs"),
    _count("open", "未办结", "Open"),
    _count("overdue", "逾期", "Overdue"),
    _count("unmatched", "无匹配", "Unmatched"),
    _count("closed", "已办结", "Closed"),
)

TABLES: Final = (
    Table(name="summary", zh="需求分类汇总", en="Needs by type and category", columns=(
        Column(name="type", zh="类型", en="Type"),
        _CATEGORY,
        *_SERVED,
        _count("proposed", "有建议资源", "With a proposal"),
        _count("none_fits", "无资源可建议", "No proposal possible"),
        Column(name="mean_days_to_close", zh="平均办结时长", en="Mean days to close", unit="天",
               type="number"),
    )),
    Table(name="ageing", zh="滞留时间", en="Ageing of open needs", columns=(
        Column(name="type", zh="类型", en="Type"),
        Column(name="age", zh="滞留天数", en="Days open", bilingual=True),
        _count("open", "未办结", "Open"),
        _count("overdue", "逾期", "Overdue"),
        _count("unmatched", "无匹配", "Unmatched"),
    )),
    Table(name="assignment", zh="建议分配", en="The assignment", columns=(
        _CATEGORY,
        _count("asking", "待匹配需求", "Needs asking"),
        _count("resources", "有余量资源", "Resources with places", "个"),
        _count("places", "剩余容量", "Places left", "个"),
        _count("pairs", "可行组合", "Allowed pairs", "对"),
        _count("matched", "最优匹配数", "Matched, optimal"),
        Column(name="score", zh="最优总得分", en="Score, optimal", type="number"),
        _count("greedy_matched", "贪心匹配数", "Matched, greedy"),
        Column(name="greedy_score", zh="贪心总得分", en="Score, greedy", type="number"),
        Column(name="bound", zh="得分上界", en="Bound on the score", type="number",
               meaning=Text("线性规划对偶给出：任何分配都不能超过。",
                            "From the dual prices: no assignment can exceed it.")),
        Column(name="gap", zh="最优性差距", en="Optimality gap", type="number",
               meaning=Text("0 为已证明最优。", "0: proven optimal.")),
    ), meaning=Text("先求匹配条数最多，再求总得分最高；逐类别求解。",
                    "First the most needs matched, then the highest score; by category.")),
    Table(name="actions_without_need", zh="无需求依据", en="Actions without a need", columns=(
        Column(name="action_id", zh="行动项目编号", en="Action"),
        Column(name="action", zh="名称", en="Name"),
        Column(name="responsible", zh="责任部门", en="Responsible"),
        Column(name="resource_id", zh="使用资源", en="Resources used"),
        _date("start", "开始", "Start"),
        _date("end", "截止", "End"),
        Column(name="status", zh="项目状态", en="Status"),
        *_WHY,
    )),
    Table(name="unused_resources", zh="闲置资源", en="Unused resources", columns=(
        Column(name="resource_id", zh="资源编号", en="Resource id"),
        Column(name="resource", zh="名称", en="Name"),
        Column(name="category", zh="类别", en="Category"),
        Column(name="resource_type", zh="资源类型", en="Type of resource"),
        Column(name="provider", zh="提供单位", en="Provider"),
        Column(name="capacity", zh="容量", en="Capacity", type="number"),
        _date("valid_to", "有效止", "Valid to"),
        Column(name="valid", zh="有效期内", en="Valid", type="boolean"),
        _count("proposed", "建议分配需求数", "Needs proposed"),
        *_WHY,
    )),
    Table(name="visits", zh="走访服务台账", en="Visits", columns=_LEDGER),
    Table(name="posts", zh="专员工作量", en="Load by specialist post", columns=(
        Column(name="post", zh="专员岗位", en="Specialist post"),
        Column(name="unit", zh="派出单位", en="Unit"),
        _count("enterprises", "联系企业数", "Enterprises looked after", "家",
               Text("岗位对象为企业本身或其产业链。", "The firm itself or a chain it is in.")),
        *_SERVED,
        _count("visits", "走访次数", "Visits", "次"),
        _count("visits_quarter", "本季走访次数", "Visits this quarter", "次"),
    )),
    Table(name="departments", zh="责任部门办理情况", en="Load by department", columns=(
        Column(name="responsible", zh="责任部门", en="Responsible"),
        *_SERVED,
        _count("actions", "行动项目", "Actions", "个"),
        Column(name="mean_days_to_close", zh="平均办结时长", en="Mean days to close", unit="天",
               type="number"),
    )),
    Table(name="no_specialist", zh="无红链专员", en="Without a specialist", columns=(
        Column(name="enterprise", zh="企业", en="Enterprise"),
        _FIRM_ID,
        _REGION,
        _CHAIN,
        Column(name="known", zh="岗位已填全", en="Posts declared complete", type="boolean"),
        _count("open", "未办结需求", "Open needs"),
        *_WHY,
    )),
    Table(name="policies", zh="政策兑现清单", en="Policy claims", columns=(
        Column(name="enterprise", zh="企业", en="Enterprise"),
        _FIRM_ID,
        *_POLICY,
        Column(name="fits", zh="是否符合", en="Fits", type="state", states=FITS),
        Column(name="applied", zh="已申报", en="Applied", type="boolean",
               meaning=Text("有政策兑现记录；没有记录而未声明填全的空着。",
                            "A claim on record; blank where silence does not mean no.")),
        _date("applied_on", "申报日期", "Applied on"),
        Column(name="paid", zh="已兑现", en="Paid", type="boolean"),
        _date("paid_on", "兑现日期", "Paid on"),
        Column(name="amount", zh="金额", en="Amount", unit="万元", type="money", summed=True),
        Column(name="responsible", zh="责任部门", en="Responsible"),
        *_WHY,
    ), meaning=Text("政策不是抢来的：符合的企业都列入，不作分配。",
                    "A policy is not a rival good: every firm that fits is listed.")),
    Table(name="policy_counts", zh="政策符合情况", en="Policies by reach", columns=(
        *_POLICY,
        Column(name="valid", zh="有效期内", en="Valid", type="boolean"),
        _count("fitting", "符合企业数", "Enterprises that fit", "家"),
        _count("unknown", "未填报企业数", "Not known to fit", "家"),
        _count("applied", "已申报企业数", "Applied", "家"),
        _count("paid", "已兑现企业数", "Paid", "家"),
        _count("not_applied", "符合而无申报记录", "Fit without a claim", "家"),
        Column(name="amount", zh="金额", en="Amount", unit="万元", type="money", summed=True),
        Column(name="responsible", zh="责任部门", en="Responsible"),
    )),
    Table(name="asserted", zh="公开数据", en="Stated in public", columns=(
        Column(name="subjects", zh="主体", en="Subjects"),
        Column(name="joint", zh="共同", en="Joint", type="boolean",
               meaning=Text("多个主体共有一个数字，不是各有一个。",
                            "One figure of several subjects together, not one for each.")),
        Column(name="metric", zh="指标", en="Metric"),
        Column(name="period", zh="期间", en="Period"),
        Column(name="as_of", zh="截至日期", en="As of", type="date"),
        Column(name="value", zh="数值", en="Value", type="number"),
        Column(name="unit", zh="单位", en="Unit"),
        Column(name="text", zh="原文", en="As published"),
        Column(name="ratio", zh="换算值", en="Worked out", type="number",
               meaning=Text("需求、服务除以同一主体、同一来源的企业数，企业数除以工作人员数；不是公布的数。",
                            "Needs or services per firm, firms per member of staff, by the same "
                            "source for the same subject; not published.")),
        Column(name="ratio_note", zh="换算说明", en="How it is worked out", bilingual=True),
        Column(name="citation", zh="来源", en="Source"),
        Column(name="evidence", zh="证据", en="Evidence"),
    ), meaning=Text("有来源的公开数字，只并列，不与计算结果合并。",
                    "Sourced figures: beside the computed ones, never merged.")),
)  # fmt: skip
