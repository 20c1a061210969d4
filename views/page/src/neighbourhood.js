/** The neighbourhood of one node as a picture of its own: suppliers to the left, buyers to the right, support above and below. */
import { MODEL, NODES, eachLink, kindOf, passes } from "./model.js";

const CHIP_W = 150;
const CHIP_H = 24;
const ROW = 32;
const PAD = 8;
const HEAD = 34;
const CARD_W = CHIP_W + 2 * PAD;
const GUTTER = 58;
const LABEL = 78;
const OUTER = 26;
const CAP = 14;
const LANE_ROWS = 3;

/** Suppliers and buyers up to two steps away, and every other neighbour by kind.
 * @param {number} centre @param {number} hops */
export function around(centre, hops) {
  const supply = MODEL.relations.findIndex((/** @type {any} */ relation) => relation.code === "SUPPLIES");
  /** @type {Map<number, number>} column of a firm: -2 to 2 */
  const column = new Map([[centre, 0]]);
  /** @type {Map<number, number>} number of ties, by which members are sorted */
  const ties = new Map();
  /** @type {Map<number, Set<number>>} other neighbours by kind */
  const others = new Map();
  const flows = (/** @type {number} */ link) => MODEL.relations.length && supply >= 0 && link >= MODEL.relations[supply].start && link < MODEL.relations[supply].start + MODEL.relations[supply].count;
  let front = [centre];
  for (let hop = 1; hop <= Math.min(hops, 2); hop += 1) {
    /** @type {Map<number, number>} */
    const found = new Map();
    for (const node of front) {
      const side = Math.sign(column.get(node) ?? 0);
      eachLink(node, (link, other, out) => {
        if (flows(link)) {
          const way = out ? 1 : -1;
          if ((side === 0 || side === way) && !column.has(other) && passes(other)) {
            found.set(other, found.get(other) ?? hop * way);
            ties.set(other, (ties.get(other) ?? 0) + 1);
          }
        } else if (hop === 1 && passes(other)) {
          const kind = NODES.kind[other];
          if (!others.has(kind)) others.set(kind, new Set());
          /** @type {Set<number>} */ (others.get(kind)).add(other);
        }
      });
    }
    found.forEach((where, node) => column.set(node, where));
    front = [...found.keys()];
  }
  return { column, ties, others };
}

