/** The data of the page, and what follows from it. Nothing here touches the screen. */
import { piecesOf, unpack } from "./unpack.js";

/** @typedef {{code: string, zh: string, en: string, place: string, start: number, count: number, properties: any[]}} Kind */
/** @typedef {{code: string, out_zh: string, out_en: string, into_zh: string, into_en: string, start: number, count: number, directed: boolean, columns: any[]}} Relation */
/** @typedef {{link: number, other: number, out: boolean, relation: Relation}} Tie */
/** @typedef {{question: string, zh: string, en: string, headline: [string, string], weak: boolean, fields: [string, string, string, string][]}} Finding */

/** What the first block holds: everything but the long columns. @type {any} */
export let MODEL = null;
/** @type {Record<string, any>} */
export let STATES = {};
/** @type {{key: string[], name: string[], short: string[], initials: string[], region: Int32Array, inferred: Int32Array, kind: Uint8Array}} */
export let NODES = { key: [], name: [], short: [], initials: [], region: new Int32Array(0), inferred: new Int32Array(0), kind: new Uint8Array(0) };
/** @type {{source: Int32Array, target: Int32Array, inferred: Int32Array, relation: Uint8Array}} */
export let LINKS = { source: new Int32Array(0), target: new Int32Array(0), inferred: new Int32Array(0), relation: new Uint8Array(0) };
/** Position of a node by its key. @type {Map<string, number>} */
export let nodeByKey = new Map();
/** @type {{start: Int32Array, link: Int32Array}} */
let adjacency = { start: new Int32Array(1), link: new Int32Array(0) };
/** @type {{column: (name: string) => any, has: (name: string) => boolean}} */
let nodeBlock = { column: () => [], has: () => false };
/** @type {typeof nodeBlock} */
let linkBlock = nodeBlock;
/** @type {Map<string, any>} */
const cached = new Map();
/** @type {Map<number, [number, number][]>} */
let foundOf = new Map();
/** @type {Map<number, {relation: Relation, out: boolean, count: number, amount: number}[]>} */
const restOf = new Map();
/** @type {Map<number, {hit: number, loss: number, step: number}[]>} */
export const closures = new Map();

/** The first block: enough to show an overview. */
export async function loadPage() {
  MODEL = (await unpack("page")).column("model");
  STATES = Object.fromEntries(MODEL.states.map((/** @type {any} */ state) => [state.code, state]));
}

/** The second block: the nodes. */
export async function loadNodes() {
  nodeBlock = await unpack("nodes");
  const kind = new Uint8Array(MODEL.count);
  MODEL.kinds.forEach((/** @type {Kind} */ one, /** @type {number} */ k) => kind.fill(k, one.start, one.start + one.count));
  const [key, name, initials, region, inferred] = ["key", "name", "initials", "region", "inferred"].map(nodeBlock.column);
  const short = piecesOf(nodeBlock, "short", name);
  NODES = { key, name, short, initials, region, inferred, kind };
  nodeByKey = new Map(key.map((/** @type {string} */ text, /** @type {number} */ i) => [text, i]));
  foundOf = new Map();
  MODEL.findings.forEach((/** @type {any} */ question, /** @type {number} */ q) => {
    question.subject = nodeBlock.column(`found${q}.subject`);
    question.subject.forEach((/** @type {number} */ node, /** @type {number} */ row) => push(foundOf, node, /** @type {[number, number]} */ ([q, row])));
  });
  const [from, hit, step, loss] = ["node", "hit", "step", "loss"].map((part) => nodeBlock.column(`closure.${part}`));
  for (const node of MODEL.tried) closures.set(node, []);
  from.forEach((/** @type {number} */ node, /** @type {number} */ i) => closures.get(node)?.push({ hit: hit[i], loss: loss[i], step: step[i] }));
}

/** The third block: the links. */
export async function loadLinks() {
  linkBlock = await unpack("links");
  const [source, target, inferred] = ["source", "target", "inferred"].map(linkBlock.column);
  const relation = new Uint8Array(source.length);
  MODEL.relations.forEach((/** @type {Relation} */ one, /** @type {number} */ r) => relation.fill(r, one.start, one.start + one.count));
  LINKS = { source, target, inferred, relation };
  adjacency = adjacencyOf(source, target, MODEL.count);
  const [node, kind, out, count, amount] = ["node", "relation", "out", "count", "amount"].map((part) => linkBlock.column(`rest.${part}`));
  node.forEach((/** @type {number} */ one, /** @type {number} */ i) => push(restOf, one, { relation: MODEL.relations[kind[i]], out: Boolean(out[i]), count: count[i], amount: amount[i] }));
}

