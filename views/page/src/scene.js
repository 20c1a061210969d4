/** The picture in view, with the places of its nodes: a chain, a neighbourhood or a given layout. */
import { MODEL, NODES, STATES, linksOf, passes, push, view } from "./model.js";

/** @typedef {ReturnType<typeof sceneOf>} Scene */

const EMPTY = { node: -1, title: "", width: 600, height: 300, columns: [], boxes: [], flows: [], notes: [], chips: { h: 24, gap: 8, node: [], box: [], x: [], y: [], mark: [] } };

/** @type {Scene} */
export let scene = sceneOf(EMPTY);

/** @param {any} chain @param {string} [form] "chain", "near" or "given" */
export function setScene(chain, form = "chain") {
  scene = sceneOf(chain, form);
}

/** Draw first, in every card, the firms that the region chosen leaves. */
export function refill() {
  const { chain } = scene;
  const { node, box, mark } = chain.chips;
  /** @type {Map<number, number>} */
  const marks = (chain.marks ??= new Map(node.map((/** @type {number} */ one, /** @type {number} */ c) => [one, mark[c]])));
  const order = chain.boxes.map((/** @type {any} */ one) => (view.region === -2 || one.role === "given" ? one.all ?? one.members : [...(one.all ?? one.members).filter(passes), ...(one.all ?? one.members).filter((/** @type {number} */ other) => !passes(other))]));
  const next = new Int32Array(chain.boxes.length);
  for (let c = 0; c < node.length; c += 1) {
    if (node[c] < 0) continue;
    node[c] = order[box[c]][next[box[c]]++];
    mark[c] = marks.get(node[c]) ?? (NODES.inferred[node[c]] ? 4 : 0);
  }
  scene = sceneOf({ ...chain, boxes: chain.boxes.map((/** @type {any} */ one, /** @type {number} */ b) => ({ ...one, members: order[b], all: one.all ?? one.members })) }, scene.form);
}

/** @param {any} chain @param {string} [form] */
function sceneOf(chain, form = "chain") {
  /** @type {Map<number, number[]>} chips that stand for a node, its own or the "+N" of its box */
  const chipsOf = new Map();
  /** @type {Map<number, number[]>} */
  const boxesOf = new Map();
  /** @type {Map<number, number>} */
  const boxOfSegment = new Map();
  /** @type {Map<number, number>} */
  const more = new Map();
  /** @type {Map<number, number>} */
  const shown = new Map();
  const chips = chain.chips;
  for (let c = 0; c < chips.node.length; c += 1) {
    if (chips.node[c] < 0) more.set(chips.box[c], c);
    else {
      push(chipsOf, chips.node[c], c);
      shown.set(chips.box[c], (shown.get(chips.box[c]) ?? 0) + 1);
    }
  }
  chain.boxes.forEach((/** @type {any} */ box, /** @type {number} */ b) => {
    if (box.role === "card" && box.node >= 0) boxOfSegment.set(box.node, b);
    const drawn = shown.get(b) ?? 0;
    const rest = more.get(b);
    box.members.forEach((/** @type {number} */ node, /** @type {number} */ i) => {
      push(boxesOf, node, b);
      if (i >= drawn && rest !== undefined) push(chipsOf, node, rest);
    });
  });
  return { form, chain, chips, chipsOf, boxesOf, boxOfSegment, more, shown };
}

/** The first chain in which a node can be seen, the one in view before others; -1 for none. @param {number} node */
export function chainFor(node) {
  const order = [view.chain, ...MODEL.chains.keys()];
  const holds = (/** @type {number} */ c, /** @type {number} */ n) =>
    MODEL.chains[c] && (MODEL.chains[c].node === n || MODEL.chains[c].boxes.some((/** @type {any} */ box) => box.node === n || box.members.includes(n)));
  const direct = order.find((c) => holds(c, node));
  if (direct !== undefined) return direct;
  const near = linksOf(node).slice(0, 40).map((tie) => tie.other);
  return order.find((c) => near.some((other) => holds(c, other))) ?? -1;
}

/** @param {any} box */
export function boxPasses(box) {
  if (box.role === "lane") return !view.hiddenKinds.has(box.kind);
  return !(box.state && view.hiddenStates.has(box.state));
}

/** @param {any} box */
export function isWeak(box) {
  return box.role === "card" && Boolean(box.state) && STATES[box.state].weak;
}

/** The segments a node stands in, as words. @param {number} node */
export function placeOf(node) {
  const own = (scene.boxesOf.get(node) ?? []).map((b) => scene.chain.boxes[b]).filter((box) => box.role === "card" && box.node >= 0);
  return own.map((box) => NODES.name[box.node]).join("、");
}
