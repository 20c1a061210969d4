/** Shapes of 16 by 16, drawn alike on the canvas and in the page. A stroke is drawn 1.6 wide. */
import shapes from "../icons.json";
/** @type {Record<string, {fill?: string, line?: string, dash?: number[], ink?: string}>} */
export const ICONS = shapes;

/** @param {string} name */
function iconOf(name) {
  return Object.prototype.hasOwnProperty.call(ICONS, name) ? ICONS[name] : ICONS.other;
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {string} name
 * @param {number} x centre @param {number} y centre @param {number} size
 * @param {string} colour @param {string} ink colour on a filled shape
 */
export function drawIcon(ctx, name, x, y, size, colour, ink) {
  const icon = iconOf(name);
  ctx.save();
  ctx.translate(x - size / 2, y - size / 2);
  ctx.scale(size / 16, size / 16);
  ctx.lineWidth = 1.6;
  ctx.lineCap = ctx.lineJoin = "round";
  ctx.fillStyle = ctx.strokeStyle = colour;
  if (icon.fill) ctx.fill(new Path2D(icon.fill));
  if (icon.line) {
    ctx.setLineDash(icon.dash ?? []);
    ctx.stroke(new Path2D(icon.line));
    ctx.setLineDash([]);
  }
  if (icon.ink) {
    ctx.strokeStyle = icon.fill ? ink : colour;
    ctx.stroke(new Path2D(icon.ink));
  }
  ctx.restore();
}

/** @param {string} name @param {string} colour @param {number} [size] */
export function svgIcon(name, colour, size = 15) {
  const icon = iconOf(name);
  const svg = svgOf("svg", { class: "icon", viewBox: "0 0 16 16", width: size, height: size, "aria-hidden": "true" });
  if (icon.fill) svg.append(svgOf("path", { d: icon.fill, fill: colour }));
  const stroke = { fill: "none", "stroke-width": 1.6, "stroke-linecap": "round", "stroke-linejoin": "round" };
  if (icon.line) {
    svg.append(svgOf("path", { ...stroke, d: icon.line, stroke: colour, "stroke-dasharray": (icon.dash ?? []).join(" ") }));
  }
  if (icon.ink) svg.append(svgOf("path", { ...stroke, d: icon.ink, stroke: icon.fill ? "var(--paper)" : colour }));
  return svg;
}

/** A sample of how a link is drawn. @param {string} colour @param {number[]} dash @param {number} [width] */
export function svgLine(colour, dash, width = 2) {
  const svg = svgOf("svg", { class: "icon", viewBox: "0 0 26 10", width: 26, height: 10, "aria-hidden": "true" });
  svg.append(svgOf("path", { d: "M1 5h24", fill: "none", stroke: colour, "stroke-width": width, "stroke-dasharray": dash.join(" ") }));
  return svg;
}

/** A sample of the bar that marks a chain owner. @param {string} colour */
export function svgBar(colour) {
  const svg = svgOf("svg", { class: "icon", viewBox: "0 0 20 12", width: 20, height: 12, "aria-hidden": "true" });
  svg.append(svgOf("rect", { x: 0.8, y: 0.8, width: 18.4, height: 10.4, rx: 2.5, fill: "none", stroke: colour, "stroke-width": 1.6 }));
  svg.append(svgOf("path", { d: "M1 1h4.500v10h-4.500z", fill: colour }));
  return svg;
}

/** @param {string} tag @param {Record<string, string | number>} attributes */
function svgOf(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}
