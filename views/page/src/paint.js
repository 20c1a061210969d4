/** The drawing of a chain on a canvas, the same on screen and in an exported picture. */
import { paintCard, paintHatch } from "./cards.js";
import { drawIcon } from "./icons.js";
import { firms, label, laneLabel, language, say } from "./labels.js";
import { paintCross, paintFlow, paintRoute, paintStraight } from "./lines.js";
import { MODEL, NODES, linksOf, passes, view } from "./model.js";
import { routesOf } from "./routes.js";
import { boxPasses, isWeak, scene } from "./scene.js";
import { waysBetween } from "./ways.js";

let font = "sans-serif";

export const MARK = { owner: 1, scale: 2, inferred: 4, finding: 8 };

export const FADED = 0.3;

/** @type {Record<string, string>} */
export let ink = {};

/** @type {Map<string, string>} */
export const cut = new Map();

export const sans = (/** @type {number} */ size, weight = 400) => `${weight} ${size}px ${font}`;

/** Take the colours of the theme in force. */
export function readInk() {
  const style = getComputedStyle(document.documentElement);
  font = style.getPropertyValue("--font").trim();
  ink = new Proxy({}, {
    get: (store, /** @type {string} */ name) => {
      const known = /** @type {any} */ (store);
      known[name] ??= style.getPropertyValue(`--${name}`).trim() || style.getPropertyValue("--other").trim();
      return known[name];
    },
  });
}

/** Cut a text to a width, with an ellipsis; a number at its end, which tells it from others, stays. @param {CanvasRenderingContext2D} ctx @param {string} text @param {number} room */
export function fitted(ctx, text, room) {
  const name = `${ctx.font}|${room}|${text}`;
  let short = cut.get(name);
  if (short === undefined) {
    short = text;
    if (ctx.measureText(text).width > room) {
      const end = /[0-9]{1,4}$/.exec(text)?.[0] ?? "";
      const letters = Array.from(text.slice(0, text.length - end.length));
      while (letters.length > 1 && ctx.measureText(`${letters.join("")}…${end}`).width > room) letters.pop();
      short = `${letters.join("")}…${end}`;
    }
    cut.set(name, short);
  }
  return short;
}

/** @param {CanvasRenderingContext2D} ctx @param {string} text @param {number} x @param {number} y @param {CanvasTextAlign} [align] */
export function write(ctx, text, x, y, align = "left") {
  ctx.textAlign = align;
  ctx.textBaseline = "middle";
  ctx.fillText(text, x, y + 0.5);
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} w @param {number} h @param {number | number[]} r */
export function rounded(ctx, x, y, w, h, r) {
  const [a, b, c, d] = Array.isArray(r) ? r : [r, r, r, r];
  ctx.beginPath();
  ctx.moveTo(x + a, y);
  ctx.arcTo(x + w, y, x + w, y + h, b);
  ctx.arcTo(x + w, y + h, x, y + h, c);
  ctx.arcTo(x, y + h, x, y, d);
  ctx.arcTo(x, y, x + w, y, a);
  ctx.closePath();
}

/** @typedef {{nodes: Set<number>, boxes: Set<number>, own: Set<number>}} Emphasis */
/** @type {{at: string, chosen: Emphasis | null, routes: import("./routes.js").Route[]}} */
let known = { at: "", chosen: null, routes: [] };

/** What stands out and which links are drawn, worked out once per choice. */
export function standing() {
  const now = [scene.chain.title, view.chain, view.selected, view.box, view.region, view.until, view.goal, view.struck.size, ...view.hiddenKinds].join(" ");
  if (known.at !== now) known = { at: now, chosen: emphasis(), routes: view.goal >= 0 || view.struck.size ? [] : view.selected >= 0 ? routesOf(view.selected) : scene.form === "near" ? routesOf(scene.chain.node) : [] };
  return known;
}

