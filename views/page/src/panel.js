/** The panel beside the drawing: the overview, or all that is known of what was chosen. */
import { actionParts, closureParts, wayParts } from "./asking.js";
import { at, bdi, h, heading, nodeButton, stateTag, tone } from "./elements.js";
import { svgIcon, svgLine } from "./icons.js";
import { firms, label, laneLabel, language, say, titleOf, written } from "./labels.js";
import { suppliesOf } from "./lines.js";
import { LINKS, MODEL, NODES, findingsOf, kindOf, linksOf, pressing, propertiesOf, regionOf, restFor, view } from "./model.js";
import { choose, leaveNear } from "./navigate.js";
import { noteOf } from "./notes.js";
import { MARK } from "./paint.js";
import { dashOf, toneOf } from "./routes.js";
import { isWeak, placeOf, scene } from "./scene.js";

export const NEIGHBOURS = 12;

const FIELDS = 6; // of a finding, before the fold

export function drawPanel() {
  const panel = at("panel");
  const parts = view.selected >= 0 ? nodePanel(view.selected) : view.box >= 0 ? boxPanel(view.box) : view.overview ? provincePanel() : scene.form === "chain" ? overviewPanel() : nearPanel();
  panel.replaceChildren(...parts);
  panel.scrollTop = 0;
}

/** @returns {Node[]} */
function overviewPanel() {
  const { chain } = scene;
  const cards = chain.boxes.filter((/** @type {any} */ box) => box.role === "card");
  const everyone = new Set(chain.boxes.filter((/** @type {any} */ box) => box.role !== "lane").flatMap((/** @type {any} */ box) => box.members));
  const answered = cards.some((/** @type {any} */ box) => box.state);
  const judged = cards.some((/** @type {any} */ box) => box.state && box.state !== "not_reported");
  const weak = cards.filter(isWeak);
  const silent = cards.filter((/** @type {any} */ box) => box.state === "not_reported");
  const tile = (/** @type {number | string} */ count, /** @type {string} */ name) => h("div", {}, h("b", {}, String(count)), h("span", {}, name));
  const lists = answered ? [...(judged ? [heading(say("attention"), weak.length), segmentRows(weak)] : []), heading(say("notReported"), silent.length), segmentRows(silent)] : [];
  return [
    h("h2", {}, bdi(titleOf(chain))),
    trail([chain.node >= 0 ? regionOf(chain.node) : "", stamped()]),
    h("div", { class: "tiles" }, tile(everyone.size, say("firms")), tile(cards.length, say("segments")), tile(judged ? weak.length : "—", say("weakCount"))),
    ...(chain.node >= 0 ? findingParts(chain.node) : []),
    ...lists,
    ...(chain.notes.length ? [heading(say("honest"), null), ...chain.notes.map((/** @type {string[]} */ note) => h("p", { class: "note" }, language === "zh" ? note[0] : note[1]))] : []),
    ...(chain.node >= 0 ? neighbourParts(chain.node, ["IN_CHAIN", "PART_OF"]) : []),
    ...(chain.node >= 0 ? propertyParts(chain.node) : []),
    ...remarkParts(),
    h("p", { class: "help" }, say("help")),
  ];
}

/** What the page holds, and how each answer was reached, behind a fold. @returns {Node[]} */
function remarkParts() {
  const told = (/** @type {string[]} */ remark) => h("p", { class: "help" }, language === "zh" ? remark[0] : remark[1]);
  const asked = MODEL.findings.filter((/** @type {any} */ found) => found.count || found.notes.length);
  return [
    ...MODEL.remarks.map(told),
    ...(asked.length ? [heading(say("answers"), asked.length)] : []),
    ...asked.map((/** @type {any} */ found) => {
      const subjects = found.subject ? pressing(MODEL.findings.indexOf(found)) : [];
      const fold = h("details", { "data-question": found.question }, h("summary", {}, label(found), h("b", {}, ` ${found.count}`), subjects.length ? h("span", { class: "dim" }, ` ${say("attentionOf")} ${subjects.length}`) : null));
      fold.addEventListener("toggle", () => fold.childElementCount > 1 || fold.append(longList(subjects.map((node) => () => nodeButton(node)), 30), ...found.notes.map(told)));
      return fold;
    }),
  ];
}

