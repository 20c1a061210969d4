/** Many chains at once: how many firms stand where, from the province down to the segments of a city. Never a raw drawing. */
import { at, bdi, h, tone } from "./elements.js";
import { svgIcon } from "./icons.js";
import { firms, label, say, titleOf } from "./labels.js";
import { MODEL, NODES, STATES, within } from "./model.js";
import { openChain } from "./navigate.js";
import { rolledUp } from "./rollup.js";

/** The region whose parts are listed; -1 for the roots, `null` where a region's segments are shown. */
const place = { region: -1, segments: false };

/** Parts of a region that hold a firm; the roots of -1, passing over those with a single part. @param {number} region @param {Float64Array[]} grid @returns {number[]} */
function partsOf(region, grid) {
  const holds = (/** @type {number} */ r) => grid[r].some((value) => value > 0);
  const below = (/** @type {number} */ r) => MODEL.regions.parent.flatMap((/** @type {number} */ parent, /** @type {number} */ i) => (parent === r && holds(i) ? [i] : []));
  let found = below(region);
  while (region < 0 && found.length === 1 && below(found[0]).length) found = below(found[0]);
  return found;
}

/** Shading of a cell: how opaque the colour is behind a share of the whole. @param {number} share */
export const shade = (share) => Math.round(8 + 72 * Math.sqrt(share)) / 100;

/** A cell with a number; shading says how large it is, the number says it exactly. @param {number} count @param {number} whole */
function cell(count, whole) {
  const box = h("td", { class: count ? "num" : "num none" }, count ? String(count) : "·");
  if (count && whole) box.style.background = `rgba(var(--heat), ${shade(count / whole)})`;
  return box;
}

/** States of a chain's segments that ask for attention, with their counts. @param {any} chain @returns {{state: any, count: number}[]} */
export function statesOf(chain) {
  const cards = chain.boxes.filter((/** @type {any} */ box) => box.role === "card" && box.state);
  return MODEL.states
    .filter((/** @type {any} */ state) => state.weak || state.code === "not_reported")
    .map((/** @type {any} */ state) => ({ state, count: cards.filter((/** @type {any} */ box) => box.state === state.code).length }))
    .filter((/** @type {any} */ { count }) => count);
}

/** @param {any} chain */
function stateSigns(chain) {
  return statesOf(chain).map(({ state, count }) => h("span", { class: "sign", title: `${label(state)} ${count}` }, svgIcon(state.code, tone(state.code), 14), h("span", { class: "aside" }, label(state)), String(count)));
}

/** @param {number} region */
export const regionName = (region) => (region === MODEL.regions.name.length ? say("noRegion") : MODEL.regions.name[region]);

/** A place without what stands in brackets. @param {string} name */
export const brief = (name) => name.replace(/[（(][^（）()]*[）)]/g, "") || name;

/** The regions from the first one listed down to the one in view. @returns {number[]} */
function wayTo() {
  const way = [];
  for (let r = place.region; r >= 0 && r < MODEL.regions.name.length; r = MODEL.regions.parent[r]) way.unshift(r);
  return place.region === MODEL.regions.name.length ? [place.region] : way;
}

/** Where we are, as words. */
export const placeName = () => [say("province"), ...wayTo().map(regionName)].join(" › ");

/** Firms by region and chain, parts counted in the regions they lie in. */
const numbers = () => rolledUp(MODEL.regions.parent, MODEL.overview.chain_region, MODEL.overview.chain_firms, (i) => MODEL.overview.chain[i], MODEL.chains.length);

/** What the table of chains holds: chains down, regions across. */
export function chainsHere() {
  const { region } = place;
  const grid = numbers();
  const none = MODEL.regions.name.length;
  const parts = partsOf(region, grid);
  /** @type {number[]} */
  const across = region < 0 && grid[none].some((value) => value) ? [...parts, none] : parts;
  const whole = (/** @type {number} */ c) => (region < 0 ? grid.reduce((sum, row, r) => sum + (r === none || MODEL.regions.parent[r] < 0 ? row[c] : 0), 0) : grid[region][c]);
  const own = (/** @type {number} */ c) => grid[region][c] - parts.reduce((sum, r) => sum + grid[r][c], 0);
  const some = region >= 0 && parts.length > 0 && MODEL.chains.some((/** @type {any} */ _, /** @type {number} */ c) => own(c) > 0);
  const rows = [...MODEL.chains.keys()].filter(whole).map((c) => ({ c, chain: MODEL.chains[c], whole: whole(c), own: some ? own(c) : 0, counts: across.map((r) => grid[r][c]) }));
  return { across, some, rows, opens: (/** @type {number} */ r) => partsOf(r, grid).length > 0, ...totalsOf(across) };
}

/** Firms of each region, a firm in two chains once. @param {number[]} across */
function totalsOf(across) {
  const own = MODEL.overview.regions;
  const firmsOf = (/** @type {number} */ r) => (r === own.length - 1 ? own[r] : [...within(r)].reduce((sum, part) => sum + (own[part] ?? 0), 0));
  const all = place.region < 0 ? own.reduce((/** @type {number} */ sum, /** @type {number} */ value) => sum + value, 0) : firmsOf(place.region);
  return { total: all, totalOwn: own[place.region] ?? 0, totals: across.map(firmsOf) };
}