/** The chosen nodes and boxes; null where everything is equal. @returns {Emphasis | null} */
function emphasis() {
  if (view.goal >= 0 && view.selected >= 0) {
    const steps = waysBetween(view.selected, view.goal).flatMap((way) => way.steps ?? []);
    return { nodes: new Set([view.selected, view.goal, ...steps.map((step) => step.node)]), boxes: new Set(), own: new Set() };
  }
  if (view.struck.size && view.selected >= 0) return { nodes: new Set([view.selected, ...view.struck]), boxes: new Set(), own: new Set(scene.boxesOf.get(view.selected) ?? []) };
  if (view.selected >= 0) {
    const nodes = new Set([view.selected, ...linksOf(view.selected).map((link) => link.other)]);
    const box = scene.boxOfSegment.get(view.selected);
    const boxes = new Set(box === undefined ? [] : [box]);
    if (box !== undefined) {
      scene.chain.boxes[box].members.forEach((/** @type {number} */ node) => nodes.add(node));
      for (const flow of scene.chain.flows) {
        if (flow.source === box) boxes.add(flow.target);
        if (flow.target === box) boxes.add(flow.source);
      }
    }
    return { nodes, boxes, own: new Set(scene.boxesOf.get(view.selected) ?? (box === undefined ? [] : [box])) };
  }
  if (view.box >= 0) {
    const members = new Set(scene.chain.boxes[view.box].members);
    return { nodes: members, boxes: new Set([view.box]), own: new Set([view.box]) };
  }
  return null;
}

/** @param {number} b @param {Emphasis | null} chosen */
function boxAlpha(b, chosen) {
  const box = scene.chain.boxes[b];
  if (!boxPasses(box)) return 0.1;
  if (chosen) return chosen.own.has(b) || chosen.boxes.has(b) ? 1 : 0.62;
  return view.weak && !isWeak(box) ? 0.34 : 1;
}

/** @param {number} c @param {Emphasis | null} chosen */
export function chipAlpha(c, chosen) {
  const node = scene.chips.node[c];
  const b = scene.chips.box[c];
  const box = scene.chain.boxes[b];
  if (!boxPasses(box)) return 0;
  if (node >= 0 && view.hiddenKinds.has(NODES.kind[node])) return 0;
  if (node >= 0 && !passes(node)) return 0.14;
  if (chosen) {
    if (node >= 0) return chosen.nodes.has(node) ? 1 : FADED;
    return hiddenChosen(c, chosen.nodes).length ? 1 : FADED + 0.2;
  }
  return view.weak && !isWeak(box) ? FADED : 1;
}

/** Members behind a "+N" chip that are among the chosen. @param {number} c @param {Set<number>} nodes @returns {number[]} */
export function hiddenChosen(c, nodes) {
  const b = scene.chips.box[c];
  const members = scene.chain.boxes[b].members;
  return members.slice(scene.shown.get(b) ?? 0).filter((/** @type {number} */ node) => nodes.has(node));
}

/** Everything below the chips. @param {CanvasRenderingContext2D} ctx */
export function paintUnder(ctx) {
  const { chosen, routes } = standing();
  scene.chain.boxes.forEach((/** @type {any} */ box, /** @type {number} */ b) => {
    ctx.globalAlpha = boxAlpha(b, chosen);
    if (box.role === "lane" || box.role === "loose") paintBand(ctx, box, b);
  });
  ctx.globalAlpha = 1;
  paintStages(ctx);
  if (scene.form === "given") paintStraight(ctx, chosen);
  for (const flow of scene.chain.flows) paintFlow(ctx, flow, chosen);
  scene.chain.boxes.forEach((/** @type {any} */ box, /** @type {number} */ b) => {
    ctx.globalAlpha = 1;
    if (box.role === "card") paintCard(ctx, box, b, boxAlpha(b, chosen));
  });
  ctx.globalAlpha = 1;
  for (const one of routes) paintRoute(ctx, one);
}

