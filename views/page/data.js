/** The data of the page, and what follows from it. Nothing here touches the screen. */
const MODEL = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("data")).textContent ?? "{}");
const NODES = MODEL.nodes;
const LINKS = MODEL.links;
/** @type {Record<string, any>} */
const STATES = Object.fromEntries(MODEL.states.map((/** @type {any} */ state) => [state.code, state]));

/** What the reader has chosen. */
const view = {
  chain: 0,
  selected: -1, // a node
  box: -1, // a lane or the loose card, where no node is chosen
  hover: -1, // an item of the scene
  focus: -1, // an item of the scene
  weak: false,
  table: false,
  region: "",
  /** @type {Set<number>} */ hiddenKinds: new Set(),
  /** @type {Set<string>} */ hiddenStates: new Set(),
};

/** Links by node, as one list cut at `start`. */
const adjacency = (() => {
  const count = NODES.key.length;
  const start = new Int32Array(count + 1);
  for (let i = 0; i < LINKS.source.length; i += 1) {
    start[LINKS.source[i] + 1] += 1;
    start[LINKS.target[i] + 1] += 1;
  }
  for (let i = 0; i < count; i += 1) start[i + 1] += start[i];
  const fill = start.slice();
  const link = new Int32Array(2 * LINKS.source.length);
  for (let i = 0; i < LINKS.source.length; i += 1) {
    link[fill[LINKS.source[i]]++] = i;
    link[fill[LINKS.target[i]]++] = i;
  }
  return { start, link };
})();

/**
 * @param {number} node
 * @returns {{link: number, other: number, out: boolean, relation: any}[]}
 */
function linksOf(node) {
  const found = [];
  for (let i = adjacency.start[node]; i < adjacency.start[node + 1]; i += 1) {
    const link = adjacency.link[i];
    const out = LINKS.source[link] === node;
    const other = out ? LINKS.target[link] : LINKS.source[link];
    if (other !== node) found.push({ link, other, out, relation: MODEL.relations[LINKS.relation[link]] });
  }
  return found;
}

/** @param {number} node */
function kindOf(node) {
  return MODEL.kinds[NODES.kind[node]];
}

/** @param {any} finding */
const holdsHere = (finding) => finding.chain < 0 || finding.chain === view.chain;

/** @type {Map<number, any[]>} */
const findingsByNode = new Map();
for (const finding of MODEL.findings) {
  const list = findingsByNode.get(finding.subject) ?? [];
  list.push(finding);
  findingsByNode.set(finding.subject, list);
}

/** @param {number} node */
const findingsOf = (node) => (findingsByNode.get(node) ?? []).filter(holdsHere);

/** The chain in view, with the places of its nodes. */
let scene = sceneOf(0);

/** @param {number} index */
function sceneOf(index) {
  const chain = MODEL.chains[index];
  /** @type {Map<number, number[]>} chips that stand for a node, its own or the "+N" of its box */
  const chipsOf = new Map();
  /** @type {Map<number, number[]>} */
  const boxesOf = new Map();
  /** @type {Map<number, number>} */
  const boxOfSegment = new Map();
  const more = new Map();
  const shown = new Map();
  const chips = chain.chips;
  const push = (/** @type {Map<number, number[]>} */ map, /** @type {number} */ key, /** @type {number} */ value) => {
    const list = map.get(key);
    if (list) list.push(value);
    else map.set(key, [value]);
  };
  for (let c = 0; c < chips.node.length; c += 1) {
    if (chips.node[c] < 0) more.set(chips.box[c], c);
    else {
      push(chipsOf, chips.node[c], c);
      shown.set(chips.box[c], (shown.get(chips.box[c]) ?? 0) + 1);
    }
  }
  chain.boxes.forEach((/** @type {any} */ box, /** @type {number} */ b) => {
    if (box.role === "card") boxOfSegment.set(box.node, b);
    const drawn = shown.get(b) ?? 0;
    box.members.forEach((/** @type {number} */ node, /** @type {number} */ i) => {
      push(boxesOf, node, b);
      if (i >= drawn && more.has(b)) push(chipsOf, node, more.get(b));
    });
  });
  return { index, chain, chips, chipsOf, boxesOf, boxOfSegment, more, shown };
}

/** The first chain in which a node can be seen, the one in view before others. @param {number} node */
function chainFor(node) {
  const order = [view.chain, ...MODEL.chains.keys()];
  const holds = (/** @type {number} */ c, /** @type {number} */ n) =>
    MODEL.chains[c].node === n || MODEL.chains[c].boxes.some((/** @type {any} */ box) => box.node === n || box.members.includes(n));
  const direct = order.find((c) => holds(c, node));
  if (direct !== undefined) return direct;
  const near = linksOf(node).map((link) => link.other);
  return order.find((c) => near.some((other) => holds(c, other))) ?? view.chain;
}

/** Whether the filters leave a node. @param {number} node */
function passes(node) {
  if (view.hiddenKinds.has(NODES.kind[node])) return false;
  if (!view.region) return true;
  return NODES.region[node] === (view.region === "?" ? "" : view.region);
}

/** @param {any} box */
function boxPasses(box) {
  if (box.role === "lane") return !view.hiddenKinds.has(box.kind);
  return !(box.state && view.hiddenStates.has(box.state));
}

/** @param {any} box */
function isWeak(box) {
  return box.role === "card" && Boolean(box.state) && STATES[box.state].weak;
}

/** @type {Map<string, number>} */
const nodeByKey = new Map(NODES.key.map((/** @type {string} */ key, /** @type {number} */ i) => [key, i]));