/** @returns {Node[]} */
function provincePanel() {
  const { overview, chains } = MODEL;
  const all = overview.regions.reduce((/** @type {number} */ sum, /** @type {number} */ value) => sum + value, 0);
  const cards = chains.flatMap((/** @type {any} */ chain) => chain.boxes.filter((/** @type {any} */ box) => box.role === "card"));
  const tile = (/** @type {number | string} */ count, /** @type {string} */ name) => h("div", {}, h("b", {}, String(count)), h("span", {}, name));
  const counted = MODEL.states.map((/** @type {any} */ state) => ({ state, count: cards.filter((/** @type {any} */ box) => box.state === state.code).length })).filter((/** @type {any} */ { count }) => count);
  return [
    h("h2", {}, bdi(MODEL.title)),
    trail([stamped()]),
    h("div", { class: "tiles" }, tile(all, say("firms")), tile(chains.filter((/** @type {any} */ chain) => chain.node >= 0).length, say("chains")), tile(cards.length, say("segments"))),
    heading(say("states"), cards.length),
    h("dl", { class: "facts counts" }, ...counted.flatMap((/** @type {any} */ { state, count }) => [h("dt", {}, stateTag(state.code)), h("dd", {}, String(count))])),
    heading(say("kinds"), MODEL.count),
    h("dl", { class: "facts counts" }, ...MODEL.kinds.flatMap((/** @type {any} */ kind) => [h("dt", {}, label(kind)), h("dd", {}, String(kind.count))])),
    ...remarkParts(),
  ];
}

/** What stands beside a neighbourhood or a given layout, nothing being chosen. @returns {Node[]} */
function nearPanel() {
  const { chain } = scene;
  const nodes = new Set(chain.boxes.flatMap((/** @type {any} */ box) => box.members));
  return [
    ...(MODEL.chains.length ? [h("button", { type: "button", id: "leave", click: () => leaveNear() }, `‹ ${say("nearBack")}`)] : []),
    h("h2", {}, bdi(titleOf(chain))),
    trail([stamped()]),
    h("div", { class: "tiles" }, ...chain.boxes.filter((/** @type {any} */ box) => box.role !== "given").slice(0, 6).map((/** @type {any} */ box) => h("div", {}, h("b", {}, String(box.members.length)), h("span", {}, box.title ? label({ zh: box.title[0], en: box.title[1] }) : laneLabel(MODEL.kinds[box.kind]))))),
    ...(chain.node >= 0 ? [heading(say("nearStage"), nodes.size), nodeButton(chain.node)] : []),
    ...remarkParts(),
    h("p", { class: "help" }, say("help")),
  ];
}

/** @param {any[]} boxes */
function segmentRows(boxes) {
  if (!boxes.length) return h("p", { class: "dim" }, say("none"));
  const order = MODEL.states.map((/** @type {any} */ state) => state.code);
  const sorted = [...boxes].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return h(
    "div",
    { class: "rows" },
    ...sorted.map((box) =>
      h(
        "button",
        { type: "button", "data-node": box.node, click: () => choose(box.node) },
        bdi(NODES.name[box.node]),
        h("span", { class: "dim" }, box.members.length || isWeak(box) ? firms(box.members.length) : ""),
        stateTag(box.state),
      ),
    ),
  );
}

/** When and from what the page was made. */
const stamped = () => MODEL.stamp[language === "zh" ? 0 : 1];

/** @param {string[]} parts */
const trail = (parts) => h("p", { class: "path" }, parts.filter(Boolean).join(" · "));

function backButton() {
  return h("button", { type: "button", id: "back", click: () => choose(-1) }, `‹ ${say("back")}`);
}

