/** Chips too small to be read, as many as there may be: plain shapes, painted together by colour. */
import { camera } from "./camera.js";
import { MODEL, NODES, view } from "./model.js";
import { chipAlpha, ink } from "./paint.js";
import { scene } from "./scene.js";

/** @typedef {import("./paint.js").Emphasis} Emphasis */

const LEGIBLE = 8; // pixels of height from which on a chip is drawn with its name
const LEAST = 2.5; // pixels a shape keeps

/** Whether chips are drawn without names. */
export const areDots = () => scene.form === "given" && scene.chips.h * camera.scale < LEGIBLE;

/** Chips that stand at least partly within left, top, right, bottom. @param {number[]} window @returns {number[]} */
export function chipsWithin([left, top, right, bottom]) {
  const { node, x, y } = scene.chips;
  const found = [];
  for (let c = 0; c < node.length; c += 1) if (x[c] > left - 110 && x[c] < right + 110 && y[c] > top - 20 && y[c] < bottom + 20) found.push(c);
  return found;
}

/** @param {CanvasRenderingContext2D} ctx @param {Emphasis | null} chosen @param {number[]} window */
export function paintDots(ctx, chosen, window) {
  const { node, x, y, h } = scene.chips;
  const least = LEAST / camera.scale;
  const [wide, tall] = [Math.max(scene.chain.boxes[0].chip, least), Math.max(h, least)];
  /** @type {Map<string, {colour: string, alpha: number, path: Path2D}>} */
  const groups = new Map();
  for (const c of chipsWithin(window)) {
    const alpha = chipAlpha(c, chosen);
    if (!alpha) continue;
    const colour = node[c] === view.selected ? "accent" : c === view.hover ? "focus" : MODEL.kinds[NODES.kind[node[c]]].code;
    const name = `${colour} ${alpha}`;
    let group = groups.get(name);
    if (!group) groups.set(name, (group = { colour, alpha, path: new Path2D() }));
    group.path.rect(x[c] - wide / 2, y[c] - tall / 2, wide, tall);
  }
  for (const { colour, alpha, path } of groups.values()) {
    ctx.globalAlpha = alpha;
    ctx.fillStyle = ink[colour] || ink.other;
    ctx.fill(path);
  }
  ctx.globalAlpha = 1;
}
