/** Flows and links on the canvas. */
import { LINKS, MODEL, eachLink, passes, view } from "./model.js";
import { ink } from "./paint.js";
import { dashOf } from "./routes.js";
import { boxPasses, scene } from "./scene.js";

/** @typedef {import("./paint.js").Emphasis} Emphasis */

/** @param {CanvasRenderingContext2D} ctx @param {any} flow */
function tracePath(ctx, flow) {
  const p = flow.path;
  ctx.beginPath();
  ctx.moveTo(p[0], p[1]);
  for (let i = 2; i < p.length; i += 6) ctx.bezierCurveTo(p[i], p[i + 1], p[i + 2], p[i + 3], p[i + 4], p[i + 5]);
}

/** Supply relations of a flow up to the date chosen; those without a year always count. @param {any} flow */
export function suppliesOf(flow) {
  if (!view.until) return flow.supplies;
  return flow.years.reduce((/** @type {number} */ left, /** @type {[number, number]} */ [year, count]) => (String(year) > view.until ? left - count : left), flow.supplies);
}

/** @param {CanvasRenderingContext2D} ctx @param {any} flow @param {Emphasis | null} chosen */
export function paintFlow(ctx, flow, chosen) {
  const ends = [scene.chain.boxes[flow.source], scene.chain.boxes[flow.target]];
  if (!ends.every(boxPasses)) return;
  const own = chosen && view.selected >= 0 && (chosen.own.has(flow.source) || chosen.own.has(flow.target)) && scene.boxOfSegment.has(view.selected);
  if (flow.minor && !own) return;
  const missing = flow.status === "unlinked";
  const supplies = suppliesOf(flow);
  if (flow.status === "supply" && !supplies) return;
  const width = flow.status === "supply" ? Math.min(1.4 + 0.85 * Math.log2(1 + supplies), 5.5) : missing ? 2 : 1.2;
  ctx.globalAlpha = own ? 1 : chosen ? 0.16 : view.weak ? (missing ? 1 : 0.18) : flow.status === "template" ? 0.8 : 0.78;
  ctx.strokeStyle = ctx.fillStyle = missing ? ink.broken_unlinked : own ? ink.accent : ink.flow;
  ctx.lineWidth = width;
  ctx.lineCap = "butt";
  ctx.setLineDash(missing ? [7, 5] : flow.status === "template" ? [2, 4] : flow.back ? [12, 4] : []);
  tracePath(ctx, flow);
  ctx.stroke();
  ctx.setLineDash([]);
  const p = flow.path;
  const n = p.length;
  const down = p[n - 4] === p[n - 2];
  const along = down ? [0, 1] : [Math.sign(p[n - 2] - p[n - 4]) || 1, 0];
  arrowHead(ctx, [p[n - 2], p[n - 1]], along, 4.5 + width * 0.8);
  ctx.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} ctx @param {number[]} tip @param {number[]} along @param {number} size */
function arrowHead(ctx, tip, along, size) {
  const [x, y] = tip;
  const [dx, dy] = along;
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x - dx * size * 1.5 - dy * size * 0.8, y - dy * size * 1.5 + dx * size * 0.8);
  ctx.lineTo(x - dx * size * 1.5 + dy * size * 0.8, y - dy * size * 1.5 - dx * size * 0.8);
  ctx.closePath();
  ctx.fill();
}

const MOST_STRAIGHT = 50000;
const TOGETHER = 400; // lines of one path: a longer one takes disproportionately long to fill in

