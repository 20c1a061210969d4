/** The overview on a canvas: the table or the strips in view, and what their signs mean. */
import { drawIcon } from "./icons.js";
import { firms, label, say, titleOf } from "./labels.js";
import { MODEL, NODES } from "./model.js";
import { brief, chainsHere, inSegments, placeName, regionName, shade, statesOf, stripsHere } from "./overview.js";
import { fitted, ink, rounded, sans, write } from "./paint.js";

const ROW = 27;
const HEAD = 44;
const NAME = 240;
const SIGN = 42;
const NUMBER = 70;
const PLACE = 84;
const STRIP = 1400;
const KEY = 34;

/** @typedef {{title: string, width: number, height: number, paint: (ctx: CanvasRenderingContext2D) => void}} Sheet */

/** @returns {Sheet} */
export function sheet() {
  const { width, height, paint } = inSegments() ? stripSheet() : chainSheet();
  const title = `${placeName()} · ${say(inSegments() ? "byRegion" : "byChain")}`;
  return {
    title,
    width,
    height: height + KEY,
    paint(ctx) {
      paint(ctx);
      paintKey(ctx, height + KEY / 2, width);
    },
  };
}

function chainSheet() {
  const { across, some, rows, total, totalOwn, totals } = chainsHere();
  const signs = SIGN * Math.max(2, ...rows.map(({ chain }) => statesOf(chain).length));
  const numbers = NAME + signs;
  const places = numbers + NUMBER * (some ? 2 : 1);
  const width = Math.max(places + across.length * PLACE, 720);
  const height = HEAD + (rows.length + 1) * ROW;
  /** @param {CanvasRenderingContext2D} ctx */
  const paint = (ctx) => {
    ctx.fillStyle = ink["card-head"];
    ctx.fillRect(0, 0, width, HEAD);
    ctx.font = sans(13, 600);
    ctx.fillStyle = ink.ink;
    write(ctx, say("chain"), 8, HEAD / 2);
    write(ctx, say("gapsOf"), NAME, HEAD / 2);
    write(ctx, say("total"), numbers + NUMBER - 8, HEAD / 2, "right");
    if (some) write(ctx, say("ownLevel"), places - 8, HEAD / 2, "right");
    across.forEach((r, i) => paintHead(ctx, brief(regionName(r)), places + (i + 1) * PLACE - 8));
    rows.forEach(({ chain, whole, own, counts }, i) => {
      const y = HEAD + i * ROW;
      line(ctx, y + ROW, width, ink.soft);
      ctx.font = sans(13, 500);
      ctx.fillStyle = ink.ink;
      write(ctx, fitted(ctx, titleOf(chain), NAME - 16), 8, y + ROW / 2);
      statesOf(chain).forEach(({ state, count }, k) => {
        drawIcon(ctx, state.code, NAME + k * SIGN + 8, y + ROW / 2, 14, ink[state.code], ink.paper);
        ctx.fillStyle = ink.ink;
        write(ctx, String(count), NAME + k * SIGN + 19, y + ROW / 2);
      });
      paintNumber(ctx, whole, 0, numbers, y, NUMBER);
      if (some) paintNumber(ctx, own, whole, numbers + NUMBER, y, NUMBER);
      counts.forEach((count, k) => paintNumber(ctx, count, whole, places + k * PLACE, y, PLACE));
    });
    const foot = HEAD + rows.length * ROW;
    line(ctx, foot, width, ink.muted);
    ctx.font = sans(13, 700);
    ctx.fillStyle = ink.ink;
    write(ctx, say("firms"), 8, foot + ROW / 2);
    paintNumber(ctx, total, 0, numbers, foot, NUMBER);
    if (some) paintNumber(ctx, totalOwn, 0, numbers + NUMBER, foot, NUMBER);
    totals.forEach((count, k) => paintNumber(ctx, count, 0, places + k * PLACE, foot, PLACE));
  };
  return { width, height, paint };
}

