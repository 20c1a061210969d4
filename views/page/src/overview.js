/** Many chains at once: how many firms stand where, from the province down to the segments of a city. Never a raw drawing. */
import { at, bdi, h, tone } from "./elements.js";
import { svgIcon } from "./icons.js";
import { firms, label, say, titleOf } from "./labels.js";
import { MODEL, NODES, within } from "./model.js";
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

/** @param {number} share */
const shade = (share) => `color-mix(in srgb, var(--heat) ${Math.round(8 + 72 * Math.sqrt(share))}%, transparent)`;

/** A cell with a number; shading says how large it is, the number says it exactly. @param {number} count @param {number} whole @param {Node[]} [marks] */
export function cell(count, whole, marks = []) {
  const box = h("td", { class: count ? "num" : "num none" }, ...marks, count ? String(count) : "·");
  if (count && whole) box.style.background = shade(count / whole);
  return box;
}

/** States of a chain's segments that ask for attention, as signs with counts. @param {any} chain */
function stateSigns(chain) {
  const cards = chain.boxes.filter((/** @type {any} */ box) => box.role === "card" && box.state);
  return MODEL.states
    .filter((/** @type {any} */ state) => state.weak || state.code === "not_reported")
    .map((/** @type {any} */ state) => ({ state, count: cards.filter((/** @type {any} */ box) => box.state === state.code).length }))
    .filter((/** @type {any} */ { count }) => count)
    .map((/** @type {any} */ { state, count }) => h("span", { class: "sign", title: `${label(state)} ${count}` }, svgIcon(state.code, tone(state.code), 14), String(count)));
}

/** @param {number} region */
const regionName = (region) => (region === MODEL.regions.name.length ? say("noRegion") : MODEL.regions.name[region]);

/** A place without what stands in brackets. @param {string} name */
const brief = (name) => name.replace(/[（(][^（）()]*[）)]/g, "") || name;

/** Numbers by chain, region and segment. */
function numbers() {
  const o = MODEL.overview;
  return rolledUp(MODEL.regions.parent, o.chain_region, o.chain_firms, (i) => o.chain[i], MODEL.chains.length);
}

export function drawOverview() {
  const body = place.segments ? segmentTable(place.region) : chainTable(place.region);
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
  const way = [];
  for (let r = place.region; r >= 0 && r < MODEL.regions.name.length; r = MODEL.regions.parent[r]) way.unshift(r);
  const button = (/** @type {string} */ text, /** @type {number} */ region) => h("button", { type: "button", click: () => goRegion(region, false) }, bdi(text));
  return h("nav", { class: "crumbs" }, button(say("province"), -1), ...way.flatMap((r) => [" › ", button(regionName(r), r)]), ...(place.region === MODEL.regions.name.length ? [" › ", say("noRegion")] : []));
}

/** Chains down, regions across. @param {number} region */
function chainTable(region) {
  const grid = numbers();
  const none = MODEL.regions.name.length;
  const parts = partsOf(region, grid);
  /** @type {number[]} */
  const across = region < 0 && grid[none].some((value) => value) ? [...parts, none] : parts;
  const whole = (/** @type {number} */ c) => (region < 0 ? grid.reduce((sum, row, r) => sum + (r === none || MODEL.regions.parent[r] < 0 ? row[c] : 0), 0) : grid[region][c]);
  const own = (/** @type {number} */ c) => grid[region][c] - parts.reduce((sum, r) => sum + grid[r][c], 0);
  const some = region >= 0 && parts.length > 0 && MODEL.chains.some((/** @type {any} */ _, /** @type {number} */ c) => own(c) > 0);
  const order = MODEL.chains.map((/** @type {any} */ _, /** @type {number} */ c) => c).filter((/** @type {number} */ c) => whole(c));
  return h(
    "table",
    {},
    h("caption", {}, say("byChain")),
    h(
      "thead",
      {},
      h("tr", {}, h("th", { scope: "col" }, say("chain")), h("th", { scope: "col" }, say("gapsOf")), h("th", { scope: "col", class: "num" }, say("total")), some ? h("th", { scope: "col", class: "num" }, say("ownLevel")) : null, ...across.map((r) => h("th", { scope: "col", class: "num place" }, h("button", { type: "button", title: regionName(r), "data-region": regionName(r), click: () => (partsOf(r, grid).length ? goRegion(r, false) : goRegion(r, true)) }, bdi(brief(regionName(r))))))),
    ),
    h(
      "tbody",
      {},
      ...order.map((/** @type {number} */ c) => {
        const chain = MODEL.chains[c];
        const all = whole(c);
        return h("tr", {}, h("th", { scope: "row" }, h("button", { type: "button", "data-chain": c, click: () => openChain(c, region) }, bdi(titleOf(chain)))), h("td", {}, ...stateSigns(chain)), h("td", { class: "num" }, String(all)), some ? cell(own(c), all) : null, ...across.map((r) => cell(grid[r][c], all)));
      }),
      totals(across, some),
    ),
  );
}

