/** Where we look from, and what the hand does to it: drag, wheel, pinch. Positions are given; nothing moves by itself. */
import { at } from "./elements.js";
import { scene } from "./scene.js";

const READABLE = 0.74; // below this scale the names of firms are too small
const LARGEST = 1.3;
const DEEPEST = 4;
const FOOT = 56; // height of what stands at the foot of the stage
const CLICK = 5; // pixels a press may move and still be a click
const MARGIN = 0.25; // of the stage that is painted beyond each edge, so that a small move paints nothing

export const camera = { x: 0, y: 0, scale: 1 };
let fitScale = 1;
let openScale = 1;
let touched = false;
let waiting = 0;
let painted = { x: 0, y: 0, scale: 0, across: 0, down: 0 }; // what the canvas shows, and how far it reaches beyond the stage
/** @type {(ctx: CanvasRenderingContext2D) => void} */
let paint = () => {};
/** @type {() => void} */
let moved = () => {};
const canvas = document.createElement("canvas");
canvas.id = "canvas";
canvas.style.willChange = "transform";

/** @param {(ctx: CanvasRenderingContext2D) => void} painter draws in units of the drawing @param {() => void} after runs after each frame @param {(x: number, y: number) => void} press */
export function openCamera(painter, after, press) {
  paint = painter;
  moved = after;
  at("net").append(canvas);
  new ResizeObserver(() => (touched ? redraw() : open())).observe(at("stage"));
  wireHand(press);
}

/** Paint before the next frame. */
export function redraw() {
  waiting ||= requestAnimationFrame(frame);
}

/** Paint now. */
export function frame() {
  if (waiting) cancelAnimationFrame(waiting);
  waiting = 0;
  const { clientWidth: width, clientHeight: height } = at("net");
  if (!width || !height) return;
  const ratio = devicePixelRatio || 1;
  const [across, down] = [Math.ceil(width * MARGIN), Math.ceil(height * MARGIN)];
  const [wide, tall] = [width + 2 * across, height + 2 * down];
  if (canvas.width !== Math.round(wide * ratio) || canvas.height !== Math.round(tall * ratio)) {
    canvas.width = Math.round(wide * ratio);
    canvas.height = Math.round(tall * ratio);
    Object.assign(canvas.style, { width: `${wide}px`, height: `${tall}px`, left: `${-across}px`, top: `${-down}px` });
  }
  painted = { ...camera, across, down };
  canvas.style.transform = "";
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const zoomed = camera.scale * ratio;
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, canvas.width, canvas.height);
  ctx.setTransform(zoomed, 0, 0, zoomed, canvas.width / 2 - camera.x * zoomed, canvas.height / 2 - camera.y * zoomed);
  paint(ctx);
  moved();
}

/** Follow the camera: the canvas moves as it is while it reaches far enough, else it is painted anew. */
function follow() {
  const [dx, dy] = [Math.round((painted.x - camera.x) * camera.scale), Math.round((painted.y - camera.y) * camera.scale)];
  if (waiting || painted.scale !== camera.scale || Math.abs(dx) > painted.across || Math.abs(dy) > painted.down) return redraw();
  canvas.style.transform = `translate(${dx}px, ${dy}px)`;
  return moved();
}

/** What of the drawing is in view, or on the canvas: left, top, right, bottom. @param {number} [beyond] share of the stage added on each side */
export function window_(beyond = 0) {
  const half = ["clientWidth", "clientHeight"].map((side) => ((0.5 + beyond) * /** @type {any} */ (at("net"))[side]) / camera.scale);
  return [camera.x - half[0], camera.y - half[1], camera.x + half[0], camera.y + half[1]];
}

/** @param {number} x @param {number} y @returns {[number, number]} */
export function toDrawing(x, y) {
  return [(x - at("net").clientWidth / 2) / camera.scale + camera.x, (y - at("net").clientHeight / 2) / camera.scale + camera.y];
}

/** @param {number} x @param {number} y @returns {[number, number]} */
export function toStage(x, y) {
  return [(x - camera.x) * camera.scale + at("net").clientWidth / 2, (y - camera.y) * camera.scale + at("net").clientHeight / 2];
}

/** @param {number} x @param {number} y */
export function moveTo(x, y) {
  const { width, height } = scene.chain;
  touched = true;
  camera.x = Math.min(width, Math.max(0, x));
  camera.y = Math.min(height, Math.max(0, y));
  follow();
}

/** What is painted at all. */
export const onCanvas = () => window_(MARGIN);

/** Where on the stage an event happened. @param {MouseEvent} event @returns {[number, number]} */
export function pointOf(event) {
  const { left, top } = at("net").getBoundingClientRect();
  return [event.clientX - left, event.clientY - top];
}

