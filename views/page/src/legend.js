/** The legend, which is the filter too: kinds, states, regions, and how lines are drawn. */
import { at, h, tone } from "./elements.js";
import { svgBar, svgIcon, svgLine } from "./icons.js";
import { label, laneLabel, say } from "./labels.js";
import { MODEL, NODES, kindOf, view } from "./model.js";
import { MARK } from "./paint.js";
import { scene } from "./scene.js";
let changed = () => {};

/** @param {() => void} act runs after a filter has changed */
export function wireLegend(act) {
  changed = act;
}

/** @param {string} name @param {Node} mark @param {number} count @param {boolean} on @param {(on: boolean) => void} change @param {Record<string, any>} data */
function filterBox(name, mark, count, on, change, data) {
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", ...data }));
  input.checked = on;
  const box = h("label", { class: on ? "" : "off" }, input, mark, name, h("b", {}, String(count)));
  input.addEventListener("change", () => {
    box.classList.toggle("off", !input.checked);
    change(input.checked);
    changed();
  });
  return box;
}

/** @param {Set<any>} set @param {any} value */
const flip = (set, value) => (/** @type {boolean} */ on) => {
  if (on) set.delete(value);
  else set.add(value);
};

export function drawLegend() {
  if (view.overview) return at("legend").replaceChildren(stateKey());
  const { boxes, flows } = scene.chain;
  const people = new Set(boxes.flatMap((/** @type {any} */ box) => box.members));
  /** @type {Map<number, number>} */
  const byKind = new Map();
  for (const node of people) byKind.set(NODES.kind[node], (byKind.get(NODES.kind[node]) ?? 0) + 1);
  const kinds = [...byKind]
    .sort((a, b) => a[0] - b[0])
    .map(([kind, count]) => {
      const { code } = MODEL.kinds[kind];
      return filterBox(laneLabel(MODEL.kinds[kind]), svgIcon(code, tone(code), 14), count, !view.hiddenKinds.has(kind), flip(view.hiddenKinds, kind), { "data-kind": code });
    });
  const states = MODEL.states.map((/** @type {any} */ state) => {
    const count = boxes.filter((/** @type {any} */ box) => box.state === state.code).length;
    return count && filterBox(label(state), svgIcon(state.code, tone(state.code), 14), count, !view.hiddenStates.has(state.code), flip(view.hiddenStates, state.code), { "data-state": state.code });
  });
  const lines = /** @type {[string, string, string, number[], number][]} */ ([["supply", "supplyLine", "var(--flow)", [], 3.5], ["template", "templateLine", "var(--flow)", [2, 3], 1.5], ["unlinked", "unlinkedLine", "var(--broken_unlinked)", [6, 4], 2]]);
  const keys = lines.filter(([status]) => flows.some((/** @type {any} */ flow) => flow.status === status)).map(([, key, colour, dash, width]) => h("span", { class: "key" }, svgLine(colour, dash, width), say(key)));
  if (scene.chips.mark.some((/** @type {number} */ mark) => mark & MARK.owner)) keys.push(h("span", { class: "key" }, svgBar("var(--Enterprise)"), say("owner")));
  const picker = regionPicker([...people]);
  return at("legend").replaceChildren(
    ...[kinds, states.filter(Boolean), picker ? [picker] : [], keys].filter((group) => group.length).map((group) => h("div", { class: "group" }, ...group)),
  );
}

/** What the signs of the overview mean. */
function stateKey() {
  const cards = MODEL.chains.flatMap((/** @type {any} */ chain) => chain.boxes.map((/** @type {any} */ box) => box.state));
  return h("div", { class: "group" }, ...MODEL.states.filter((/** @type {any} */ state) => cards.includes(state.code)).map((/** @type {any} */ state) => h("span", { class: "key" }, svgIcon(state.code, tone(state.code), 14), label(state), h("b", {}, String(cards.filter((/** @type {string} */ code) => code === state.code).length)))));
}

/** Regions with the firms in view, each with those of its parts. @param {number[]} people */
function regionPicker(people) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const node of people) {
    if (kindOf(node).code !== "Enterprise") continue;
    for (let r = NODES.region[node]; r >= 0; r = MODEL.regions.parent[r]) counts.set(r, (counts.get(r) ?? 0) + 1);
    if (NODES.region[node] < 0) counts.set(-1, (counts.get(-1) ?? 0) + 1);
  }
  if (view.region !== -2 && !counts.has(view.region)) view.region = -2;
  if (counts.size < 2) return null;
  /** @type {(r: number) => number} */
  const depth = (r) => (r < 0 || MODEL.regions.parent[r] < 0 ? 0 : 1 + depth(MODEL.regions.parent[r]));
  /** @type {(r: number) => string} */
  const path = (r) => (r < 0 ? "\uffff" : `${MODEL.regions.parent[r] >= 0 ? path(MODEL.regions.parent[r]) : ""}/${String(1e7 - (counts.get(r) ?? 0)).padStart(8, "0")}${r}`);
  const listed = [...counts].sort((a, b) => (path(a[0]) < path(b[0]) ? -1 : 1));
  const picker = /** @type {HTMLSelectElement} */ (
    h("select", { id: "region", "aria-label": say("region") }, h("option", { value: -2 }, say("allRegions")), ...listed.map(([r, count]) => h("option", { value: r === -1 ? "?" : r }, `${"\u3000".repeat(Math.max(depth(r), 0))}${r < 0 ? say("noRegion") : MODEL.regions.name[r]} ${count}`)))
  );
  picker.value = view.region === -1 ? "?" : String(view.region);
  picker.addEventListener("change", () => {
    view.region = picker.value === "?" ? -1 : Number(picker.value);
    changed();
  });
  return picker;
}