/** Everything above the chips. @param {CanvasRenderingContext2D} ctx */
export function paintOver(ctx) {
  const { chosen } = standing();
  for (const flow of scene.chain.flows) if (flow.status === "unlinked") paintCross(ctx, flow, chosen);
  if (view.focus >= 0 && document.activeElement?.id === "stage") {
    const { x, y, w, h } = frameOf(view.focus);
    ctx.strokeStyle = ink.focus;
    ctx.lineWidth = 3;
    rounded(ctx, x - 3, y - 3, w + 6, h + 6, 9);
    ctx.stroke();
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {any} box @param {number} b */
function paintBand(ctx, box, b) {
  const loose = box.role === "loose";
  ctx.fillStyle = ink.band;
  rounded(ctx, box.x, box.y, box.w, box.h, 8);
  ctx.fill();
  if (loose) paintHatch(ctx, box);
  ctx.strokeStyle = loose ? ink.not_reported : ink.soft;
  ctx.lineWidth = b === view.box || b === view.hover - scene.chips.node.length ? 2 : 1;
  ctx.setLineDash(loose ? [5, 4] : []);
  rounded(ctx, box.x, box.y, box.w, box.h, 8);
  ctx.stroke();
  ctx.setLineDash([]);
  const kind = MODEL.kinds[box.kind];
  const lines = bandLines(ctx, loose ? say("looseLane") : box.title ? label({ zh: box.title[0], en: box.title[1] }) : laneLabel(kind), loose ? firms(box.members.length) : String(box.members.length));
  const top = box.y + box.h / 2 - (lines.length - 1) * 7;
  drawIcon(ctx, loose ? "not_reported" : kind.code, box.x + 14, box.y + box.h / 2, 14, loose ? ink.not_reported : ink[kind.code], ink.paper);
  ctx.fillStyle = ink.ink;
  lines.forEach((line, i) => write(ctx, line, box.x + 26, top + i * 14));
}

/** Name and number of a lane, on at most two lines. @param {CanvasRenderingContext2D} ctx @param {string} name @param {string} count */
function bandLines(ctx, name, count) {
  const room = 76;
  ctx.font = sans(12, 600);
  if (ctx.measureText(`${name} ${count}`).width <= room) return [`${name} ${count}`];
  if (ctx.measureText(name).width <= room) return [name, count];
  const half = name.includes(" ") ? name.indexOf(" ") : Math.ceil(name.length / 2);
  return [name.slice(0, half), `${name.slice(half).trim()} ${count}`].map((line) => fitted(ctx, line, room));
}

/** @param {CanvasRenderingContext2D} ctx */
function paintStages(ctx) {
  if (scene.form !== "chain") return;
  const cards = scene.chain.boxes.filter((/** @type {any} */ box) => box.role === "card");
  if (!cards.length) return;
  const top = Math.min(...cards.map((/** @type {any} */ box) => box.y)) - 40;
  scene.chain.columns.forEach((/** @type {any} */ column, /** @type {number} */ k) => {
    const count = new Set(cards.filter((/** @type {any} */ box) => box.column === k).flatMap((/** @type {any} */ box) => box.members)).size;
    const { x, w } = column;
    ctx.fillStyle = column.zh ? ink[`stage-${Math.min(k, 2)}`] : ink.not_reported;
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x + w - 10, top);
    ctx.lineTo(x + w, top + 13);
    ctx.lineTo(x + w - 10, top + 26);
    ctx.lineTo(x, top + 26);
    if (k) ctx.lineTo(x + 10, top + 13);
    ctx.closePath();
    ctx.fill();
    ctx.fillStyle = "#fff";
    ctx.font = sans(13.5, 700);
    write(ctx, column.zh ? label(column) : say("stageUnknown"), x + 20, top + 13);
    ctx.font = sans(12);
    write(ctx, `${cards.filter((/** @type {any} */ box) => box.column === k).length} ${say("segments").toLowerCase()} · ${language === "zh" ? firms(count) : `${count} firms`}`, x + w - 18, top + 13, "right");
  });
}

/** The outline of an item: chips first, then boxes. @param {number} item */
export function frameOf(item) {
  const { chips, chain } = scene;
  const count = chips.node.length;
  if (item < count) {
    const w = chain.boxes[chips.box[item]].chip;
    return { x: chips.x[item] - w / 2, y: chips.y[item] - chips.h / 2, w, h: chips.h };
  }
  const { x, y, w, h } = chain.boxes[item - count];
  return { x, y, w, h };
}

/** The item at a place of the drawing, or -1. @param {number} x @param {number} y */
export function itemAt(x, y) {
  const { chips, chain } = scene;
  const count = chips.node.length;
  for (let c = 0; c < count; c += 1) {
    if (Math.abs(chips.x[c] - x) <= chain.boxes[chips.box[c]].chip / 2 && Math.abs(chips.y[c] - y) <= chips.h / 2 && chipAlpha(c, null) > 0) return c;
  }
  const b = chain.boxes.findIndex((/** @type {any} */ box) => x >= box.x && x <= box.x + box.w && y >= box.y && y <= box.y + box.h && boxPasses(box));
  return b < 0 ? -1 : count + b;
}