/** Scale at which the whole drawing fits, and at which its width does. */
function scales() {
  const { width, height } = scene.chain;
  const across = (at("stage").clientWidth - 16) / width;
  return { across, whole: Math.min(across, (at("stage").clientHeight - 16) / height) };
}

/** Pixels of the stage left of the first card when the picture is opened; all of it where there is no card. */
export function besideCards() {
  const { boxes, width } = scene.chain;
  const stage = at("stage").clientWidth;
  const first = Math.min(...boxes.filter((/** @type {any} */ box) => box.role === "card").map((/** @type {any} */ box) => box.x));
  return Number.isFinite(first) ? stage / 2 + (first - width / 2) * openScale : stage;
}

/** Show everything where it can be read, else its full width from the top. */
export function open() {
  const { across, whole } = scales();
  look(whole >= READABLE || scene.form === "given" ? whole : Math.max(across, READABLE * 0.8));
}

/** Show everything. */
export function fit() {
  look(scales().whole);
}

/** @param {number} wanted */
function look(wanted) {
  const { width, height } = scene.chain;
  const tall = at("stage").clientHeight;
  if (!tall || !(wanted > 0)) return;
  camera.scale = openScale = Math.min(LARGEST, wanted);
  fitScale = Math.min(scales().whole, LARGEST);
  const below = height * camera.scale > tall - 14 || height * camera.scale < tall * 0.7;
  camera.x = width / 2;
  camera.y = below ? (tall / 2 - 8) / camera.scale : height / 2;
  touched = false;
  redraw();
}

/** @param {number} factor @param {number} [x] @param {number} [y] a place of the stage that stays where it is */
export function zoom(factor, x = at("net").clientWidth / 2, y = at("net").clientHeight / 2) {
  const [px, py] = toDrawing(x, y);
  const scale = Math.min(DEEPEST, Math.max(camera.scale * factor, fitScale * 0.6));
  camera.x = px - (x - at("net").clientWidth / 2) / scale;
  camera.y = py - (y - at("net").clientHeight / 2) / scale;
  camera.scale = scale;
  touched = true;
  redraw();
}

/** Bring a frame into view where it is outside or under the map, moving no further than that asks. @param {{x: number, y: number, w: number, h: number}} one */
export function reveal({ x, y, w, h }) {
  const [left, top] = toStage(x, y);
  const [right, bottom] = toStage(x + w, y + h);
  const { clientWidth: width, clientHeight: height } = at("net");
  const map = at("map");
  const covered = !map.hidden && left < map.offsetLeft + map.offsetWidth && bottom > map.offsetTop;
  const aside = left < 0 || right > width;
  const away = top < 0 || bottom > height - FOOT || covered;
  const foot = map.hidden ? FOOT : height - map.offsetTop + 8; // at the end of the drawing nothing stands under the map
  const [highest, lowest] = [(height / 2 - 8) / camera.scale, scene.chain.height - (height / 2 - foot) / camera.scale];
  if (aside || away) moveTo(aside ? x + w / 2 : camera.x, away ? Math.max(highest, Math.min(y + h / 2, lowest)) : camera.y);
}

/** The wheel scrolls the picture, as it does a page; with Ctrl it zooms. @param {WheelEvent} event */
function scroll(event) {
  event.preventDefault();
  const unit = event.deltaMode === 1 ? 30 : 1;
  if (event.ctrlKey || event.metaKey) return zoom(1.0015 ** (-event.deltaY * unit), ...pointOf(event));
  const [dx, dy] = event.shiftKey ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
  moveTo(camera.x + (dx * unit) / camera.scale, camera.y + (dy * unit) / camera.scale);
}

/** @param {(x: number, y: number) => void} press */
function wireHand(press) {
  /** @type {Map<number, [number, number]>} */
  const fingers = new Map();
  let far = 0;
  const spread = () => {
    const [a, b] = [...fingers.values()];
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  };
  canvas.addEventListener("wheel", scroll, { passive: false });
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, pointOf(event));
    far = fingers.size > 1 ? Infinity : 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const last = fingers.get(event.pointerId);
    if (!last) return;
    const here = pointOf(event);
    const [dx, dy] = [here[0] - last[0], here[1] - last[1]];
    const before = fingers.size === 2 ? spread() : 0;
    fingers.set(event.pointerId, here);
    far += Math.abs(dx) + Math.abs(dy);
    if (before) zoom(spread() / before, ...here);
    else if (far > CLICK) moveTo(camera.x - dx / camera.scale, camera.y - dy / camera.scale);
  });
  canvas.addEventListener("pointerup", (event) => {
    if (fingers.delete(event.pointerId) && far <= CLICK) press(...toDrawing(...pointOf(event)));
  });
  canvas.addEventListener("pointercancel", (event) => fingers.delete(event.pointerId));
}
