/** Every word of the page itself, Chinese then English. Words of the data come with the data. */
/** @type {Record<string, [string, string]>} */
const WORDS = {
  skip: ["转到表格视图", "Go to the table view"],
  chain: ["产业链", "Chain"],
  chains: ["产业链", "Chains"],
  search: ["搜索名称、简称、拼音首字母、代码（按 /）", "Search name, initials, code ( / )"],
  loading: ["正在展开数据……", "Unpacking the data…"],
  searchLabel: ["搜索节点", "Search nodes"],
  weak: ["突出薄弱环节", "Weak links"],
  fit: ["全图", "Fit"],
  larger: ["放大", "Zoom in"],
  smaller: ["缩小", "Zoom out"],
  table: ["表格", "Table"],
  png: ["导出 PNG", "PNG"],
  csv: ["导出 CSV", "CSV"],
  dark: ["深色", "Dark"],
  light: ["浅色", "Light"],
  other: ["English", "中文"],
  kinds: ["类型", "Kinds"],
  states: ["环节状态", "States"],
  region: ["地区", "Region"],
  allRegions: ["全部地区", "All regions"],
  noRegion: ["地区未填报", "Region not reported"],
  supplyLine: ["供应（粗细＝条数）", "Supply (width = count)"],
  templateLine: ["上下游，无供应记录", "Declared, no supply row"],
  unlinkedLine: ["缺联", "Unlinked"],
  overview: ["链条概览", "Chain overview"],
  weakCount: ["缺断弱细", "Weak spots"],
  firms: ["企业", "Firms"],
  segments: ["环节", "Segments"],
  links: ["关系", "Links"],
  unit: ["家", ""],
  attention: ["缺、断、弱、细的环节", "Missing, broken, weak and thin segments"],
  notReported: ["未填报的环节", "Segments not reported"],
  none: ["无", "None"],
  honest: ["未填报说明", "What is not reported"],
  loose: ["环节未填报", "Segment not reported"],
  looseLane: ["环节未填报", "Unplaced"],
  looseNote: ["这些企业属于本链，但没有填报所在环节；未填报不等于没有。", "These firms belong to the chain, but their segment is not reported; not reported is not absent."],
  emptyNotReported: ["企业未填报，不等于没有", "Firms not reported: not the same as none"],
  emptyGap: ["本地无企业", "No local firm"],
  emptyNone: ["无企业", "No firm"],
  advice: ["建议", "Action"],
  inferred: ["推断", "Inferred"],
  members: ["成员", "Members"],
  flowsIn: ["上游环节", "Upstream segments"],
  flowsOut: ["下游环节", "Downstream segments"],
  supplyRows: ["条供应", "supply rows"],
  findings: ["发现", "Findings"],
  properties: ["已填报的属性", "Reported properties"],
  noProperties: ["没有填报其他属性。", "No other property is reported."],
  noLinks: ["没有填报任何关系。", "No relation is reported."],
  unreportedRegion: ["地区未填报", "region not reported"],
  back: ["返回概览", "Back to overview"],
  more: ["其余", "More"],
  showAll: ["全部", "all"],
  stateOf: ["状态", "State"],
  also: ["同时存在", "Also"],
  stage: ["位置", "Stage"],
  count: ["企业数", "Firms"],
  help: ["点击企业看上下游、党组织、金融和产学研关系；滚轮上下移动，Ctrl＋滚轮缩放；方向键移动，Enter 选中，Esc 返回，/ 搜索，0 全图。", "Click a firm to see its relations. The wheel scrolls, Ctrl+wheel zooms. Arrow keys move, Enter chooses, Esc goes back, / searches, 0 fits."],
  stageLabel: ["链条图。方向键在环节和企业之间移动，Enter 选中，Esc 返回。", "Chain picture. Arrow keys move between segments and firms, Enter chooses, Esc goes back."],
  noHits: ["没有匹配的节点", "Nothing found"],
  hits: ["个结果", "results"],
  colRelation: ["关系", "Relation"],
  colKind: ["类型", "Kind"],
  colName: ["名称", "Name"],
  colId: ["编码", "ID"],
  colRegion: ["地区", "Region"],
  colNote: ["说明", "Note"],
  colInferred: ["推断", "Inferred"],
  colSegment: ["环节", "Segment"],
  colReason: ["理由", "Reason"],
  self: ["所选", "Selected"],
  yes: ["是", "yes"],
  no: ["否", "no"],
  owner: ["链主", "Chain owner"],
  stageUnknown: ["上下游未填报", "Stage not reported"],
  near: ["邻域", "Neighbourhood"],
  nearOpen: ["看邻域（两步以内）", "Show neighbourhood (two steps)"],
  nearBack: ["回到产业链图", "Back to the chain"],
  nearStage: ["供需邻域", "Supply around it"],
  givenLayout: ["给定布局", "Given layout"],
  wayTo: ["找到另一节点的路径", "Find ways to another node"],
  wayPick: ["请搜索或点选终点（Esc 取消）", "Search or click the other end (Esc cancels)"],
  ways: ["路径", "Ways"],
  wayDown: ["供应（顺流）", "Supply, downstream"],
  wayUp: ["供应（逆流）", "Supply, upstream"],
  wayParty: ["党建组织", "Party organizations"],
  wayFinance: ["资金与股权", "Finance and ownership"],
  wayNone: ["已填报的关系中没有这样的路径。", "No such way among the relations reported."],
  wayEnd: ["清除路径", "Clear"],
  overall: ["总览", "Overview"],
  province: ["全部地区", "All regions"],
  ownLevel: ["本级", "Itself"],
  byChain: ["各地区的产业链企业数", "Firms by chain and region"],
  byRegion: ["各环节的企业数", "Firms by segment"],
  total: ["合计", "Total"],
  gapsOf: ["缺断弱细", "Weak spots"],
  noChain: ["产业链未填报", "Chain not reported"],
  into: ["进入", "Open"],
  overviewHelp: ["每格为企业家数，底色深浅按占全链比例；点产业链进入链条图，点地区看该地区各环节。状态按产业链自身范围判断。空格为没有填报企业，不等于没有。", "Each cell counts firms; shading is the share of the chain. A chain opens its picture, a region its segments. States are judged over the chain's own scope. An empty cell has no firm reported, which is not none."],
  regionHelp: ["每格为该地区在此环节的企业家数；图标为该环节在全链的状态。空格为没有填报企业，不等于没有。", "Each cell counts the region's firms in a segment; the sign is the segment's state over the whole chain. An empty cell has no firm reported, which is not none."],
  whatIf: ["假设停产", "What if it stops"],
  whatIfNone: ["推演：没有其他企业损失超过 1%。", "Worked out: no other firm loses more than 1 %."],
  whatIfHit: ["停产波及", "Hit by the stop"],
  loss: ["损失", "loss"],
  stepOf: ["第{}步", "step {}"],
  restOf: ["另有 {} 家未列名", "{} more, not named"],
  until: ["截至", "Up to"],
  allTime: ["全部时间", "All dates"],
  undated: ["没有日期的关系始终显示", "relations without a date are always shown"],
  print: ["打印", "Print"],
  hint: ["点企业看关系，滚轮上下移动，Ctrl＋滚轮缩放，/ 搜索。", "Click a firm for its relations; wheel scrolls, Ctrl+wheel zooms, / searches."],
  gotIt: ["知道了", "Got it"],
  map: ["缩略图", "Map"],
  answers: ["各项问题", "The questions"],
  attentionOf: ["需关注", "to look at"],
  evidenceOf: ["共", "of"],
  filtered: ["（已筛选）", " (filtered)"],
};

