/** Every word of the page itself, Chinese then English. Words of the data come with the data. */
/** @type {Record<string, [string, string]>} */
const WORDS = {
  skip: ["转到表格视图", "Go to the table view"],
  chain: ["产业链", "Chain"],
  search: ["搜索名称、简称、拼音首字母、代码（按 /）", "Search name, initials, code ( / )"],
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
  filtered: ["（已筛选）", " (filtered)"],
};

let language = "zh";

/** @param {string} key */
function say(key) {
  return WORDS[key][language === "zh" ? 0 : 1];
}

/** Label of a record that carries both languages. @param {{zh: string, en: string}} record */
function label(record) {
  return language === "zh" ? record.zh : record.en || record.zh;
}

/** Shorter English names of the kinds that stand in lanes. */
/** @type {Record<string, string>} */
const LANES = {
  GovernmentDepartment: "Departments",
  PartyOrganization: "Party orgs",
  Alliance: "Alliances",
  Association: "Associations",
  University: "Universities",
  FinancialInstitution: "Finance",
};

/** @param {{code: string, zh: string, en: string}} kind */
function laneLabel(kind) {
  return language === "en" && Object.hasOwn(LANES, kind.code) ? LANES[kind.code] : label(kind);
}

/** A count of firms as it is written on a card. @param {number | string} number */
function firms(number) {
  return language === "zh" ? `${number} 家` : `${number}`;
}

/** @param {unknown} value @param {string} [unit] */
function written(value, unit = "") {
  if (value === true || value === false) return say(value ? "yes" : "no");
  if (typeof value !== "number") return String(value);
  const text = new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en", { maximumFractionDigits: 4, useGrouping: Math.abs(value) >= 10000 }).format(value);
  return unit ? `${text} ${unit}` : text;
}