/** What the strips of a region hold: every chain there, its segments in order with the region's firms. */
export function stripsHere() {
  const { region } = place;
  const o = MODEL.overview;
  const grid = numbers();
  const inside = region === MODEL.regions.name.length ? new Set([-1]) : within(region);
  /** @type {Map<string, number>} */
  const counts = new Map();
  o.box.forEach((/** @type {number} */ box, /** @type {number} */ i) => {
    if (inside.has(o.box_region[i])) counts.set(`${o.box_chain[i]} ${box}`, (counts.get(`${o.box_chain[i]} ${box}`) ?? 0) + o.box_firms[i]);
  });
  return [...MODEL.chains.keys()].filter((c) => grid[region][c]).map((c) => {
    /** @type {any} */
    const chain = MODEL.chains[c];
    const cards = [...chain.boxes.entries()].filter(([, box]) => box.role === "card");
    cards.sort(([, a], [, b]) => a.column - b.column || a.y - b.y);
    return { c, chain, whole: grid[region][c], cards: cards.map(([b, box]) => ({ box, count: counts.get(`${c} ${b}`) ?? 0 })) };
  });
}

/** Whether the segments of a region are in view, not its chains. */
export const inSegments = () => place.segments;

export function drawOverview() {
  const body = place.segments ? h("div", { class: "strips" }, ...stripsHere().map(strip)) : chainTable();
  at("overview").replaceChildren(crumbs(), h("p", { class: "help" }, say(place.segments ? "regionHelp" : "overviewHelp")), h("div", { class: "sheet" }, body));
  document.body.dataset.region = place.region < 0 ? "" : regionName(place.region);
}

/** Open the overview at a region. @param {number} region @param {boolean} segments */
function goRegion(region, segments) {
  place.region = region;
  place.segments = segments;
  drawOverview();
  /** @type {HTMLElement | null} */ (at("overview").querySelector("button"))?.focus({ preventScroll: true });
}

function crumbs() {
  const button = (/** @type {string} */ text, /** @type {number} */ region) => h("button", { type: "button", click: () => goRegion(region, false) }, bdi(text));
  return h("nav", { class: "crumbs", "aria-label": say("region") }, button(say("province"), -1), ...wayTo().flatMap((r) => [" › ", button(regionName(r), r)]));
}

function chainTable() {
  const { across, some, rows, opens, total, totalOwn, totals } = chainsHere();
  const head = (/** @type {string} */ word, /** @type {string} */ kind = "") => h("th", { scope: "col", class: kind }, say(word));
  const named = place.region < 0 ? say("firms") : h("button", { type: "button", id: "segments", click: () => goRegion(place.region, true) }, say("byRegion"));
  return h(
    "table",
    {},
    h("caption", {}, say("byChain")),
    h("thead", {}, h("tr", {}, head("chain"), head("gapsOf"), head("total", "num"), some ? head("ownLevel", "num") : null, ...across.map((r) => h("th", { scope: "col", class: "num place" }, h("button", { type: "button", title: regionName(r), "data-region": regionName(r), click: () => goRegion(r, !opens(r)) }, bdi(brief(regionName(r)))))))),
    h(
      "tbody",
      {},
      ...rows.map(({ c, chain, whole, own, counts }) =>
        h("tr", {}, h("th", { scope: "row" }, h("button", { type: "button", title: titleOf(chain), "data-chain": c, click: () => openChain(c, place.region) }, bdi(titleOf(chain)))), h("td", {}, ...stateSigns(chain)), h("td", { class: "num" }, String(whole)), some ? cell(own, whole) : null, ...counts.map((count) => cell(count, whole))),
      ),
      h("tr", { class: "total" }, h("th", { scope: "row" }, named), h("td", {}), h("td", { class: "num" }, String(total)), some ? h("td", { class: "num" }, String(totalOwn)) : null, ...totals.map((count) => h("td", { class: "num" }, String(count)))),
    ),
  );
}

/** @param {ReturnType<typeof stripsHere>[number]} one */
function strip({ c, chain, whole, cards }) {
  return h(
    "section",
    { class: "strip" },
    h("h3", {}, h("button", { type: "button", "data-chain": c, click: () => openChain(c, place.region) }, bdi(titleOf(chain))), h("b", {}, firms(whole))),
    h("ol", {}, ...cards.map(({ box, count }) => segmentCell(c, box, count))),
  );
}

/** @param {number} c @param {any} box @param {number} count */
function segmentCell(c, box, count) {
  const name = NODES.name[box.node] ?? "";
  const state = box.state ? label(STATES[box.state]) : "";
  const item = h("li", { class: count ? "" : "none" }, h("button", { type: "button", title: [name, state].filter(Boolean).join(" · "), click: () => openChain(c, place.region, box.node) }, box.state ? svgIcon(box.state, tone(box.state), 13) : null, h("span", {}, bdi(name)), h("span", { class: "aside" }, state), h("b", {}, count ? String(count) : "·")));
  if (count) item.style.background = `rgba(var(--heat), ${shade(count / box.members.length)})`;
  return item;
}

/** The overview as rows of a file. @returns {unknown[][]} */
export function overviewRows() {
  if (place.segments) {
    const rows = stripsHere().flatMap(({ chain, cards }) => cards.map(({ box, count }) => [titleOf(chain), NODES.name[box.node], box.state ? label(STATES[box.state]) : "", count]));
    return [["chain", "colSegment", "stateOf", "count"].map(say), ...rows];
  }
  const { across, rows } = chainsHere();
  const states = MODEL.states.filter((/** @type {any} */ state) => rows.some(({ chain }) => statesOf(chain).some((one) => one.state === state)));
  return [
    [say("chain"), say("total"), ...across.map(regionName), ...states.map(label)],
    ...rows.map(({ chain, whole, counts }) => [titleOf(chain), whole, ...counts, ...states.map((/** @type {any} */ state) => statesOf(chain).find((one) => one.state === state)?.count ?? 0)]),
  ];
}
