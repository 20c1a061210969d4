/** From one picture to another, and what is chosen in it. */
import { open, redraw, reveal } from "./camera.js";
import { at } from "./elements.js";
import { label, say } from "./labels.js";
import { MODEL, NODES, closures, kindOf, view } from "./model.js";
import { neighbourhood } from "./neighbourhood.js";
import { refresh } from "./page.js";
import { frameOf } from "./paint.js";
import { drawPanel } from "./panel.js";
import { chainFor, scene, setScene } from "./scene.js";

export let loaded = false;

/** Everything is there; what is pressed counts from now on. */
export function allow() {
  loaded = true;
}

/** Bring a node into view where it is outside. @param {number} node */
function revealNode(node) {
  const chip = (scene.chipsOf.get(node) ?? [])[0];
  const card = scene.boxOfSegment.get(node);
  if (chip === undefined && card === undefined) return;
  reveal(frameOf(chip ?? scene.chips.node.length + /** @type {number} */ (card)));
}

/** Choose a node; -1 goes back to the overview of what is in view. @param {number} node */
export function choose(node) {
  if (!loaded) return;
  if (node >= 0) at("hint").hidden = true;
  if (node >= 0 && view.goal === -2 && view.selected >= 0 && node !== view.selected) return setGoal(node);
  view.goal = -1;
  view.struck.clear();
  if (node >= 0) goTo(node);
  view.selected = node >= 0 && scene.form === "chain" && kindOf(node).code === "Chain" && scene.chain.node === node ? -1 : node;
  view.box = -1;
  if (view.selected >= 0) revealNode(view.selected);
  const key = node >= 0 ? NODES.key[node] : "";
  document.body.dataset.selected = key;
  remember(key);
  at("live").textContent = node >= 0 ? `${NODES.name[node]}, ${label(kindOf(node))}` : say("overview");
  drawPanel();
  redraw();
}

/** Put what is chosen into the address. @param {string} key */
function remember(key) {
  try {
    history.replaceState(null, "", key ? `#n=${encodeURIComponent(key)}` : "#");
  } catch {
    return; // a page inside a notebook has no address of its own
  }
}

/** Show the picture in which a node stands. @param {number} node */
function goTo(node) {
  if (!view.overview && (scene.chipsOf.has(node) || scene.boxOfSegment.has(node) || scene.chain.node === node)) return;
  if (!view.overview && scene.form === "given") return;
  const chain = chainFor(node);
  if (chain >= 0) {
    if (view.overview || scene.form !== "chain" || chain !== view.chain) showChain(chain);
    if (scene.chipsOf.has(node) || scene.boxOfSegment.has(node) || scene.chain.node === node || scene.form === "chain") return;
  }
  showScene(neighbourhood(node, 2), "near");
}

/** Leave what was chosen, one step at a time. */
export function leave() {
  if (view.goal !== -1) return endWay();
  choose(-1);
}

/** Choose a lane or the loose card. @param {number} b */
export function chooseBox(b) {
  const box = scene.chain.boxes[b];
  if (box.role === "card" && box.node >= 0) return choose(box.node);
  choose(-1);
  if (box.role === "given") return undefined;
  view.box = b;
  document.body.dataset.selected = `box:${b}`;
  drawPanel();
  return redraw();
}

/** @param {number} item */
export function press(item) {
  const { chips } = scene;
  if (item < 0) return choose(-1);
  view.focus = item;
  if (item >= chips.node.length) return chooseBox(item - chips.node.length);
  if (chips.node[item] >= 0) return choose(chips.node[item]);
  return chooseBox(chips.box[item]);
}

/** @param {any} chain @param {string} form */
export function showScene(chain, form) {
  setScene(chain, form);
  Object.assign(view, { overview: false, hover: -1, focus: -1, box: -1, selected: -1 });
  document.body.dataset.form = form;
  document.body.dataset.view = view.table ? "table" : "graph";
  document.body.dataset.chain = chain.node >= 0 ? NODES.key[chain.node] : "";
  refresh();
  open();
}

/** @param {number} index */
export function showChain(index) {
  view.chain = index;
  /** @type {HTMLSelectElement} */ (at("chain")).value = String(index);
  showScene(MODEL.chains[index], "chain");
}

/** From the overview into a chain, kept to a region. @param {number} index @param {number} region @param {number} [segment] */
export function openChain(index, region, segment = -1) {
  if (!loaded) return;
  view.region = region < 0 ? -2 : region === MODEL.regions.name.length ? -1 : region;
  showChain(index);
  choose(segment);
}

/** @param {number} node */
export function openNear(node) {
  showScene(neighbourhood(node, 2), "near");
  choose(node);
}

/** From a neighbourhood back to the chain. */
export function leaveNear() {
  const node = view.selected >= 0 ? view.selected : scene.chain.node;
  const chain = node >= 0 ? chainFor(node) : view.chain;
  showChain(chain >= 0 ? chain : 0);
  choose(chain >= 0 ? node : -1);
}

/** Wait for the other end of a way. */
export function pickGoal() {
  view.goal = view.goal === -2 ? -1 : -2;
  document.body.dataset.goal = view.goal === -2 ? "?" : "";
  drawPanel();
}

/** @param {number} node */
function setGoal(node) {
  view.goal = node;
  document.body.dataset.goal = NODES.key[node];
  drawPanel();
  redraw();
}

export function endWay() {
  view.goal = -1;
  document.body.dataset.goal = "";
  drawPanel();
  redraw();
}

/** Show who is hit when a firm stops. @param {number} node */
export function strike(node) {
  const hit = closures.get(node) ?? [];
  if (view.struck.size) view.struck.clear();
  else for (const one of hit) view.struck.add(one.hit);
  document.body.dataset.struck = String(view.struck.size);
  drawPanel();
  redraw();
}