/** @param {number} node @returns {Node[]} */
function nodePanel(node) {
  const kind = kindOf(node);
  const card = scene.boxOfSegment.get(node);
  const box = card === undefined ? null : scene.chain.boxes[card];
  const tags = [];
  if (box?.state) tags.push(stateTag(box.state), ...box.also.map(stateTag));
  if (NODES.inferred[node]) tags.push(h("span", { class: "tag inferred" }, say("inferred")));
  if ((scene.chipsOf.get(node) ?? []).some((c) => scene.chips.node[c] === node && scene.chips.mark[c] & MARK.owner)) {
    tags.push(h("span", { class: "tag" }, say("owner")));
  }
  const place = placeOf(node) || ((scene.boxesOf.get(node) ?? []).some((b) => scene.chain.boxes[b].role === "loose") ? say("loose") : "");
  return [
    backButton(),
    h("h2", { "data-name": "1" }, svgTitle(kind.code), bdi(NODES.name[node])),
    trail([label(kind), regionOf(node) || (kind.code === "Enterprise" ? say("unreportedRegion") : ""), place, titleOf(scene.chain)]),
    ...(tags.length ? [h("div", { class: "tags" }, ...tags)] : []),
    ...actionParts(node),
    ...wayParts(node),
    ...(view.struck.size ? closureParts(node) : []),
    ...findingParts(node),
    ...(view.struck.size ? [] : closureParts(node)),
    ...(box ? cardParts(box, /** @type {number} */ (card)) : []),
    ...neighbourParts(node, box ? ["IN_SEGMENT", "UPSTREAM_OF"] : []),
    ...propertyParts(node),
  ];
}

/** @param {string} code */
function svgTitle(code) {
  const icon = svgIcon(code, tone(code), 17);
  icon.style.display = "inline-block";
  icon.style.verticalAlign = "-2px";
  icon.style.marginInlineEnd = "6px";
  return icon;
}

/** @param {number} node @returns {Node[]} */
function findingParts(node) {
  const found = findingsOf(node, scene.form === "chain" ? view.chain : -1);
  if (!found.length) return [];
  return [
    heading(say("findings"), found.length),
    ...found.map((finding) => {
      const block = h(
        "div",
        { class: "finding" },
        h("p", {}, svgIcon(finding.weak ? "weak" : "other", finding.weak ? "var(--weak)" : "var(--other)", 14), language === "zh" ? finding.headline[0] || finding.zh : finding.headline[1] || finding.question, finding.headline[0] ? h("span", { class: "dim" }, language === "zh" ? finding.zh : finding.question) : null),
        fieldList(finding.fields.slice(0, FIELDS)),
        finding.fields.length > FIELDS ? h("details", {}, h("summary", {}, `${say("showAll")} ${finding.fields.length}`), fieldList(finding.fields.slice(FIELDS))) : null,
      );
      if (finding.weak) block.style.borderLeftColor = "var(--weak)";
      return block;
    }),
  ];
}

/** @param {[string, string, string, string][]} fields */
function fieldList(fields) {
  return h("dl", { class: "facts" }, ...fields.flatMap((field) => [h("dt", {}, language === "zh" ? field[0] : field[1]), h("dd", {}, bdi(field[language === "zh" ? 2 : 3]))]));
}

/** @param {any} box @param {number} b @returns {Node[]} */
function cardParts(box, b) {
  const side = (/** @type {boolean} */ up) => scene.chain.flows.filter((/** @type {any} */ flow) => (up ? flow.target : flow.source) === b);
  const rows = (/** @type {any[]} */ flows, /** @type {boolean} */ up) =>
    h(
      "div",
      { class: "rows" },
      ...flows.map((flow) => {
        const other = scene.chain.boxes[up ? flow.source : flow.target].node;
        const text = flow.status === "supply" ? `${suppliesOf(flow)} ${say("supplyRows")}` : say(flow.status === "unlinked" ? "unlinkedLine" : "templateLine");
        return h("button", { type: "button", "data-node": other, click: () => choose(other) }, bdi(NODES.name[other]), h("span", { class: "dim" }, text));
      }),
    );
  const [ups, downs] = [side(true), side(false)];
  return [
    ...(ups.length ? [heading(say("flowsIn"), ups.length), rows(ups, true)] : []),
    ...(downs.length ? [heading(say("flowsOut"), downs.length), rows(downs, false)] : []),
    heading(say("firms"), box.members.length),
    memberList(box.members),
  ];
}