/** The picture of a neighbourhood, in the form of a chain. @param {number} centre @param {number} [hops] */
export function neighbourhood(centre, hops = 2) {
  const { column, ties, others } = around(centre, hops);
  /** @type {Map<number, number[]>} */
  const sides = new Map([[0, [centre]]]);
  column.forEach((where, node) => {
    if (node !== centre) sides.set(where, [...(sides.get(where) ?? []), node]);
  });
  const wanted = [-2, -1, 0, 1, 2].filter((where) => sides.has(where) || (sides.size < 3 && Math.abs(where) === 1));
  /** @type {any[]} */
  const boxes = [];
  const chips = { h: CHIP_H, gap: ROW - CHIP_H, node: /** @type {number[]} */ ([]), box: /** @type {number[]} */ ([]), x: /** @type {number[]} */ ([]), y: /** @type {number[]} */ ([]), mark: /** @type {number[]} */ ([]) };
  const columns = wanted.map((where, k) => ({ ...hopWords(where), x: LABEL + OUTER + k * (CARD_W + GUTTER), w: CARD_W, corridors: /** @type {number[]} */ ([]) }));
  const width = LABEL + 2 * OUTER + wanted.length * CARD_W + (wanted.length - 1) * GUTTER;
  const fill = (/** @type {number} */ box, /** @type {number[]} */ members, /** @type {number[]} */ slots, /** @type {number} */ rows, /** @type {number} */ top) => {
    const room = slots.length * rows;
    const drawn = members.length > room ? room - 1 : members.length;
    const places = Math.min(members.length, room);
    for (let i = 0; i < places; i += 1) {
      chips.node.push(i < drawn ? members[i] : -1);
      chips.box.push(box);
      chips.x.push(slots[i % slots.length]);
      chips.y.push(top + CHIP_H / 2 + Math.floor(i / slots.length) * ROW);
      chips.mark.push(i < drawn && NODES.inferred[members[i]] ? 4 : 0);
    }
    return Math.ceil(places / slots.length) * ROW - (ROW - CHIP_H);
  };
  const wide = wanted.map((_, k) => columns[k].x + PAD + CHIP_W / 2);
  const lane = (/** @type {number} */ kind, /** @type {number} */ top) => {
    const members = [...(others.get(kind) ?? [])];
    const height = fill(boxes.length, members, wide, LANE_ROWS, top + 4) + 8;
    boxes.push({ role: "lane", node: -1, kind, title: MODEL.kinds[kind].place === "card" ? ["其他往来企业", "Other firms"] : undefined, state: "", also: [], column: -1, x: 0, y: top, w: width, h: height, chip: CHIP_W, note: ["", ""], members });
    return top + height + 4;
  };
  const places = [...others.keys()].sort((a, b) => a - b);
  let top = 0;
  for (const kind of places.filter((k) => MODEL.kinds[k].place === "above")) top = lane(kind, top);
  top += 12 + 26 + 14;
  let bottom = top;
  wanted.forEach((where, k) => {
    if (!sides.has(where)) {
      columns[k].corridors.push(top - 7);
      return;
    }
    const members = (sides.get(where) ?? []).sort((a, b) => (ties.get(b) ?? 0) - (ties.get(a) ?? 0) || a - b);
    const slots = [columns[k].x + PAD + CHIP_W / 2];
    const height = HEAD + fill(boxes.length, members, slots, CAP, top + HEAD) + PAD;
    boxes.push({ role: "card", node: -1, title: hopTitle(where), kind: NODES.kind[centre], state: "", also: [], column: k, x: columns[k].x, y: top, w: CARD_W, h: height, chip: CHIP_W, note: ["", ""], members });
    columns[k].corridors.push(top - 7, top + height + 8);
    bottom = Math.max(bottom, top + height);
  });
  top = bottom + 18;
  for (const kind of places.filter((k) => MODEL.kinds[k].place !== "above")) top = lane(kind, top);
  return { node: centre, title: "", words: "near", about: NODES.short[centre], width, height: top, columns, boxes, chips, flows: [], notes: [] };
}

/** @param {number} where @returns {{zh: string, en: string}} */
function hopWords(where) {
  const far = Math.abs(where);
  if (!where) return { zh: "所选", en: "Chosen" };
  return where < 0
    ? { zh: far === 1 ? "供方" : "供方的供方", en: far === 1 ? "Suppliers" : "Their suppliers" }
    : { zh: far === 1 ? "需方" : "需方的需方", en: far === 1 ? "Buyers" : "Their buyers" };
}

/** @param {number} where @returns {[string, string]} */
function hopTitle(where) {
  const { zh, en } = hopWords(where);
  return [zh, en];
}

/** Positions that came with the page, as a picture. @param {{node: number[], x: number[], y: number[]}} placed */
export function given(placed) {
  const margin = 70;
  const [left, right] = [Math.min(...placed.x), Math.max(...placed.x)];
  const [up, down] = [Math.min(...placed.y), Math.max(...placed.y)];
  const need = Math.max(900, 130 * Math.sqrt(placed.node.length) * 1.6);
  const scale = Math.min(need / (right - left || 1), (need * 0.62) / (down - up || 1));
  const x = placed.x.map((value) => (value - left) * scale + margin);
  const y = placed.y.map((value) => (value - up) * scale + margin);
  const [width, height] = [(right - left) * scale + 2 * margin, (down - up) * scale + 2 * margin];
  const kind = NODES.kind[placed.node[0]];
  return {
    node: -1,
    title: "",
    words: "givenLayout",
    width,
    height,
    columns: [],
    boxes: [{ role: "given", node: -1, kind, state: "", also: [], column: -1, x: 0, y: 0, w: width, h: height, chip: 104, note: ["", ""], members: placed.node }],
    chips: { h: 24, gap: 8, node: placed.node, box: placed.node.map(() => 0), x, y, mark: placed.node.map((node) => (NODES.inferred[node] ? 4 : 0)) },
    flows: [],
    notes: [],
  };
}

/** Whether a node has anything to show around it. @param {number} node */
export function hasNear(node) {
  let some = false;
  eachLink(node, () => (some = true));
  return some && kindOf(node).code !== "Segment" && kindOf(node).code !== "Chain";
}