/** Add to the list that a map keeps under a key. @template K, V @param {Map<K, V[]>} map @param {K} key @param {V} value */
export function push(map, key, value) {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Links by node, as one list cut at `start`. @param {Int32Array} source @param {Int32Array} target @param {number} count */
export function adjacencyOf(source, target, count) {
  const start = new Int32Array(count + 1);
  for (let i = 0; i < source.length; i += 1) {
    start[source[i] + 1] += 1;
    start[target[i] + 1] += 1;
  }
  for (let i = 0; i < count; i += 1) start[i + 1] += start[i];
  const fill = start.slice();
  const link = new Int32Array(2 * source.length);
  for (let i = 0; i < source.length; i += 1) {
    link[fill[source[i]]++] = i;
    link[fill[target[i]]++] = i;
  }
  return { start, link };
}

/** @param {number} node @returns {Tie[]} */
export function linksOf(node) {
  /** @type {Tie[]} */
  const found = [];
  eachLink(node, (link, other, out) => found.push({ link, other, out, relation: MODEL.relations[LINKS.relation[link]] }));
  return found;
}

/** @param {number} node @param {(link: number, other: number, out: boolean) => void} act */
export function eachLink(node, act) {
  for (let i = adjacency.start[node]; i < adjacency.start[node + 1]; i += 1) {
    const link = adjacency.link[i];
    const out = LINKS.source[link] === node;
    const other = out ? LINKS.target[link] : LINKS.source[link];
    if (other !== node && lives(link)) act(link, other, out);
  }
}

/** @param {number} node @returns {Kind} */
export const kindOf = (node) => MODEL.kinds[NODES.kind[node]];

/** Name of the region of a node; empty where not reported. @param {number} node */
export const regionOf = (node) => MODEL.regions.name[NODES.region[node]] ?? "";

/** @param {string} name @param {typeof nodeBlock} block */
function columnOf(name, block) {
  if (!cached.has(name)) cached.set(name, block.column(name));
  return cached.get(name);
}

/** What a node reports. @param {number} node @returns {{column: any, value: unknown}[]} */
export function propertiesOf(node) {
  const kind = kindOf(node);
  return kind.properties
    .map((column) => ({ column, value: columnOf(`${kind.code}.${column.name}`, nodeBlock)[node - kind.start] }))
    .filter(({ value }) => !(value === null || value === undefined || value === "" || Number.isNaN(value)));
}

/** Values of a property of a whole kind, in the order of its nodes; null where none reports it. @param {string} kind @param {string} name */
export function propertyOf(kind, name) {
  return nodeBlock.has(`${kind}.${name}`) ? columnOf(`${kind}.${name}`, nodeBlock) : null;
}

/** One property of a link. @param {number} link @param {any} column @returns {any} */
export function linkValue(link, column) {
  const relation = MODEL.relations[LINKS.relation[link]];
  return columnOf(`${relation.code}.${column.name}`, linkBlock)[link - relation.start];
}

/** The properties that a link reports. @param {number} link @returns {{column: any, value: any}[]} */
export function linkProperties(link) {
  const relation = MODEL.relations[LINKS.relation[link]];
  return relation.columns
    .map((/** @type {any} */ column) => ({ column, value: linkValue(link, column) }))
    .filter((/** @type {any} */ { value }) => !(value === null || value === undefined || value === "" || Number.isNaN(value)));
}

/** Partners of a node that are counted and not on the page. @param {number} node */
export const restFor = (node) => restOf.get(node) ?? [];

/** What was found about a node. @param {number} node @param {number} chain the chain in view @returns {Finding[]} */
export function findingsOf(node, chain) {
  return (foundOf.get(node) ?? [])
    .filter(([q, row]) => {
      const where = columnOf(`found${q}.chain`, nodeBlock)[row];
      return where < 0 || where === chain;
    })
    .map(([q, row]) => {
      const { question, zh, en, columns } = MODEL.findings[q];
      const cell = (/** @type {string} */ name) => columnOf(name, nodeBlock)[row];
      return {
        question,
        zh,
        en,
        headline: /** @type {[string, string]} */ ([cell(`found${q}.zh`), cell(`found${q}.en`)]),
        weak: Boolean(cell(`found${q}.weak`)),
        fields: columns
          .map((/** @type {[string, string]} */ [nameZh, nameEn], /** @type {number} */ j) => {
            const text = cell(`found${q}.${j}.zh`);
            return [nameZh, nameEn, text, nodeBlock.has(`found${q}.${j}.en`) ? cell(`found${q}.${j}.en`) : text];
          })
          .filter((/** @type {string[]} */ field) => field[2]),
      };
    });
}

/** Subjects of a question that ask for attention, in its order. @param {number} q */
export function pressing(q) {
  const weak = columnOf(`found${q}.weak`, nodeBlock);
  return [...new Set(Array.from(MODEL.findings[q].subject).filter((_, row) => weak[row]))];
}

/** What the reader has chosen. */
export const view = {
  chain: 0,
  selected: -1, // a node
  box: -1, // a lane or the loose card, where no node is chosen
  hover: -1, // an item of the scene
  focus: -1, // an item of the scene
  weak: false,
  table: false,
  overview: false,
  until: "", // nothing later is shown; empty shows everything
  region: -2, // all; -1 is "not reported"
  goal: -1, // the other end of a way that is looked for
  /** @type {Set<number>} */ struck: new Set(), // hit by a supposed stop
  /** @type {Set<number>} */ hiddenKinds: new Set(),
  /** @type {Set<string>} */ hiddenStates: new Set(),
};

/** Whether a link holds at the date chosen; one without a date always does. @param {number} link */
function lives(link) {
  if (!view.until) return true;
  for (const column of MODEL.relations[LINKS.relation[link]].columns) {
    if (column.role !== "from" && column.role !== "until") continue;
    const text = String(linkValue(link, column) ?? "");
    if (column.role === "from" && text && text.slice(0, view.until.length) > view.until) return false;
    if (column.role === "until" && text && text.slice(0, view.until.length) < view.until) return false;
  }
  return true;
}

/** Regions within a region, itself included. @param {number} region @returns {Set<number>} */
export function within(region) {
  const inside = new Set([region]);
  MODEL.regions.parent.forEach((/** @type {number} */ parent, /** @type {number} */ r) => inside.has(parent) && inside.add(r));
  return inside;
}

let wanted = { region: -2, inside: new Set([-2]) };

/** Whether the filters leave a node. @param {number} node */
export function passes(node) {
  if (view.hiddenKinds.has(NODES.kind[node])) return false;
  if (view.region === -2) return true;
  if (kindOf(node).code !== "Enterprise" && NODES.region[node] < 0) return true;
  if (wanted.region !== view.region) wanted = { region: view.region, inside: within(view.region) };
  return wanted.inside.has(NODES.region[node]);
}
