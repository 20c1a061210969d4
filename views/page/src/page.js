/** The page itself: what can be pressed, and the order in which things are redrawn. */
import { fit, frame, onCanvas, open, openCamera, pointOf, redraw, reveal, toDrawing, toStage, zoom } from "./camera.js";
import { paintChip } from "./cards.js";
import { areDots, chipsWithin, paintDots } from "./dots.js";
import { at, bdi, h, mark } from "./elements.js";
import { exportCsv, exportPng } from "./export.js";
import { firms, label, language, say, speak, titleOf } from "./labels.js";
import { drawLegend, wireLegend } from "./legend.js";
import { drawMap, wireMap } from "./minimap.js";
import { MODEL, NODES, STATES, kindOf, loadLinks, loadNodes, loadPage, nodeByKey, regionOf, view } from "./model.js";
import { allow, choose, leave, loaded, press, showChain, showScene } from "./navigate.js";
import { around, given, neighbourhood } from "./neighbourhood.js";
import { drawOverview } from "./overview.js";
import { FADED, MARK, chipAlpha, cut, frameOf, itemAt, paintOver, paintUnder, readInk, standing } from "./paint.js";
import { drawPanel } from "./panel.js";
import { wirePrint } from "./print.js";
import { isWeak, refill, scene } from "./scene.js";
import { closeHits, find, prepareSearch, wireSearch } from "./search.js";
import { drawTable } from "./table.js";
import { sayTimeline, wireTimeline } from "./timeline.js";

/** Buttons whose words change with the language. */
const BUTTONS = ["skip", "weak", "fit", "overall", "tabular", "png", "csv", "print"];

/** @param {CanvasRenderingContext2D} ctx */
function paintAll(ctx) {
  paintUnder(ctx);
  const { chosen } = standing();
  const window = onCanvas();
  if (areDots()) paintDots(ctx, chosen, window);
  else for (const c of chipsWithin(window)) paintChip(ctx, c, chosen);
  paintOver(ctx);
}

/** Everything whose words or colours may have changed. */
export function refresh() {
  const root = document.documentElement;
  root.lang = language === "zh" ? "zh-CN" : "en";
  const data = document.body.dataset;
  Object.assign(data, { lang: language, theme: root.dataset.theme ?? "light", weak: view.weak ? "1" : "0" });
  data.view = view.overview ? "overview" : view.table ? "table" : "graph";
  readInk();
  cut.clear();
  const words = Object.fromEntries(BUTTONS.map((id) => [id, say(id === "tabular" ? "table" : id)]));
  Object.assign(words, { theme: say(root.dataset.theme === "dark" ? "light" : "dark"), lang: say("other"), title: MODEL.title });
  for (const [id, text] of Object.entries(words)) at(id).textContent = text;
  at("title").title = MODEL.title;
  const notice = MODEL.notice[language === "zh" ? 0 : 1];
  Object.assign(at("notice"), { hidden: !notice, textContent: notice, title: notice });
  const query = say(loaded ? "search" : "loading");
  Object.assign(at("query"), { placeholder: query, title: query });
  mark("query", { "aria-label": say("searchLabel") });
  for (const [id, word] of Object.entries({ hits: "searchLabel", chain: "chain", stage: "stageLabel", larger: "larger", smaller: "smaller", map: "map" })) mark(id, { "aria-label": say(word) });
  for (const id of ["larger", "smaller"]) at(id).title = say(id);
  const picker = /** @type {HTMLSelectElement} */ (at("chain"));
  picker.replaceChildren(...MODEL.chains.map((/** @type {any} */ chain, /** @type {number} */ i) => h("option", { value: i }, titleOf(chain))));
  picker.value = String(view.chain);
  mark("weak", { "aria-pressed": String(view.weak) });
  mark("tabular", { "aria-pressed": String(view.table) });
  mark("overall", { "aria-pressed": String(view.overview) });
  at("stage").hidden = view.table || view.overview;
  at("table").hidden = !view.table || view.overview;
  at("overview").hidden = !view.overview;
  for (const id of ["weak", "fit", "tabular"]) /** @type {HTMLButtonElement} */ (at(id)).disabled = view.overview;
  sayTimeline();
  sayHint();
  if (view.overview) drawOverview();
  else if (view.table) drawTable();
  drawLegend();
  drawPanel();
  again();
}

/** After a filter has changed. */
function again() {
  if (view.overview) return;
  refill();
  if (view.table) drawTable();
  else redraw();
}

