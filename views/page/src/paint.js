/** The drawing of a chain on a canvas, the same on screen and in an exported picture. */
import { camera } from "./camera.js";
import { drawIcon } from "./icons.js";
import { firms, label, laneLabel, language, say } from "./labels.js";
import { LINKS, MODEL, NODES, STATES, eachLink, kindOf, linksOf, passes, view } from "./model.js";
import { dashOf, routesOf } from "./routes.js";
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

/** Cut a text to a width, with an ellipsis. @param {CanvasRenderingContext2D} ctx @param {string} text @param {number} room */
export function fitted(ctx, text, room) {
  const name = `${ctx.font}|${room}|${text}`;
  let short = cut.get(name);
  if (short === undefined) {
    short = text;
    if (ctx.measureText(text).width > room) {
      const letters = Array.from(text);
      while (letters.length > 1 && ctx.measureText(`${letters.join("")}…`).width > room) letters.pop();
      short = `${letters.join("")}…`;
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
export function emphasis() {
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
export function boxAlpha(b, chosen) {
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
export function paintBand(ctx, box, b) {
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
  const lines = bandLines(ctx, loose ? say("loose") : box.title ? label({ zh: box.title[0], en: box.title[1] }) : laneLabel(kind), loose ? firms(box.members.length) : String(box.members.length));
  const top = box.y + box.h / 2 - (lines.length - 1) * 7;
  drawIcon(ctx, loose ? "not_reported" : kind.code, box.x + 14, box.y + box.h / 2, 14, loose ? ink.not_reported : ink[kind.code], ink.paper);
  ctx.fillStyle = ink.ink;
  lines.forEach((line, i) => write(ctx, line, box.x + 26, top + i * 14));
}

/** Name and number of a lane, on at most two lines. @param {CanvasRenderingContext2D} ctx @param {string} name @param {string} count */
export function bandLines(ctx, name, count) {
  const room = 76;
  ctx.font = sans(12, 600);
  if (ctx.measureText(name).width <= room) return [name, count];
  const half = name.includes(" ") ? name.indexOf(" ") : Math.ceil(name.length / 2);
  return [name.slice(0, half), `${name.slice(half).trim()} ${count}`].map((line) => fitted(ctx, line, room));
}

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

/** @param {CanvasRenderingContext2D} ctx */
export function paintStages(ctx) {
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

/** @param {CanvasRenderingContext2D} ctx @param {any} flow */
export function tracePath(ctx, flow) {
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
export function arrowHead(ctx, tip, along, size) {
  const [x, y] = tip;
  const [dx, dy] = along;
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x - dx * size * 1.5 - dy * size * 0.8, y - dy * size * 1.5 + dx * size * 0.8);
  ctx.lineTo(x - dx * size * 1.5 + dy * size * 0.8, y - dy * size * 1.5 - dx * size * 0.8);
  ctx.closePath();
  ctx.fill();
}

const MOST_STRAIGHT = 6000;

/** Straight lines between given places, as many as can be told apart. @param {CanvasRenderingContext2D} ctx @param {Emphasis | null} chosen */
function paintStraight(ctx, chosen) {
  const { chips } = scene;
  const ends = chips.node.map((/** @type {number} */ node) => node);
  let drawn = 0;
  ctx.lineWidth = 1.2;
  for (let c = 0; c < ends.length && drawn < MOST_STRAIGHT; c += 1) {
    eachLink(ends[c], (link, other, out) => {
      const far = out ? (scene.chipsOf.get(other) ?? [])[0] : undefined;
      if (far === undefined || !passes(other) || !passes(ends[c])) return;
      drawn += 1;
      const own = chosen && (ends[c] === view.selected || other === view.selected);
      const relation = MODEL.relations[LINKS.relation[link]];
      ctx.globalAlpha = own ? 1 : chosen ? 0.12 : 0.5;
      ctx.strokeStyle = own ? ink.accent : ink.flow;
      ctx.setLineDash(dashOf(relation));
      ctx.beginPath();
      ctx.moveTo(chips.x[c], chips.y[c]);
      ctx.lineTo(chips.x[far], chips.y[far]);
      ctx.stroke();
    });
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
export function titleSize(ctx) {
  const scale = ctx.canvas.id === "canvas" ? camera.scale : 1;
  return Math.round(Math.min(19, Math.max(15, 12 / scale)));
}

/** @param {CanvasRenderingContext2D} ctx @param {any} box @param {any} state @param {string} tone */
export function paintCardHead(ctx, box, state, tone) {
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
  ctx.font = sans(titleSize(ctx), 700);
  ctx.fillStyle = ink.ink;
  write(ctx, fitted(ctx, box.node >= 0 ? NODES.short[box.node] : box.title[language === "zh" ? 0 : 1], right - box.x - 30), box.x + 30, y);
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
export function paintMore(ctx, c, x, y, alpha, chosen) {
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