export let language = "zh";

/** @param {string} wanted "zh" or "en" */
export function speak(wanted) {
  language = wanted;
}

/** Name of a picture; the firms whose chain is not reported make one too. @param {{title: string, words?: string, about?: string}} chain */
export function titleOf(chain) {
  return chain.title || [chain.about, say(chain.words ?? "noChain")].filter(Boolean).join(" · ");
}

/** @param {string} key */
export function say(key) {
  return WORDS[key][language === "zh" ? 0 : 1];
}

/** Label of a record that carries both languages. @param {{zh: string, en: string}} record */
export function label(record) {
  return language === "zh" ? record.zh : record.en || record.zh;
}

/** Shorter English names of the kinds that stand in lanes. */
/** @type {Record<string, string>} */
const LANES = {
  GovernmentDepartment: "Gov. depts",
  PartyOrganization: "Party orgs",
  Alliance: "Alliances",
  Association: "Associations",
  University: "Universities",
  FinancialInstitution: "Finance",
};

/** @param {{code: string, zh: string, en: string}} kind */
export function laneLabel(kind) {
  return language === "en" && Object.prototype.hasOwnProperty.call(LANES, kind.code) ? LANES[kind.code] : label(kind);
}

/** A count of firms as it is written on a card. @param {number | string} number */
export function firms(number) {
  return language === "zh" ? `${number} 家` : `${number}`;
}

/** @param {unknown} value @param {string} [unit] */
export function written(value, unit = "") {
  if (value === true || value === false) return say(value ? "yes" : "no");
  if (typeof value !== "number") return String(value);
  const text = new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en", { maximumFractionDigits: 4, useGrouping: Math.abs(value) >= 10000 }).format(value);
  return unit ? `${text} ${unit}` : text;
}
