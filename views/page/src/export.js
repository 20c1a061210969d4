/** What can be taken away: a picture of the chain, and the rows of what is chosen. */
import { paintChip } from "./cards.js";
import { csvOf } from "./csv.js";
import { label, language, say, titleOf } from "./labels.js";
import { LINKS, MODEL, NODES, STATES, kindOf, linksOf, regionOf, view } from "./model.js";
import { noteOf } from "./notes.js";
import { overviewRows } from "./overview.js";
import { fitted, ink, paintOver, paintUnder, sans, standing, write } from "./paint.js";
import { scene } from "./scene.js";
import { sheet } from "./sheet.js";
const PICTURE_EDGE = 8192;

/** @param {string} ending */
function fileName(ending) {
  const subject = view.selected >= 0 ? NODES.short[view.selected] : view.overview ? say("overall") : titleOf(scene.chain);
  const safe = `${MODEL.title}-${subject}`.replace(/[\p{C}\\/:*?"<>|\s.]+/gu, "_").replace(/^_+|_+$/g, "").slice(0, 80);
  return `${safe || "liantu"}.${ending}`;
}

/** @param {Blob} blob @param {string} ending */
function save(blob, ending) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = fileName(ending);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** What is in view, whole, with title and stamp, on a canvas of its own. */
export function picture() {
  const { chain } = scene;
  const { title, width, height, paint } = view.overview ? sheet() : { title: titleOf(chain), width: chain.width, height: chain.height, paint: paintChain };
  return framed(title, width, height, paint);
}

/** @param {CanvasRenderingContext2D} ctx */
function paintChain(ctx) {
  paintUnder(ctx);
  const { chosen } = standing();
  scene.chips.node.forEach((/** @type {number} */ _, /** @type {number} */ c) => paintChip(ctx, c, chosen));
  paintOver(ctx);
}

/** @param {string} title @param {number} inner @param {number} tall @param {(ctx: CanvasRenderingContext2D) => void} paint */
function framed(title, inner, tall, paint) {
  const margin = 24;
  const head = 46;
  const foot = 30;
  const [width, height] = [inner + 2 * margin, tall + 2 * margin + head + foot];
  const scale = Math.min(2, PICTURE_EDGE / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.id = "picture";
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  ctx.scale(scale, scale);
  ctx.fillStyle = ink.paper;
  ctx.fillRect(0, 0, width, height);
  ctx.fillStyle = ink.ink;
  ctx.font = sans(20, 700);
  write(ctx, fitted(ctx, title, width - 2 * margin), margin, margin + 12);
  ctx.font = sans(12);
  ctx.fillStyle = ink.muted;
  const notice = MODEL.notice[language === "zh" ? 0 : 1];
  write(ctx, fitted(ctx, [notice, MODEL.title, MODEL.stamp[language === "zh" ? 0 : 1]].filter(Boolean).join(" · "), width - 2 * margin), margin, height - foot);
  ctx.translate(margin, margin + head);
  paint(ctx);
  return canvas;
}

export function exportPng() {
  picture().toBlob((blob) => blob && save(blob, "png"), "image/png");
}

/** @returns {unknown[][]} */
function chosenRows() {
  const { chain } = scene;
  if (view.overview) return overviewRows();
  if (scene.form !== "chain" && view.selected < 0 && view.box < 0) {
    const head = ["colKind", "colName", "colId", "colRegion"].map(say);
    const nodes = [...new Set(chain.boxes.flatMap((/** @type {any} */ box) => box.members))];
    return [head, ...nodes.map((node) => [label(kindOf(node)), NODES.name[node], NODES.key[node], regionOf(node)])];
  }
  if (view.selected >= 0 && !scene.boxOfSegment.has(view.selected)) {
    const describe = (/** @type {number} */ node) => [label(kindOf(node)), NODES.name[node], NODES.key[node], regionOf(node)];
    const head = ["colRelation", "colKind", "colName", "colId", "colRegion", "colNote", "colInferred"].map(say);
    const rows = linksOf(view.selected).map(({ link, other, out, relation }) => [
      language === "zh" ? (out ? relation.out_zh : relation.into_zh) : out ? relation.out_en : relation.into_en,
      ...describe(other),
      noteOf(link),
      say(LINKS.inferred[link] ? "yes" : "no"),
    ]);
    return [head, [say("self"), ...describe(view.selected), "", say(NODES.inferred[view.selected] ? "yes" : "no")], ...rows];
  }
  const b = view.selected >= 0 ? scene.boxOfSegment.get(view.selected) : view.box;
  if (b !== undefined && b >= 0) {
    const box = chain.boxes[b];
    const head = ["colSegment", "colKind", "colName", "colId", "colRegion"].map(say);
    const name = box.node >= 0 ? NODES.name[box.node] : box.title ? label({ zh: box.title[0], en: box.title[1] }) : box.role === "loose" ? say("loose") : label(MODEL.kinds[box.kind]);
    return [head, ...box.members.map((/** @type {number} */ node) => [name, label(kindOf(node)), NODES.name[node], NODES.key[node], regionOf(node)])];
  }
  const head = ["stage", "colSegment", "colId", "stateOf", "also", "count"].map(say);
  const cards = chain.boxes.filter((/** @type {any} */ box) => box.role === "card" && box.node >= 0);
  return [
    head,
    ...cards.map((/** @type {any} */ box) => [
      label(chain.columns[box.column]),
      NODES.name[box.node],
      NODES.key[box.node],
      box.state ? label(STATES[box.state]) : "",
      box.also.map((/** @type {string} */ code) => label(STATES[code])).join(";"),
      box.state === "not_reported" && !box.members.length ? "" : box.members.length,
    ]),
  ];
}

export function exportCsv() {
  save(new Blob([csvOf(chosenRows())], { type: "text/csv;charset=utf-8" }), "csv");
}