/** @param {MouseEvent} event */
function hover(event) {
  if (event.buttons) return;
  const item = itemAt(...toDrawing(...pointOf(event)));
  const tip = at("tip");
  if (item !== view.hover) {
    view.hover = item;
    at("net").style.cursor = item >= 0 ? "pointer" : "";
    describeTip(tip, item);
    redraw();
  }
  if (!tip.hidden) {
    tip.style.left = `${Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8)}px`;
    tip.style.top = `${Math.min(event.clientY + 16, innerHeight - tip.offsetHeight - 8)}px`;
  }
}

/** @param {HTMLElement} tip @param {number} item */
function describeTip(tip, item) {
  const { chips, chain } = scene;
  const box = item >= chips.node.length ? chain.boxes[item - chips.node.length] : null;
  const node = box ? box.node : item >= 0 ? chips.node[item] : -1;
  tip.hidden = node < 0;
  if (node < 0) return;
  const facts = box ? [...[box.state, ...box.also].filter(Boolean).map((code) => label(STATES[code])), box.members.length || isWeak(box) ? firms(box.members.length) : ""] : [label(kindOf(node)), regionOf(node), chips.mark[item] & MARK.owner ? say("owner") : ""];
  tip.replaceChildren(h("strong", {}, bdi(NODES.name[node])), facts.filter(Boolean).join(" · "));
}

/** Move the focus to the nearest item in a direction. @param {number} dx @param {number} dy */
function step(dx, dy) {
  const { chips, chain } = scene;
  const total = chips.node.length + (scene.form === "given" ? 0 : chain.boxes.length);
  const centre = (/** @type {number} */ item) => {
    const { x, y, w, h: tall } = frameOf(item);
    return item < chips.node.length ? [x + w / 2, y + tall / 2] : [x + Math.min(w / 2, 60), y + Math.min(tall / 2, 14)];
  };
  if (!total) return;
  if (view.focus < 0) view.focus = scene.form === "given" ? 0 : chips.node.length + Math.max(chain.boxes.findIndex((/** @type {any} */ box) => box.role === "card"), 0);
  else {
    const [x, y] = centre(view.focus);
    let best = { cost: Infinity, item: view.focus };
    for (let item = 0; item < total; item += 1) {
      if (item < chips.node.length && chipAlpha(item, null) < FADED) continue;
      const [ox, oy] = centre(item);
      const ahead = (ox - x) * dx + (oy - y) * dy;
      const aside = Math.abs((ox - x) * dy) + Math.abs((oy - y) * dx);
      if (ahead > 3 && ahead + 2.5 * aside < best.cost) best = { cost: ahead + 2.5 * aside, item };
    }
    view.focus = best.item;
  }
  const node = view.focus < chips.node.length ? chips.node[view.focus] : chain.boxes[view.focus - chips.node.length].node;
  at("live").textContent = node >= 0 ? NODES.name[node] : say("more");
  document.body.dataset.focus = node >= 0 ? NODES.key[node] : "";
  reveal(frameOf(view.focus));
  redraw();
}

/** @param {KeyboardEvent} event */
function keys(event) {
  const typing = event.target instanceof HTMLInputElement && event.target.type === "text";
  if (event.key === "Escape") {
    closeHits();
    leave();
  } else if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    /** @type {HTMLInputElement} */ (at("query")).select();
    at("query").focus();
  } else if (document.activeElement === at("stage")) {
    /** @type {Map<string, [number, number]>} */
    const moves = new Map([["ArrowLeft", [-1, 0]], ["ArrowRight", [1, 0]], ["ArrowUp", [0, -1]], ["ArrowDown", [0, 1]]]);
    const move = moves.get(event.key);
    if (move) step(...move);
    else if (event.key === "Enter" || event.key === " ") press(view.focus);
    else if (event.key === "0") fit();
    else if (event.key === "+" || event.key === "=") zoom(1.2);
    else if (event.key === "-") zoom(1 / 1.2);
    else return;
    event.preventDefault();
  }
}

function followAddress() {
  const match = /^#n=(.+)$/.exec(location.hash);
  let key = "";
  try {
    key = decodeURIComponent(match?.[1] ?? "");
  } catch {
    return; // a broken escape names nothing
  }
  const node = nodeByKey.get(key);
  if (node !== undefined && document.body.dataset.selected !== key) choose(node);
}

function toggleTable() {
  view.table = !view.table;
  refresh();
  if (view.table) at("table").focus();
  else open();
}

function toggleOverview() {
  if (view.overview && loaded) return showChain(view.chain);
  Object.assign(view, { overview: true, selected: -1, box: -1, goal: -1 });
  document.body.dataset.selected = "";
  return refresh();
}

function sayHint() {
  const hint = at("hint");
  hint.replaceChildren(say("hint"), h("button", { type: "button", click: closeHint }, say("gotIt")));
}

