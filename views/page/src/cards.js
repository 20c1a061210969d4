/** Cards and chips on the canvas. */
import { camera } from "./camera.js";
import { drawIcon } from "./icons.js";
import { firms, label, language, say } from "./labels.js";
import { NODES, STATES, kindOf, passes, view } from "./model.js";
import { MARK, chipAlpha, fitted, hiddenChosen, ink, rounded, sans, write } from "./paint.js";
import { isWeak, scene } from "./scene.js";

/** @typedef {import("./paint.js").Emphasis} Emphasis */

/** @param {CanvasRenderingContext2D} ctx @param {any} box */
export function paintHatch(ctx, box) {
  ctx.save();
  rounded(ctx, box.x, box.y, box.w, box.h, 8);
  ctx.clip();
  ctx.strokeStyle = ink.not_reported;
  ctx.globalAlpha *= 0.22;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (let x = box.x - box.h; x < box.x + box.w; x += 9) {
    ctx.moveTo(x, box.y + box.h);
    ctx.lineTo(x + box.h, box.y);
  }
  ctx.stroke();
  ctx.restore();
}

/** @param {CanvasRenderingContext2D} ctx @param {any} box @param {number} b @param {number} alpha */
export function paintCard(ctx, box, b, alpha) {
  const state = STATES[box.state];
  const weak = isWeak(box);
  const silent = box.state === "not_reported" || box.state === "not_applicable";
  const tone = state ? ink[box.state] : ink.line;
  const active = view.selected === box.node || b === view.hover - scene.chips.node.length;
  ctx.globalAlpha = alpha;
  ctx.fillStyle = silent ? ink.band : ink.card;
  rounded(ctx, box.x, box.y, box.w, box.h, 8);
  ctx.fill();
  if (box.state === "not_reported") paintHatch(ctx, box);
  if (!silent && box.members.length) {
    ctx.fillStyle = ink["card-head"];
    rounded(ctx, box.x, box.y, box.w, 30, [8, 8, 0, 0]);
    ctx.fill();
  }
  ctx.strokeStyle = view.selected === box.node ? ink.accent : weak || silent ? tone : ink.line;
  ctx.lineWidth = (weak ? 1.8 : 1.2) + (active ? 1 : 0) + (view.weak && weak ? 1 : 0);
  ctx.setLineDash(silent ? [3, 4] : weak ? (box.members.length ? [9, 3] : [6, 4]) : []);
  rounded(ctx, box.x, box.y, box.w, box.h, 8);
  ctx.stroke();
  ctx.setLineDash([]);
  paintCardHead(ctx, box, state, tone);
  if (!box.members.length) {
    ctx.font = sans(12);
    ctx.fillStyle = ink.muted;
    const action = state && language === "zh" ? state.action_zh : state?.action_en;
    const added = box.note[language === "zh" ? 0 : 1];
    const text = box.state === "not_reported" ? say("emptyNotReported") : added ? `${say("emptyGap")} · ${added}` : weak ? `${say("emptyGap")} · ${say("advice")}${language === "zh" ? "：" : ": "}${action}` : say("emptyNone");
    write(ctx, fitted(ctx, text, box.w - 44), box.x + 30, box.y + 44);
  }
  ctx.globalAlpha = 1;
}

/** Titles stay readable when the whole chain is small. @param {CanvasRenderingContext2D} ctx */
function titleSize(ctx) {
  const scale = ctx.canvas.id === "canvas" ? camera.scale : 1;
  return Math.round(Math.min(19, Math.max(15, 12 / scale)));
}

/** @param {CanvasRenderingContext2D} ctx @param {any} box @param {any} state @param {string} tone */
function paintCardHead(ctx, box, state, tone) {
  const y = box.y + 16;
  let right = box.x + box.w - 9;
  drawIcon(ctx, state ? state.code : "Segment", box.x + 17, y, 15, tone, ink.paper);
  if (state && state.code !== "sound") {
    ctx.font = sans(11.5, 600);
    const text = fitted(ctx, label(state) + (box.also.length ? " +" : ""), 96);
    const w = ctx.measureText(text).width + 12;
    ctx.fillStyle = ctx.strokeStyle = tone;
    ctx.lineWidth = 1.2;
    rounded(ctx, right - w, y - 9, w, 18, 4);
    if (state.weak) ctx.fill();
    else {
      ctx.setLineDash([3, 2]);
      ctx.stroke();
      ctx.setLineDash([]);
    }
    ctx.fillStyle = state.weak ? ink.paper : tone;
    write(ctx, text, right - w / 2, y, "center");
    right -= w + 7;
  }
  if (box.members.length || !state || state.weak) {
    const left = view.region > -2 ? box.members.filter(passes).length : -1;
    ctx.font = sans(12);
    ctx.fillStyle = ink.muted;
    const count = firms(left >= 0 ? `${left}/${box.members.length}` : box.members.length);
    write(ctx, count, right, y, "right");
    right -= ctx.measureText(count).width + 8;
  }
  const title = box.node >= 0 ? NODES.short[box.node] : box.title[language === "zh" ? 0 : 1];
  const room = right - box.x - 30;
  ctx.font = sans(titleSize(ctx), 700);
  if (ctx.measureText(title).width > room) ctx.font = sans(12.5, 700);
  ctx.fillStyle = ink.ink;
  write(ctx, fitted(ctx, title, room), box.x + 30, y);
}

