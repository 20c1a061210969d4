"""The bundled samples: what they promise to hold, read with plain pandas."""

import re
from collections import defaultdict
from itertools import pairwise, product
from pathlib import Path

import pandas as pd
import pytest
from stdnum.cn import uscc

from graphmodel.findings import WARNING
from loaders import load
from loaders.samples.build_chenglan import FOLDER, build
from loaders.samples.chenglan_book import HEADERS, MARK, Dice, later

JIANGSU = FOLDER.parent / "jiangsu"
KNOWN = (
    "恒立",
    "柳工",
    "国富氢能",
    "徐工",
    "三一",
    "宁德",
    "比亚迪",
    "理想",
    "埃斯顿",
    "振康",
    "中船",
)


def sheet(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def city() -> dict[str, pd.DataFrame]:
    return {name: sheet(FOLDER, name) for name in HEADERS}


def placed(city: dict[str, pd.DataFrame], chain: str) -> dict[str, set[str]]:
    """Return the firms of every segment of a chain; a parent has those of its leaves too."""
    firms: dict[str, set[str]] = defaultdict(set)
    table = city["企业环节"]
    for row in table[table["产业链"] == chain].to_dict("records"):
        firms[row["环节"]].add(row["企业名称"])
    segments = city["环节"]
    for row in segments[segments["产业链"] == chain].to_dict("records"):
        if row["上级环节"]:
            firms[row["上级环节"]] |= firms[row["环节名称"]]
    return firms


def unlinked(city: dict[str, pd.DataFrame], chain: str) -> tuple[list[tuple[str, str]], int]:
    """Return the adjacent occupied pairs that nothing joins, and how many pairs there are."""
    firms = placed(city, chain)
    supplies, joint = city["供应关系"], city["配套合作"]
    ties = set(zip(supplies["供方"], supplies["需方"], strict=True))
    ties |= set(zip(joint["企业甲"], joint["企业乙"], strict=True))
    ties |= set(zip(joint["企业乙"], joint["企业甲"], strict=True))
    links = city["环节上下游"]
    links = links[(links["产业链"] == chain) & (links["回流"] != "是")]
    pairs = [
        (up, down)
        for up, down in zip(links["上游环节"], links["下游环节"], strict=True)
        if firms[up] and firms[down]
    ]
    apart = [
        (up, down)
        for up, down in pairs
        if not firms[up] & firms[down] and not set(product(firms[up], firms[down])) & ties
    ]
    return apart, len(pairs)


def placed_share(city: dict[str, pd.DataFrame], chain: str) -> float:
    chains = city["企业"]["产业链"].str.split(";")
    members = set(city["企业"]["企业名称"][chains.map(lambda names: chain in names)])
    return len(members & set().union(*placed(city, chain).values())) / len(members)


def test_the_city_is_written_again_byte_for_byte(tmp_path: Path) -> None:
    build().write(tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert written == {path.name: path.read_bytes() for path in FOLDER.iterdir()}


@pytest.mark.parametrize("folder", [FOLDER, JIANGSU], ids=["chenglan", "jiangsu"])
def test_files_are_utf8_with_lf(folder: Path) -> None:
    for path in folder.iterdir():
        content = path.read_bytes()
        assert not content.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in content
        assert content.decode("utf-8").endswith("\n")


def test_every_sheet_has_rows_and_says_that_it_is_invented(city: dict[str, pd.DataFrame]) -> None:
    for name, table in city.items():
        assert len(table), name
        assert list(table.columns) == [*HEADERS[name].split(), "来源"]
        assert set(table["来源"]) == {"虚构示例数据"}


def test_names_are_invented_on_their_face(city: dict[str, pd.DataFrame]) -> None:
    firms = city["企业"]
    assert firms["企业名称"].is_unique
    assert firms["企业名称"].str.fullmatch(rf"澄澜.+公司{MARK}").all()
    real = set(sheet(JIANGSU, "企业")["企业名称"])
    assert not real & set(firms["企业名称"])
    trades = city["供应关系"]
    for column in ("供方", "需方"):
        assert trades[column].str.endswith(MARK).all()
    for name, column in (
        ("地区", "名称"),
        ("党组织", "党组织名称"),
        ("联盟", "联盟名称"),
        ("高校院所", "名称"),
        ("金融机构", "名称"),
        ("政府部门", "名称"),
        ("协会商会", "名称"),
        ("项目", "项目名称"),
        ("活动", "名称"),
        ("资源清单", "名称"),
    ):
        assert city[name][column].str.endswith(MARK).all(), name
    for name in KNOWN:
        assert not firms["企业名称"].str.contains(name).any()


def test_credit_codes_are_of_a_region_that_does_not_exist(city: dict[str, pd.DataFrame]) -> None:
    codes = city["企业"]["统一社会信用代码"]
    codes = codes[codes != ""]
    assert len(codes) > 20
    assert codes.is_unique
    for code in codes:
        assert code[2:8] == "999999"
        assert uscc.is_valid(code)


def test_no_column_could_hold_a_person(city: dict[str, pd.DataFrame]) -> None:
    for table in (*city.values(), *(sheet(JIANGSU, p.stem) for p in JIANGSU.glob("*.csv"))):
        assert not [c for c in table if re.search("姓名|联系人|手机|电话|身份证", c)]


def test_references_within_the_city_resolve(city: dict[str, pd.DataFrame]) -> None:
    firms = set(city["企业"]["企业名称"])
    regions = set(city["地区"]["名称"]) | {""}
    segments = set(zip(city["环节"]["产业链"], city["环节"]["环节名称"], strict=True))
    products = set(city["产品"]["产品名称"]) | {""}
    for name in ("企业环节", "企业产品", "企业资质", "企业产业链"):
        assert set(city[name]["企业名称"]) <= firms
    places = zip(city["企业环节"]["产业链"], city["企业环节"]["环节"], strict=True)
    assert set(places) <= segments
    for name, table in city.items():
        for column in ("地区", "上级", "供方地区", "需方地区", "适用地区"):
            if column in table:
                assert set(table[column]) <= regions, name
        if "产品" in table:
            assert set(table["产品"]) <= products, name
    organizations = firms | set(city["党组织"]["党组织名称"])
    for name in ("高校院所", "金融机构", "政府部门", "协会商会"):
        organizations |= set(city[name]["名称"])
    assert set(city["联盟成员"]["成员"]) <= organizations
    assert set(city["依托"]["依托单位"]) <= organizations
    assert set(city["活动参与"]["参与单位"]) <= organizations | {""}


def test_relations_do_not_repeat(city: dict[str, pd.DataFrame]) -> None:
    for name, key in (
        ("供应关系", ["供方", "需方", "产品", "产业链", "环节", "年份"]),
        ("配套合作", ["企业甲", "企业乙"]),
        ("联盟成员", ["联盟", "成员", "角色", "起"]),
        ("企业环节", ["企业名称", "产业链", "环节", "产品"]),
        ("政策兑现", ["企业", "资源编号"]),
        ("订单", ["订单编号", "产品"]),
        ("依托", ["党组织", "依托单位"]),
    ):
        assert not city[name].duplicated(key).any(), name
    assert (city["供应关系"]["供方"] != city["供应关系"]["需方"]).all()


def test_hydrogen_stands_together_and_is_not_joined(city: dict[str, pd.DataFrame]) -> None:
    apart, pairs = unlinked(city, "氢能")
    firms = placed(city, "氢能")
    trading = set(city["供应关系"]["供方"]) | set(city["供应关系"]["需方"])
    names = city["环节"]["环节名称"][city["环节"]["产业链"] == "氢能"]
    assert all(firms[name] & trading for name in names)
    assert len(set().union(*firms.values())) > 20
    assert pairs >= 3
    assert len(apart) > pairs / 2
    assert "0.72" in set(city["环节"]["进口依赖"])


def test_other_chains_are_joined_but_for_single_pairs(city: dict[str, pd.DataFrame]) -> None:
    assert unlinked(city, "新能源汽车")[0] == [("负极材料", "电芯与电池包")]
    assert unlinked(city, "机器人")[0] == [("传感器", "机器人本体")]
    for chain in ("工程机械", "健身器材", "船舶制造"):
        assert unlinked(city, chain)[0] == []


def test_ships_are_hardly_placed_and_the_others_are(city: dict[str, pd.DataFrame]) -> None:
    assert placed_share(city, "船舶制造") < 0.5
    for chain in ("氢能", "新能源汽车", "工程机械", "机器人", "健身器材"):
        assert placed_share(city, chain) > 0.7


def test_segments_lie_empty_in_every_way(city: dict[str, pd.DataFrame]) -> None:
    expected = {
        "新能源汽车": {"隔膜", "电解液", "功率半导体", "辅助驾驶", "电池回收"},
        "工程机械": {"发动机", "再制造与维修"},
        "机器人": {"特种轴承钢"},
        "健身器材": {"运动内容服务"},
        "船舶制造": {"船用主机", "通导设备", "船舶涂料", "修船与拆解"},
        "氢能": set(),
    }
    segments = city["环节"]
    for chain, empty in expected.items():
        firms = placed(city, chain)
        names = segments["环节名称"][segments["产业链"] == chain]
        assert {name for name in names if not firms[name]} - {"动力电池材料"} == empty
    filled = set(city["项目"]["环节"][city["项目"]["阶段"] != "投产"])
    assert {"隔膜", "功率半导体", "发动机", "特种轴承钢"} <= filled


def test_one_supplier_holds_the_hydraulics(city: dict[str, pd.DataFrame]) -> None:
    rows = city["供应关系"]
    rows = rows[(rows["环节"] == "液压元件") & (rows["关键性"] == "是") & (rows["年份"] == "2026")]
    amounts = pd.to_numeric(rows["金额(万元)"])
    assert amounts.groupby(rows["供方"]).sum().max() / amounts.sum() > 0.8


def test_no_attachment_maker_has_a_qualification(city: dict[str, pd.DataFrame]) -> None:
    titles = city["企业"].set_index("企业名称")["资质"]
    assert set(titles[sorted(placed(city, "工程机械")["属具"])]) == {"无"}


def test_one_firm_dwarfs_the_chassis_makers(city: dict[str, pd.DataFrame]) -> None:
    rows = city["企业环节"][city["企业环节"]["环节"] == "底盘部件"]
    outputs = pd.to_numeric(rows["产值(万元)"])
    assert outputs.notna().all()
    assert 1 / ((outputs / outputs.sum()) ** 2).sum() < 3


def test_more_servo_motors_are_ordered_than_can_be_made(city: dict[str, pd.DataFrame]) -> None:
    rows = city["企业环节"][city["企业环节"]["环节"] == "伺服电机"]
    orders = city["订单"][city["订单"]["产品"] == "伺服电机"]
    assert set(rows["单位"]) == set(orders["单位"]) == {"台"}
    assert pd.to_numeric(orders["数量"]).sum() > pd.to_numeric(rows["产能"]).sum()


def test_the_joint_order_takes_six_firms(city: dict[str, pd.DataFrame]) -> None:
    lines = city["订单"][city["订单"]["订单编号"] == "DD-001"].set_index("产品")
    makers = city["企业产品"][city["企业产品"]["产品"].isin(lines.index)]
    assert len(lines) == 6
    assert makers["企业名称"].is_unique  # nobody makes two of them
    able = pd.to_numeric(makers["产能"]) >= makers["产品"].map(lines["数量"]).astype(float)
    assert set(makers["产品"][able]) == set(lines.index)


def test_chains_are_covered_in_every_way(city: dict[str, pd.DataFrame]) -> None:
    covers = city["联盟覆盖"].merge(city["联盟"], left_on="联盟", right_on="联盟名称")
    types = covers.groupby("产业链")["类型"].agg(set).to_dict()
    assert types["机器人"] == {"功能性党支部"}
    assert {"氢能", "新能源汽车", "工程机械", "健身器材"} <= set(types)
    assert "船舶制造" not in types
    assert "低空经济" not in types
    scope = city["填报范围"]
    scope = scope[(scope["工作表"] == "联盟覆盖") & (scope["完整"] == "是")]
    assert list(scope["产业链"]) == ["船舶制造"]


def test_organizations_cover_in_every_way(city: dict[str, pd.DataFrame]) -> None:
    firms, hosts = city["企业"], city["依托"]
    assert set(firms["党组织情况"]) == {"单独", "联合", "派驻指导员", "无", ""}
    assert (firms["应建党组织"] == "否").any()
    assert len(city["党组织"]) == pytest.approx(180, abs=10)
    own = set(hosts["依托单位"][hosts["组建方式"] != "派驻指导员"])
    silent = firms[(firms["党组织情况"] == "") & ~firms["企业名称"].isin(own)]
    assert len(silent) > 50
    served = set(city["岗位"]["对象"])
    bare = firms[firms["党组织情况"] == "无"]
    assert 0 < bare["企业名称"].isin(served).sum() < len(bare)
    assert not set(bare["企业名称"]) & own


def test_a_round_table_is_missing(city: dict[str, pd.DataFrame]) -> None:
    tables = city["活动"][city["活动"]["类型"] == "圆桌会"]
    months = tables["日期"].str[5:7].astype(int)
    quarters = tables["日期"].str[:4] + "Q" + ((months + 2) // 3).astype(str)
    held = quarters.groupby(tables["组织单位"]).agg(set)
    full = set().union(*held)
    assert full == {"2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3"}
    missing = {name: full - got for name, got in held.items() if full - got}
    assert missing == {"澄澜市工程机械产业链党建联盟" + MARK: {"2026Q2"}}


def test_declared_owners_agree_and_disagree_with_size(city: dict[str, pd.DataFrame]) -> None:
    roles = city["企业产业链"]
    assert set(roles["角色"]) == {"链主", "党建链主", "龙头"}
    assert not roles.duplicated(["企业名称", "产业链"]).any()
    owners = roles[roles["角色"] == "链主"].set_index("产业链")["企业名称"]
    firms = city["企业"].assign(output=pd.to_numeric(city["企业"]["产值(万元)"]))
    largest = firms.sort_values("output").groupby("产业链").tail(1).set_index("产业链")["企业名称"]
    assert owners["工程机械"] != largest["工程机械"]
    assert "机器人" not in owners
    assert "链主" in set(city["联盟成员"]["角色"])


def test_dates_are_in_order(city: dict[str, pd.DataFrame]) -> None:
    needs = city["需求清单"]
    for column in ("办结时限", "办结日期"):
        given = needs[needs[column] != ""]
        assert (given[column] >= given["提出日期"]).all()
    assert needs["提出日期"].max() <= "2026-11-22"
    actions = city["行动项目清单"]
    assert (actions["截止"] >= actions["开始"]).all()
    done = actions[actions["完成日期"] != ""]
    assert (done["完成日期"] >= done["开始"]).all()
    expiries = city["企业资质"]["有效期至"]
    assert ((expiries != "") & (expiries < "2026-11-22")).any()
    assert ((expiries >= "2026-11-22") & (expiries < "2027-02-22")).any()


@pytest.mark.parametrize("name", ["jiangsu", "chenglan"])
def test_a_sample_loads_without_an_error(name: str) -> None:
    loaded = load(f"sample:{name}")
    assert loaded.errors == 0, loaded.findings.frame()
    assert loaded.findings.count(WARNING) == 0


def test_jiangsu_holds_what_the_articles_state() -> None:
    sizes = {path.stem: len(sheet(JIANGSU, path.stem)) for path in JIANGSU.glob("*.csv")}
    assert sizes["企业"] == 33
    assert sizes["产业链"] == 19
    assert sizes["环节"] == 8
    assert sizes["联盟"] == 28  # 27 by name, and seven branches without names in one row
    assert sizes["党组织"] == 12
    assert sizes["依托"] == 11
    assert sizes["联盟成员"] == 4
    assert sizes["结对共建"] == 2
    assert sizes["配套合作"] == 2
    assert sizes["岗位"] == 1
    facts = sheet(JIANGSU, "指标")
    assert facts["编码"].str.match("F").sum() == 135
    hosts = sheet(JIANGSU, "依托")["依托单位"]
    assert hosts.isin(sheet(JIANGSU, "企业")["企业名称"]).sum() == 9
    assert sheet(JIANGSU, "联盟覆盖")["产业链"].nunique() == 16


def test_jiangsu_keeps_dated_totals_apart() -> None:
    facts = sheet(JIANGSU, "指标").set_index("编码")
    totals = facts.loc[["F044", "F045", "F046", "F005", "F112"], "数值"]
    assert list(totals) == ["52", "84", "350", "561", "901"]
    assert facts.loc["F044", "时间说明"] == "去年以来"
    assert facts.loc["F063", "口径"] == "分母未给出"
    assert facts.loc["F056", ["数值", "单位"]].to_list() == ["17280000000", "元"]
    assert facts.loc["F079", "主体"].count(";") == 2
    assert facts.loc["F083", "数值"] == "0.514"


def test_every_jiangsu_row_names_its_source() -> None:
    sources = sheet(JIANGSU, "sources")
    for path in JIANGSU.glob("*.csv"):
        if path.stem == "sources":
            continue
        cited = sheet(JIANGSU, path.stem)
        assert cited["来源"].str.startswith(tuple(sources["标题"])).all(), path.stem
        dated = cited["来源日期"] != ""
        assert set(cited["来源日期"][dated]) <= {"2023-07-11"}
        assert cited["来源"][dated].str.contains("光明日报").all()


def test_dice_repeat_and_keep_to_their_bounds() -> None:
    one, two = Dice("a"), Dice("a")
    throws = [one.whole(1, 6) for _ in range(200)]
    assert throws == [two.whole(1, 6) for _ in range(200)]
    assert set(throws) == {1, 2, 3, 4, 5, 6}
    assert sorted(Dice("b").sample(range(9), 12)) == list(range(9))
    days = [Dice(str(n)).date("2025-11", "2026-02") for n in range(200)]
    assert {day[:7] for day in days} == {"2025-11", "2025-12", "2026-01", "2026-02"}
    assert later("2025-11-28", 3) == "2026-02-28"
    assert later("2027-03-31", -9) == "2026-06-28"
    months = [later("2025-12-01", n) for n in range(25)]
    assert all(a < b for a, b in pairwise(months))
