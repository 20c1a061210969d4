/** How the links of a chosen node run: along the rows between chips and the gutters between boxes. */
import { LINKS, kindOf, linksOf, passes } from "./model.js";
import { scene } from "./scene.js";
const OUTER_GUTTER = 13; // distance of the outermost gutters from the columns

/** @typedef {{points: [number, number][], colour: string, dash: number[], arrow: boolean, inferred: boolean, other: number}} Route */

/** Dash of a relation; supply is the one drawn through. @param {any} relation */
export function dashOf(relation) {
  if (relation.code === "SUPPLIES") return [];
  if (relation.code === "COOPERATES") return [10, 3];
  if (["ORG_OF", "MEMBER_OF", "SUBORDINATE_TO", "CO_BUILDS"].includes(relation.code)) return [6, 4];
  return [2, 3];
}

/** Name of the colour of a link as seen from the chosen node. @param {any} relation @param {boolean} out @param {number} other */
export function toneOf(relation, out, other) {
  if (relation.code === "SUPPLIES") return out ? "out" : "into";
  return kindOf(other).code;
}

/** @param {number} gutter */
function gutterX(gutter) {
  const columns = scene.chain.columns;
  if (gutter === 0) return columns[0].x - OUTER_GUTTER;
  const left = columns[gutter - 1];
  if (gutter === columns.length) return left.x + left.w + OUTER_GUTTER;
  return (left.x + left.w + columns[gutter].x) / 2;
}

/** The gutters a chip can reach without crossing a box. @param {number} chip */
function guttersOf(chip) {
  const column = scene.chain.boxes[scene.chips.box[chip]].column;
  if (column >= 0) return [column, column + 1];
  return Array.from({ length: scene.chain.columns.length + 1 }, (_, i) => i);
}

/** From a chip to a gutter. @param {number} chip @param {number} x @param {number} shift @returns {[number, number][]} */
function exit(chip, x, shift) {
  const { chips, chain } = scene;
  const box = chain.boxes[chips.box[chip]];
  const [cx, cy] = [chips.x[chip], chips.y[chip]];
  const side = x < cx ? -1 : 1;
  const edge = side < 0 ? box.x : box.x + box.w;
  if (box.column >= 0 && Math.abs(cx - edge) < box.chip / 2 + 12) return [[cx + (side * box.chip) / 2, cy + shift / 3], [x, cy + shift / 3]];
  const below = box.column >= 0 || box.y < chain.height / 2;
  const away = (below ? 1 : -1) * (chips.h / 2);
  const row = cy + away + ((below ? 1 : -1) * chips.gap) / 2 + shift / 4;
  return [[cx + shift, cy + away], [cx + shift, row], [x, row]];
}

/** @param {number} a @param {number} b @param {number} shift @returns {[number, number][]} */
function routeBetween(a, b, shift) {
  const { chips, chain } = scene;
  let best = { cost: Infinity, from: 0, to: 0 };
  for (const from of guttersOf(a)) {
    for (const to of guttersOf(b)) {
      const [x, y] = [gutterX(from), gutterX(to)];
      const cost = Math.abs(chips.x[a] - x) + Math.abs(chips.x[b] - y) + Math.abs(x - y) + 60 * Math.abs(from - to);
      if (cost < best.cost) best = { cost, from, to };
    }
  }
  const points = exit(a, gutterX(best.from) + shift, shift);
  const goal = exit(b, gutterX(best.to) + shift, shift);
  const step = Math.sign(best.to - best.from);
  for (let gutter = best.from; gutter !== best.to; gutter += step) {
    const free = chain.columns[step > 0 ? gutter : gutter - 1].corridors;
    const wish = (points[points.length - 1][1] + goal[goal.length - 1][1]) / 2;
    const y = free.reduce((/** @type {number} */ p, /** @type {number} */ q) => (Math.abs(q - wish) < Math.abs(p - wish) ? q : p)) + shift / 3;
    points.push([gutterX(gutter) + shift, y], [gutterX(gutter + step) + shift, y]);
  }
  return points.concat(goal.reverse());
}

/** The links of a node that can be drawn in this chain, one per pair of chips. @param {number} node @returns {Route[]} */
export function routesOf(node) {
  if (scene.form === "given") return [];
  const own = scene.chipsOf.get(node) ?? [];
  const { chips } = scene;
  const done = new Set();
  const routes = [];
  for (const { link, other, out, relation } of linksOf(node)) {
    if (!passes(other)) continue;
    let best = { far: Infinity, a: -1, b: -1 };
    for (const a of own) {
      for (const b of scene.chipsOf.get(other) ?? []) {
        const far = Math.abs(chips.x[a] - chips.x[b]) + Math.abs(chips.y[a] - chips.y[b]);
        if (a !== b && far < best.far) best = { far, a, b };
      }
    }
    const name = `${best.a} ${best.b} ${LINKS.relation[link]} ${out}`;
    const lanes = [best.a, best.b].every((chip) => chip >= 0 && scene.chain.boxes[chips.box[chip]].role === "lane");
    if (best.a < 0 || lanes || done.has(name)) continue; // between lanes the outlines say enough
    done.add(name);
    const shift = relation.code === "SUPPLIES" ? (out ? 8 : -8) : (LINKS.relation[link] % 3) * 5 - 5;
    const points = routeBetween(best.a, best.b, shift);
    routes.push({
      points: out ? points : points.reverse(),
      colour: toneOf(relation, out, other),
      dash: dashOf(relation),
      arrow: relation.directed,
      inferred: Boolean(LINKS.inferred[link]),
      other,
    });
  }
  return routes;
}