/** Straight lines between given places, as many as can be told apart, painted together by style. @param {CanvasRenderingContext2D} ctx @param {Emphasis | null} chosen */
export function paintStraight(ctx, chosen) {
  const { node, x, y } = scene.chips;
  /** @type {Map<string, {relation: any, own: boolean, paths: Path2D[], size: number}>} */
  const groups = new Map();
  let drawn = 0;
  for (let c = 0; c < node.length && drawn < MOST_STRAIGHT; c += 1) {
    if (!passes(node[c])) continue;
    eachLink(node[c], (link, other, out) => {
      const far = out ? scene.chipsOf.get(other)?.[0] : undefined;
      if (far === undefined || !passes(other)) return;
      drawn += 1;
      const own = chosen !== null && (node[c] === view.selected || other === view.selected);
      const name = `${LINKS.relation[link]} ${own}`;
      let group = groups.get(name);
      if (!group) groups.set(name, (group = { relation: MODEL.relations[LINKS.relation[link]], own, paths: [], size: 0 }));
      if (group.size++ % TOGETHER === 0) group.paths.push(new Path2D());
      const path = group.paths[group.paths.length - 1];
      path.moveTo(x[c], y[c]);
      path.lineTo(x[far], y[far]);
    });
  }
  ctx.lineWidth = 1.2;
  for (const { relation, own, paths } of groups.values()) {
    ctx.globalAlpha = own ? 1 : chosen ? 0.12 : 0.5;
    ctx.strokeStyle = own ? ink.accent : ink.flow;
    ctx.setLineDash(dashOf(relation));
    for (const path of paths) ctx.stroke(path);
  }
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/** The sign on a missing link. @param {CanvasRenderingContext2D} ctx @param {any} flow @param {Emphasis | null} chosen */
export function paintCross(ctx, flow, chosen) {
  if (![scene.chain.boxes[flow.source], scene.chain.boxes[flow.target]].every(boxPasses)) return;
  const p = flow.path;
  const at = (/** @type {number} */ i) => (p[i] + 3 * p[i + 2] + 3 * p[i + 4] + p[i + 6]) / 8;
  const [x, y] = [at(0), at(1)];
  ctx.globalAlpha = chosen && !(chosen.own.has(flow.source) || chosen.own.has(flow.target)) ? 0.25 : 1;
  ctx.fillStyle = ink.paper;
  ctx.strokeStyle = ink.broken_unlinked;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.arc(x, y, 8.5, 0, 7);
  ctx.fill();
  ctx.stroke();
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.moveTo(x - 3.5, y - 3.5);
  ctx.lineTo(x + 3.5, y + 3.5);
  ctx.moveTo(x + 3.5, y - 3.5);
  ctx.lineTo(x - 3.5, y + 3.5);
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} ctx @param {import("./routes.js").Route} one */
export function paintRoute(ctx, one) {
  const points = one.points;
  ctx.strokeStyle = ctx.fillStyle = ink[one.colour];
  ctx.lineWidth = 2;
  ctx.globalAlpha = one.inferred ? 0.6 : 0.95;
  ctx.lineJoin = "round";
  ctx.setLineDash(one.dash);
  ctx.beginPath();
  ctx.moveTo(points[0][0], points[0][1]);
  let last = 0;
  for (let i = 1; i < points.length; i += 1) {
    const [[ax, ay], [bx, by]] = [points[i - 1], points[i]];
    const length = Math.abs(ax - bx) + Math.abs(ay - by);
    if (length > 18) last = i;
    const next = points[i + 1];
    if (next) {
      const turn = Math.min(7, length / 2, (Math.abs(next[0] - bx) + Math.abs(next[1] - by)) / 2);
      ctx.arcTo(bx, by, next[0], next[1], turn);
    } else ctx.lineTo(bx, by);
  }
  ctx.stroke();
  ctx.setLineDash([]);
  if (one.arrow && last) {
    const [[ax, ay], [bx, by]] = [points[last - 1], points[last]];
    const along = [Math.sign(bx - ax), Math.sign(by - ay)];
    const back = last === points.length - 1 ? 1 : Math.min(9, (Math.abs(bx - ax) + Math.abs(by - ay)) / 3);
    arrowHead(ctx, [bx - along[0] * back, by - along[1] * back], along, 5.5);
  }
  ctx.globalAlpha = 1;
}