/** @param {number[]} members */
function memberList(members) {
  if (!members.length) return h("p", { class: "dim" }, say("none"));
  return longList(members.map((node) => () => nodeButton(node)), 40);
}

/** A list that shows its first entries and, on demand, the rest. @param {(() => Node)[]} makers @param {number} limit */
export function longList(makers, limit) {
  const list = h("div", { class: "chips" }, ...makers.slice(0, limit).map((make) => make()));
  if (makers.length > limit) {
    const rest = h("button", { type: "button", "data-more": "1" }, `${say("showAll")} ${makers.length}`);
    rest.addEventListener("click", () => {
      rest.remove();
      list.append(...makers.slice(limit).map((make) => make()));
    });
    list.append(rest);
  }
  return list;
}

/** @param {number} node @param {string[]} [without] relations told elsewhere @returns {Node[]} */
function neighbourParts(node, without = []) {
  const quiet = without.length > 0;
  const rest = restFor(node).filter(({ relation }) => !without.includes(relation.code));
  /** @type {Map<string, {title: string, mark: Node, makers: Map<number, {note: string[], inferred: boolean}>}>} */
  const groups = new Map();
  for (const { link, other, out, relation } of linksOf(node)) {
    if (without.includes(relation.code)) continue;
    const name = `${LINKS.relation[link]} ${relation.directed ? out : ""}`;
    if (!groups.has(name)) {
      const title = out ? (language === "zh" ? relation.out_zh : relation.out_en) : language === "zh" ? relation.into_zh : relation.into_en;
      groups.set(name, { title, mark: svgLine(`var(--${toneOf(relation, out, other)}, var(--other))`, dashOf(relation)), makers: new Map() });
    }
    const makers = /** @type {any} */ (groups.get(name)).makers;
    const entry = makers.get(other) ?? { note: [], inferred: true };
    const note = noteOf(link);
    if (note) entry.note.push(note);
    entry.inferred = entry.inferred && LINKS.inferred[link];
    makers.set(other, entry);
  }
  if (!groups.size && !rest.length) return quiet ? [] : [h("p", { class: "note" }, say("noLinks"))];
  const named = [...groups.values()].flatMap((group) => [
    heading(group.title, group.makers.size, group.mark),
    longList([...group.makers].map(([other, entry]) => () => nodeButton(other, entry.note.slice(0, 2).join("；"), entry.inferred)), NEIGHBOURS),
  ]);
  const counted = rest.map(({ relation, out, count, amount }) => {
    const title = language === "zh" ? (out ? relation.out_zh : relation.into_zh) : out ? relation.out_en : relation.into_en;
    return h("p", { class: "note" }, `${title}${language === "zh" ? "：" : ": "}${say("restOf").replace("{}", String(count))}${Number.isNaN(amount) ? "" : ` · ${written(Math.round(amount), "万元")}`}`);
  });
  return [...named, ...counted];
}

/** @param {number} node @returns {Node[]} */
function propertyParts(node) {
  const given = propertiesOf(node);
  return [
    heading(say("properties"), given.length),
    given.length
      ? h("dl", { class: "facts" }, h("dt", {}, say("colId")), h("dd", {}, bdi(NODES.key[node])), ...given.flatMap(({ column, value }) => [h("dt", {}, label(column)), h("dd", {}, bdi(written(value, column.unit)))]))
      : h("p", { class: "dim" }, say("noProperties")),
  ];
}

/** @param {number} b @returns {Node[]} */
function boxPanel(b) {
  const box = scene.chain.boxes[b];
  const loose = box.role === "loose";
  return [
    backButton(),
    h("h2", {}, loose ? say("loose") : box.title ? label({ zh: box.title[0], en: box.title[1] }) : box.role === "given" ? say("givenLayout") : label(MODEL.kinds[box.kind])),
    trail([titleOf(scene.chain)]),
    ...(loose ? [h("p", { class: "note" }, say("looseNote"))] : []),
    heading(say(loose ? "firms" : "members"), box.members.length),
    longList(box.members.map((/** @type {number} */ node) => () => nodeButton(node)), 200),
  ];
}