/** Name of a place over its column, on at most two lines. @param {CanvasRenderingContext2D} ctx @param {string} name @param {number} right */
function paintHead(ctx, name, right) {
  const room = PLACE - 14;
  if (ctx.measureText(name).width <= room) return write(ctx, name, right, HEAD / 2, "right");
  const letters = Array.from(name);
  let first = letters.length;
  while (first > 1 && ctx.measureText(letters.slice(0, first).join("")).width > room) first -= 1;
  write(ctx, letters.slice(0, first).join(""), right, HEAD / 2 - 9, "right");
  return write(ctx, fitted(ctx, letters.slice(first).join(""), room), right, HEAD / 2 + 9, "right");
}

/** @param {CanvasRenderingContext2D} ctx @param {number} y @param {number} width @param {string} colour */
function line(ctx, y, width, colour) {
  ctx.fillStyle = colour;
  ctx.fillRect(0, y - 1, width, 1);
}

/** @param {CanvasRenderingContext2D} ctx @param {number} count @param {number} whole 0 shades nothing @param {number} x @param {number} y @param {number} w */
function paintNumber(ctx, count, whole, x, y, w) {
  if (count && whole) {
    ctx.fillStyle = `rgba(${ink.heat}, ${shade(count / whole)})`;
    ctx.fillRect(x, y, w, ROW - 1);
  }
  ctx.fillStyle = count ? ink.ink : ink.muted;
  write(ctx, count ? String(count) : "·", x + w - 8, y + ROW / 2, "right");
}

function stripSheet() {
  const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  pen.font = sans(13);
  let y = 0;
  const strips = stripsHere().map((one) => {
    const top = y;
    let x = 0;
    y += 28;
    const cells = one.cards.map(({ box, count }) => {
      const words = `${NODES.name[box.node] ?? ""}  ${count || "·"}`;
      const w = Math.min(Math.ceil(pen.measureText(words).width) + (box.state ? 32 : 16), STRIP);
      if (x + w > STRIP) [x, y] = [0, y + ROW + 5];
      const cell = { box, count, words, x, y, w };
      x += w + 5;
      return cell;
    });
    y += ROW + 14;
    return { ...one, top, cells };
  });
  /** @param {CanvasRenderingContext2D} ctx */
  const paint = (ctx) => {
    for (const { chain, whole, top, cells } of strips) {
      ctx.font = sans(14, 700);
      ctx.fillStyle = ink.ink;
      write(ctx, fitted(ctx, `${titleOf(chain)}  ${firms(whole)}`, STRIP), 0, top + 12);
      ctx.font = sans(13);
      for (const one of cells) paintCell(ctx, one);
    }
  };
  return { width: STRIP, height: Math.max(y, ROW), paint };
}

/** @param {CanvasRenderingContext2D} ctx @param {{box: any, count: number, words: string, x: number, y: number, w: number}} cell */
function paintCell(ctx, { box, count, words, x, y, w }) {
  rounded(ctx, x, y, w, ROW, 5);
  if (count) {
    ctx.fillStyle = `rgba(${ink.heat}, ${shade(count / box.members.length)})`;
    ctx.fill();
  }
  ctx.strokeStyle = ink.line;
  ctx.lineWidth = 1;
  ctx.setLineDash(count ? [] : [3, 3]);
  ctx.stroke();
  ctx.setLineDash([]);
  if (box.state) drawIcon(ctx, box.state, x + 14, y + ROW / 2, 13, ink[box.state], ink.paper);
  ctx.fillStyle = count ? ink.ink : ink.muted;
  write(ctx, fitted(ctx, words, w - (box.state ? 30 : 14)), x + (box.state ? 24 : 8), y + ROW / 2);
}

/** What the signs mean. @param {CanvasRenderingContext2D} ctx @param {number} y @param {number} width */
function paintKey(ctx, y, width) {
  const used = MODEL.states.filter((/** @type {any} */ state) => MODEL.chains.some((/** @type {any} */ chain) => chain.boxes.some((/** @type {any} */ box) => box.state === state.code)));
  ctx.font = sans(12);
  let x = 8;
  for (const state of used) {
    const w = ctx.measureText(label(state)).width + 34;
    if (x + w > width) return;
    drawIcon(ctx, state.code, x + 6, y, 13, ink[state.code], ink.paper);
    ctx.fillStyle = ink.muted;
    write(ctx, label(state), x + 17, y);
    x += w;
  }
}