/** The first-run hint goes for good, where the browser lets a file remember anything. */
function closeHint() {
  at("hint").hidden = true;
  try {
    localStorage.setItem("liantu-hint", "1");
  } catch {
    return; // it comes again next time
  }
}

function openHint() {
  let seen = null;
  try {
    seen = localStorage.getItem("liantu-hint");
  } catch {
    seen = null; // nothing may be remembered here
  }
  at("hint").hidden = seen !== null;
}

function wire() {
  const picker = /** @type {HTMLSelectElement} */ (at("chain"));
  picker.hidden = !MODEL.chains.length;
  picker.addEventListener("change", () => {
    if (!loaded) return;
    showChain(Number(picker.value));
    choose(-1);
  });
  const click = (/** @type {string} */ id, /** @type {() => void} */ act) => at(id).addEventListener("click", act);
  click("weak", () => {
    view.weak = !view.weak;
    refresh();
  });
  click("fit", fit);
  click("larger", () => zoom(1.2));
  click("smaller", () => zoom(1 / 1.2));
  click("overall", toggleOverview);
  click("tabular", toggleTable);
  at("skip").addEventListener("click", (event) => {
    event.preventDefault();
    if (!view.table && !view.overview) toggleTable();
  });
  click("png", exportPng);
  click("csv", exportCsv);
  click("print", () => print());
  click("theme", () => {
    document.documentElement.dataset.theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    refresh();
  });
  click("lang", () => {
    speak(language === "zh" ? "en" : "zh");
    refresh();
  });
  at("net").addEventListener("mousemove", hover);
  at("net").addEventListener("mouseleave", () => {
    view.hover = -1;
    at("tip").hidden = true;
    redraw();
  });
  at("stage").addEventListener("focus", redraw);
  at("stage").addEventListener("blur", redraw);
  document.addEventListener("keydown", keys);
  addEventListener("hashchange", followAddress);
  wireLegend(again);
  wirePrint();
  wireSearch();
  wireMap();
}

/** What the page opens at, once everything is there. */
function begin() {
  if (MODEL.placed.node.length) showScene(given(MODEL.placed), "given");
  else if (MODEL.focus >= 0) showScene(neighbourhood(MODEL.focus, MODEL.hops), "near");
  else if (!view.overview) showChain(0);
  else refresh();
  if (MODEL.focus >= 0) choose(MODEL.focus);
}

async function start() {
  const data = document.body.dataset;
  speak(document.documentElement.lang.startsWith("en") ? "en" : "zh");
  document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  await loadPage();
  view.overview = MODEL.chains.length > 1 && MODEL.overview.regions.reduce((/** @type {number} */ sum, /** @type {number} */ value) => sum + value, 0) > MANY && !MODEL.placed.node.length;
  const many = MODEL.chains.length > 1;
  at("overall").hidden = !many;
  readInk();
  wire();
  data.selected = "";
  if (view.overview) refresh();
  data.painted = "1";
  await afterPaint();
  await loadNodes();
  await afterPaint();
  await loadLinks();
  prepareSearch();
  allow();
  openCamera(paintAll, drawMap, (x, y) => press(itemAt(x, y)));
  wireTimeline(refresh);
  openHint();
  begin();
  /** @type {HTMLInputElement} */ (at("query")).disabled = false;
  followAddress();
  frame();
  data.ready = "1";
}

/** Enterprises from which on the page opens at the overview. */
const MANY = 3000;

/** Let the browser paint before going on. */
function afterPaint() {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Where things are on screen, for whoever drives the page from outside. */
Object.defineProperty(window, "liantu", {
  value: Object.freeze({
    /** @param {string} key */
    positionOf(key) {
      const node = nodeByKey.get(key);
      if (node === undefined) return null;
      const chip = (scene.chipsOf.get(node) ?? [])[0];
      const card = scene.boxOfSegment.get(node);
      if (chip === undefined && card === undefined) return null;
      const { x, y, w } = frameOf(chip ?? scene.chips.node.length + /** @type {number} */ (card));
      const [left, top] = toStage(x + w / 2, y + 12);
      const stage = at("stage").getBoundingClientRect();
      return { x: left + stage.left, y: top + stage.top };
    },
    /** Milliseconds a search and a neighbourhood take. @param {string} query @param {string} key */
    measure(query, key) {
      const begun = performance.now();
      const hits = find(query).length;
      const between = performance.now();
      const node = nodeByKey.get(key) ?? 0;
      const near = around(node, 2).column.size;
      return { search: between - begun, hits, near: performance.now() - between, nodes: near };
    },
  }),
});
document.fonts.ready.then(start);