/** @param {CanvasRenderingContext2D} ctx @param {number} c @param {Emphasis | null} chosen */
export function paintChip(ctx, c, chosen) {
  const { chips, chain } = scene;
  const alpha = chipAlpha(c, chosen);
  if (alpha === 0) return;
  const node = chips.node[c];
  const box = chain.boxes[chips.box[c]];
  const width = box.chip;
  const x = chips.x[c] - box.chip / 2;
  const y = chips.y[c] - chips.h / 2;
  if (node < 0) return paintMore(ctx, c, x, y, alpha, chosen);
  const code = kindOf(node).code;
  const mark = chips.mark[c];
  const picked = node === view.selected;
  const lane = box.role === "lane";
  const near = picked || c === view.hover || Boolean(chosen && view.selected >= 0 && alpha === 1 && chosen.nodes.has(node) && !scene.boxOfSegment.has(view.selected));
  ctx.globalAlpha = 1;
  ctx.fillStyle = lane && !near ? ink.band : ink.card;
  rounded(ctx, x, y, width, chips.h, 5);
  if (!lane || near) ctx.fill();
  ctx.globalAlpha = alpha;
  if (picked) {
    ctx.fillStyle = ink["accent-soft"];
    ctx.fill();
  }
  const tone = picked ? ink.accent : ink[code];
  if (!lane || near) {
    ctx.strokeStyle = tone;
    ctx.lineWidth = picked ? 2.6 : near ? 2 : mark & MARK.owner ? 1.8 : 1.1;
    ctx.setLineDash(mark & MARK.inferred ? [4, 3] : []);
    ctx.stroke();
    ctx.setLineDash([]);
  }
  let left = x + 4;
  let room = width - 8;
  if (lane) {
    drawIcon(ctx, code, x + 12, chips.y[c], 13, tone, ink.paper);
    left = x + 21;
    room = width - 23;
  } else if (mark & MARK.owner) {
    ctx.fillStyle = tone;
    rounded(ctx, x, y, 5, chips.h, [5, 0, 0, 5]);
    ctx.fill();
    left += 4;
    room -= 4;
  }
  ctx.font = sans(lane ? 13 : 14, mark & MARK.owner ? 700 : 400);
  ctx.fillStyle = ink.ink;
  const text = fitted(ctx, NODES.short[node], room);
  if (lane) write(ctx, text, left, chips.y[c]);
  else write(ctx, text, left + room / 2, chips.y[c], "center");
  if (view.struck.has(node) && view.selected >= 0) drawIcon(ctx, "broken_missing", x + width - 3, y + 3, 12, ink.broken_missing, ink.paper);
  else if (mark & MARK.finding) drawIcon(ctx, "weak", x + width - 3, y + 3, 11, ink.weak, ink.paper);
  ctx.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} ctx @param {number} c @param {number} x @param {number} y @param {number} alpha @param {Emphasis | null} chosen */
function paintMore(ctx, c, x, y, alpha, chosen) {
  const { chips, chain } = scene;
  const b = chips.box[c];
  const width = chain.boxes[b].chip;
  const hidden = chosen && view.selected >= 0 && !scene.boxOfSegment.has(view.selected) ? hiddenChosen(c, chosen.nodes) : [];
  const rest = chain.boxes[b].members.length - (scene.shown.get(b) ?? 0);
  const own = hidden.includes(view.selected);
  ctx.globalAlpha = 1;
  ctx.fillStyle = ink.card;
  rounded(ctx, x, y, width, chips.h, 5);
  ctx.fill();
  ctx.globalAlpha = alpha;
  ctx.fillStyle = own ? ink["accent-soft"] : ink.soft;
  ctx.fill();
  if (hidden.length || c === view.hover) {
    ctx.strokeStyle = own ? ink.accent : ink.muted;
    ctx.lineWidth = own ? 2.6 : 1.6;
    ctx.stroke();
  }
  ctx.font = sans(13, 600);
  ctx.fillStyle = ink.ink;
  const text = own ? NODES.short[view.selected] : hidden.length ? `${hidden.length} / +${rest}` : chain.boxes[b].role === "lane" ? `+${rest}` : `+${firms(rest)}`;
  write(ctx, fitted(ctx, text, width - 8), chips.x[c], chips.y[c], "center");
  ctx.globalAlpha = 1;
}
