/** The whole drawing in small, with the part in view framed; pressing it goes there. */
import { besideCards, moveTo, window_ } from "./camera.js";
import { at } from "./elements.js";
import { view } from "./model.js";
import { ink } from "./paint.js";
import { scene } from "./scene.js";
const EDGE = [168, 112];
const LEAST = 56;
const FREE = 20; // pixels between the map, the edge of the stage and the cards

/** The drawing in small, painted anew only where it or its colours are others. */
const base = { of: /** @type {unknown} */ (null), ink: /** @type {unknown} */ (null), ratio: 0, scale: 0, canvas: document.createElement("canvas") };

/** Shown only where part of the drawing is out of view. */
export function drawMap() {
  const map = /** @type {HTMLCanvasElement} */ (at("map"));
  const { width, height } = scene.chain;
  const [left, top, right, bottom] = window_();
  const hidden = view.overview || (left <= 1 && top <= 1 && right >= width - 1 && bottom >= height - 1);
  map.hidden = hidden;
  if (hidden) return;
  const wide = Math.min(EDGE[0], Math.max(LEAST, besideCards() - FREE)); // beside the cards, not over them
  const scale = Math.min(wide / width, EDGE[1] / height);
  const ratio = devicePixelRatio || 1;
  if (base.of !== scene || base.ink !== ink || base.ratio !== ratio || base.scale !== scale) {
    Object.assign(base, { of: scene, ink, ratio, scale });
    map.width = base.canvas.width = Math.round(width * scale * ratio);
    map.height = base.canvas.height = Math.round(height * scale * ratio);
    map.style.width = `${Math.round(width * scale)}px`;
    map.style.height = `${Math.round(height * scale)}px`;
    paintBase(scale * ratio);
  }
  const ctx = /** @type {CanvasRenderingContext2D} */ (map.getContext("2d"));
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, map.width, map.height);
  ctx.drawImage(base.canvas, 0, 0);
  ctx.scale(scale * ratio, scale * ratio);
  ctx.strokeStyle = ink.accent;
  ctx.lineWidth = 2 / scale;
  const x = Math.max(left, 0);
  const y = Math.max(top, 0);
  ctx.strokeRect(x, y, Math.min(right, width) - x, Math.min(bottom, height) - y);
}

/** @param {number} scale */
function paintBase(scale) {
  const ctx = /** @type {CanvasRenderingContext2D} */ (base.canvas.getContext("2d"));
  ctx.scale(scale, scale);
  for (const box of scene.chain.boxes) {
    if (box.role === "given") continue;
    ctx.fillStyle = box.role === "card" ? (box.state ? ink[box.state] : ink.flow) : ink.soft;
    ctx.globalAlpha = box.role === "card" ? 0.75 : 1;
    ctx.fillRect(box.x, box.y, box.w, box.h);
  }
  ctx.globalAlpha = 1;
  if (scene.form !== "given") return;
  ctx.fillStyle = ink.flow;
  scene.chips.x.forEach((/** @type {number} */ x, /** @type {number} */ c) => ctx.fillRect(x - 40, scene.chips.y[c] - 10, 80, 20));
}

export function wireMap() {
  const map = /** @type {HTMLCanvasElement} */ (at("map"));
  const go = (/** @type {PointerEvent} */ event) => {
    if (!event.buttons) return;
    moveTo((event.offsetX / map.clientWidth) * scene.chain.width, (event.offsetY / map.clientHeight) * scene.chain.height);
  };
  map.addEventListener("pointerdown", go);
  map.addEventListener("pointermove", go);
}