/** Firms of each region, a firm in two chains once. @param {number[]} across @param {boolean} some whether the region's own firms have a column */
function totals(across, some) {
  const own = MODEL.overview.regions;
  const firmsOf = (/** @type {number} */ r) => (r === own.length - 1 ? own[r] : [...within(r)].reduce((sum, part) => sum + (own[part] ?? 0), 0));
  const all = place.region < 0 ? own.reduce((/** @type {number} */ sum, /** @type {number} */ value) => sum + value, 0) : firmsOf(place.region);
  return h("tr", { class: "total" }, h("th", { scope: "row" }, place.region < 0 ? say("firms") : h("button", { type: "button", id: "segments", click: () => goRegion(place.region, true) }, say("byRegion"))), h("td", {}), h("td", { class: "num" }, String(all)), some ? h("td", { class: "num" }, String(own[place.region])) : null, ...across.map((r) => h("td", { class: "num" }, String(firmsOf(r)))));
}

/** Chains down, their segments in order across, counts of one region. @param {number} region */
function segmentTable(region) {
  const o = MODEL.overview;
  const grid = rolledUp(MODEL.regions.parent, o.chain_region, o.chain_firms, (i) => o.chain[i], MODEL.chains.length);
  const rows = MODEL.chains.map((/** @type {any} */ chain, /** @type {number} */ c) => ({ chain, c })).filter((/** @type {any} */ { c }) => grid[region][c]);
  const inside = region === MODEL.regions.name.length ? new Set([-1]) : within(region);
  /** @type {Map<string, number>} */
  const counts = new Map();
  o.box.forEach((/** @type {number} */ box, /** @type {number} */ i) => {
    if (inside.has(o.box_region[i])) counts.set(`${o.box_chain[i]} ${box}`, (counts.get(`${o.box_chain[i]} ${box}`) ?? 0) + o.box_firms[i]);
  });
  return h(
    "div",
    { class: "strips" },
    ...rows.map((/** @type {any} */ { chain, c }) => {
      const cards = [...chain.boxes.entries()].filter(([, box]) => box.role === "card");
      cards.sort(([, a], [, b]) => a.column - b.column || a.y - b.y);
      return h(
        "section",
        { class: "strip" },
        h("h3", {}, h("button", { type: "button", "data-chain": c, click: () => openChain(c, region) }, bdi(titleOf(chain))), h("b", {}, firms(grid[region][c]))),
        h("ol", {}, ...cards.map(([b, box]) => segmentCell(c, box, counts.get(`${c} ${b}`) ?? 0, region))),
      );
    }),
  );
}

/** @param {number} c @param {any} box @param {number} count @param {number} region */
function segmentCell(c, box, count, region) {
  const whole = box.members.length;
  const name = NODES.name[box.node] ?? "";
  const item = h("li", { class: count ? "" : "none" }, h("button", { type: "button", title: name, click: () => openChain(c, region, box.node) }, box.state ? svgIcon(box.state, tone(box.state), 13) : null, h("span", {}, bdi(name)), h("b", {}, count ? String(count) : "·")));
  if (count && whole) item.style.background = shade(count / whole);
  return item;
}

/** The overview as rows of a file. @returns {unknown[][]} */
export function overviewRows() {
  const grid = numbers();
  /** @type {number[]} */
  const across = partsOf(place.region, grid);
  const none = MODEL.regions.name.length;
  if (place.region < 0) across.push(none);
  return [
    [say("chain"), ...across.map(regionName)],
    ...MODEL.chains.map((/** @type {any} */ chain, /** @type {number} */ c) => [titleOf(chain), ...across.map((r) => grid[r][c])]),
  ];
}
