"""The rows of `alliances`: everything that is known of one alliance, side by side."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Mask
from graphmodel.question import Result
from queries.alliances import words
from queries.alliances.checking import HAS, LACKS, UNREPORTED, Checked, checked
from queries.alliances.formation import formations
from queries.alliances.meetings import QUARTERS, Held, held
from queries.alliances.periods import day_of, shown
from queries.alliances.results import results
from queries.alliances.standards import GROUPS, known
from queries.alliances.tenures import (
    CURRENT,
    ENDED,
    complete,
    covered_chains,
    latest_chair,
    tenures,
)
from queries.columns import written
from queries.coverage import PARTNERS
from queries.coverage.partnering import partners
from queries.evidence import joined, places
from queries.membership import chain_labels

if TYPE_CHECKING:
    from queries.alliances import AllianceParams

_POSTS = {"official": "牵头领导", "instructor": "党建指导员", "liaison": "联络员"}
_NAMES_SHOWN = 5


def answered(graph: ChainGraph, params: "AllianceParams") -> Result:
    """Return the answer described at `queries.alliances.answer`."""
    kept = _kept(graph, params)
    day = day_of(graph, params.as_of)
    standards, default = known(params.standard)
    posts = tenures(graph, day)
    meetings = held(graph, day, year=params.year, required=params.meetings_per_quarter)
    found = checked(graph, standards, default, posts, meetings)
    modes = formations(graph, params)
    rows = pd.concat(
        [_about(graph, modes), _people(graph, posts), _held(graph, meetings, found)], axis=1
    )
    rows = _judged(graph, rows, found, meetings)
    everyone = np.flatnonzero(kept)
    shown_rows = rows.iloc[everyone].sort_values(["alliance", "alliance_id"], kind="stable")
    tables = {
        "results": results(graph, kept, day),
        "items": _items(graph, found, kept),
        "tenures": _tenures(graph, posts, kept),
        "meetings": _quarters(graph, meetings, kept),
        "formations": _formations(graph, modes, kept, params),
    }
    return Result(
        question="alliances",
        params=params,
        rows=shown_rows.reset_index(drop=True),
        tables=tables,
        notes=words.notes(shown_rows, tables, shown(day), meetings.year),
        not_reported=words.not_reported(graph, shown_rows, shown(day)),
    )


def _kept(graph: ChainGraph, params: "AllianceParams") -> Mask:
    """Return which alliances are asked about: of the region, and covering the chain."""
    kept = np.ones(len(graph.nodes["Alliance"]), dtype=bool)
    if params.region:
        region = graph.find("Region", params.region)
        kept &= graph.lies_within(graph.target("LOCATED_IN", "Alliance"), region)
    if params.chain:
        row = graph.find("Chain", params.chain) - graph.offsets["Chain"]
        alliance, chain = covered_chains(graph)
        kept &= np.isin(np.arange(len(kept)), alliance[chain == row])
    return kept


def _about(graph: ChainGraph, modes: pd.DataFrame) -> pd.DataFrame:
    """Return what the sheet 联盟 says, and the modes."""
    table = graph.nodes["Alliance"]
    size = len(table)
    mode = modes.iloc[:size]
    leads = graph.edges["LEADS"]
    led = graph.rows("Alliance", leads["target"].to_numpy())
    lead = graph.names(leads["source"].to_numpy())[led >= 0]
    alliance, chain = covered_chains(graph)
    labels = pd.Series(chain_labels(graph)[chain], dtype="str")
    return pd.DataFrame(
        {
            "alliance": table["name"],
            "alliance_id": table["id"],
            **{name: written(table[name]) for name in ("type", "nature", "level")},
            "formation": mode["declared"],
            "formation_inferred": mode["inferred"],
            "formation_advised": mode["advised"],
            "formation_differs": mode["mismatch"],
            "lead": joined(led[led >= 0], lead, size, limit=_NAMES_SHOWN),
            "venues": table["venues"],
            "count": table["count"],
            "region": graph.names(graph.target("LOCATED_IN", "Alliance")).fillna(""),
            "chain": joined(alliance, labels, size, limit=_NAMES_SHOWN),
            "evidence": places(table),
        }
    )


def _people(graph: ChainGraph, posts: pd.DataFrame) -> pd.DataFrame:
    """Return leader, rotating chair, the three posts, superiors and composition."""
    size = len(graph.nodes["Alliance"])
    leader = posts[posts["name"].eq("盟主") & posts["state"].eq(CURRENT)]
    names = graph.names(leader["unit"].to_numpy())
    chairs = latest_chair(posts).reindex(range(size))
    unit = graph.names(chairs["unit"].fillna(-1).to_numpy(np.int64))
    open_end = chairs["state"].eq(CURRENT) & chairs["end"].eq("")
    frame = pd.DataFrame(
        {
            "leader": joined(leader["alliance"].to_numpy(), names, size, limit=_NAMES_SHOWN),
            "chair": unit.fillna(""),
            "chair_start": chairs["start"].replace("", None).to_numpy(),
            "chair_end": chairs["end"].replace("", None).to_numpy(),
            "rotation": chairs["state"].mask(open_end, "open").fillna(UNREPORTED).to_numpy(),
            "superiors": _superiors(graph),
        }
    )
    silent = np.where(complete(graph, "岗位"), LACKS, UNREPORTED)
    for column, name in _POSTS.items():
        here = posts[posts["name"] == name]
        has, over = (
            np.isin(np.arange(size), here.loc[here["state"] == state, "alliance"])
            for state in (CURRENT, ENDED)
        )
        frame[column] = np.select([has, over], [HAS, LACKS], silent)
    partner = partners(graph).set_index("alliance_id").loc[graph.nodes["Alliance"]["id"]]
    return pd.concat([frame, _composition(partner.reset_index())], axis=1)


def _composition(partner: pd.DataFrame) -> pd.DataFrame:
    """Return the members by kind in words: 政2·企12·金1."""
    zh = pd.Series("", index=partner.index, dtype="str")
    en = zh
    for key, label in PARTNERS.items():
        number = partner[key].astype("str")
        some = partner[key] > 0
        zh = zh + ("·" + label.zh + number).where(some, "")
        en = en + (", " + label.en + " " + number).where(some, "")
    lacking = ("；缺" + partner["lacking"]).where(partner["lacking"] != "", "")
    lacking_en = ("; none of " + partner["lacking_en"]).where(partner["lacking"] != "", "")
    some = zh != ""
    return pd.DataFrame(
        {
            "composition": (zh.str.slice(1) + lacking).where(some, ""),
            "composition_en": (en.str.slice(2) + lacking_en).where(some, ""),
        }
    )


def _superiors(graph: ChainGraph) -> pd.Series:
    """Return the number of distinct superiors of the Party organizations among the members.

    A Party organization belongs to an alliance as a member, or as that of a member organization.
    NA where none of them reports a superior.
    """
    links, hosts, above = (graph.edges[e] for e in ("MEMBER_OF", "ORG_OF", "SUBORDINATE_TO"))
    member = pd.DataFrame({"member": links["source"], "alliance": links["target"]})
    own = member.rename(columns={"member": "organization"})
    host = pd.DataFrame({"organization": hosts["source"], "member": hosts["target"]})
    theirs = member.merge(host, on="member")[["organization", "alliance"]]
    superior = pd.DataFrame({"organization": above["source"], "superior": above["target"]})
    found = pd.concat([own, theirs]).merge(superior, on="organization")
    number = found.groupby("alliance")["superior"].nunique()
    return number.reindex(graph.codes("Alliance")).astype("Int64").reset_index(drop=True)


def _held(graph: ChainGraph, meetings: Held, found: Checked) -> pd.DataFrame:
    """Return meetings due and held, and activities in the areas of the standard."""
    size = len(graph.nodes["Alliance"])
    known = meetings.reports | complete(graph, "活动")
    number = pd.Series(meetings.meetings.sum(axis=1), dtype="Int64").mask(~known)
    due = pd.Series(meetings.due.sum(axis=1) * meetings.required, dtype="Int64")
    wanted = found.items.loc[found.items["check"] == "area", ["alliance", "item"]]
    areas = meetings.areas.rename(columns={"area": "item"})
    areas = areas.merge(wanted.drop_duplicates(), on=["alliance", "item"])
    counts = areas.groupby("alliance")["number"].sum().reindex(range(size))
    reports = np.isin(np.arange(size), meetings.areas["alliance"]) | complete(graph, "活动")
    return pd.DataFrame(
        {
            "meetings_due": due.mask(pd.Series(meetings.year == 0, index=due.index)),
            "meetings_held": number,
            "meetings_known": known,
            "quarters_missing": words.lists(meetings.lacking & known[:, None], QUARTERS),
            "area_activities": counts.fillna(0).astype("Int64").mask(~reports),
            "areas_held": words.gathered(areas["alliance"], areas["item"], size),
        }
    )


def _judged(graph: ChainGraph, rows: pd.DataFrame, found: Checked, meetings: Held) -> pd.DataFrame:
    """Add the standard, the score, what is missing, whether it is met, and the sentence."""
    size = len(rows)
    scores = found.scores.reindex(range(size))
    quarters = [f"{meetings.year}年{quarter}例会" for quarter in QUARTERS]
    absent = np.where(complete(graph, "活动")[:, None], 1, 2) * meetings.lacking
    rotation = rows["rotation"].eq(ENDED).to_numpy()
    chair = pd.Series(np.flatnonzero(rotation), dtype="int64")
    lists = {}
    for column, state, code in (("missing", LACKS, 1), ("not_reported", UNREPORTED, 2)):
        item = found.items[found.items["state"] == state]
        quarter = np.argwhere(absent == code)
        owners = [item["alliance"], pd.Series(quarter[:, 0])]
        texts = [item["item"], pd.Series(np.array(quarters, dtype=object)[quarter[:, 1]])]
        if code == 1:
            owners.append(chair)
            ends = rows["chair_end"].iloc[chair].fillna("").reset_index(drop=True)
            texts.append("轮值主席（" + ends + "到期）")
        lists[column] = words.gathered(pd.concat(owners), pd.concat(texts), size)
    rows = rows.assign(
        standard=scores["standard"].fillna(""),
        standard_chosen=scores["chosen"].astype("boolean"),
        score=scores["score"].fillna(""),
        unknown_standard=scores["unknown"].fillna(""),
        **lists,
    )
    lacks, silent = (rows[name].map(len) > 0 for name in ("missing", "not_reported"))
    group = rows["count"].notna()
    measured = scores["stated"].fillna(value=False).astype("bool")
    met = np.select(
        [group, lacks, rows["standard"].eq(""), ~measured, silent],
        ["not_applicable", "no", UNREPORTED, "not_stated", UNREPORTED],
        "yes",
    )
    return words.told(rows.assign(met=met))


def _items(graph: ChainGraph, found: Checked, kept: Mask) -> pd.DataFrame:
    items = found.items[kept[found.items["alliance"].to_numpy(np.int64)]]
    names = graph.nodes["Alliance"]["name"].iloc[items["alliance"].to_numpy(np.int64)]
    told = items.assign(
        alliance=names.to_numpy(),
        group=items["group"].map({key: text.zh for key, text in GROUPS.items()}),
        group_en=items["group"].map({key: text.en for key, text in GROUPS.items()}),
        reason=items["because"],
        reason_en=items["because_en"],
    )
    ordered: pd.DataFrame = told.sort_values(["alliance", "standard"], kind="stable")
    return ordered


def _tenures(graph: ChainGraph, posts: pd.DataFrame, kept: Mask) -> pd.DataFrame:
    here = posts[kept[posts["alliance"].to_numpy(np.int64)]]
    open_end = here["state"].eq(CURRENT) & here["end"].eq("")
    found = here.assign(
        alliance=graph.names(here["alliance"].to_numpy() + graph.offsets["Alliance"]).to_numpy(),
        unit=graph.names(here["unit"].to_numpy()).fillna("").to_numpy(),
        start=here["start"].replace("", None),
        end=here["end"].replace("", None),
        state=here["state"].mask(open_end, "open"),
    )
    order = ["alliance", "name", "start", "unit"]
    ordered: pd.DataFrame = found.sort_values(order, kind="stable")
    return ordered


def _quarters(graph: ChainGraph, meetings: Held, kept: Mask) -> pd.DataFrame:
    table = graph.nodes["Alliance"]
    known = meetings.reports | complete(graph, "活动")
    counts = {f"q{i + 1}": meetings.meetings[:, i] for i in range(len(QUARTERS))}
    frame = pd.DataFrame(
        {
            "alliance": table["name"],
            "year": meetings.year,
            **counts,
            "undated": meetings.undated,
            "quarters_missing": words.lists(meetings.lacking, QUARTERS),
            "evidence": places(table),
        }
    )[known]
    frame = words.quarters_told(frame, complete(graph, "活动")[known])
    ordered: pd.DataFrame = frame[kept[known]].sort_values("alliance", kind="stable")
    return ordered


def _formations(
    graph: ChainGraph, modes: pd.DataFrame, kept: Mask, params: "AllianceParams"
) -> pd.DataFrame:
    """Return the modes of the alliances kept, and of the chains asked about without any."""
    row = modes["alliance"].to_numpy(np.int64)
    size = len(kept)
    bare = np.setdiff1d(np.arange(len(graph.nodes["Chain"])), covered_chains(graph)[1])
    wanted = np.ones(len(bare), dtype=bool)
    if params.chain:
        wanted &= bare == graph.find("Chain", params.chain) - graph.offsets["Chain"]
    if params.region:
        home = graph.target("LOCATED_IN", "Chain")[bare]
        wanted &= graph.lies_within(home, graph.find("Region", params.region))
    shown_rows = np.concatenate([kept, wanted]) if len(bare) else kept
    names = graph.names(np.where(row >= 0, row + graph.offsets["Alliance"], -1)).fillna("")
    found = modes.assign(alliance=names.to_numpy(), first=np.arange(len(modes)) >= size)
    return found[shown_rows].sort_values(["first", "alliance", "chain"], kind="stable")
