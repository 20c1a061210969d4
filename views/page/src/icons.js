/** Shapes of 16 by 16, drawn alike on the canvas and in the page. A stroke is drawn 1.6 wide. */
/** @type {Record<string, {fill?: string, line?: string, dash?: number[], ink?: string}>} */
export const ICONS = {
  Enterprise: { line: "M2 5h12v6.5h-12z" },
  PartyOrganization: { fill: "M8 .8l2.1 4.7 5.1.5-3.9 3.4 1.2 5L8 11.7l-4.5 2.7 1.2-5L.8 6l5.1-.5z" },
  GovernmentDepartment: { fill: "M8 1l7 4v1.6H1V5zM2.4 8h2v4.4h-2zM7 8h2v4.4H7zM11.600 8h2v4.4h-2zM1 13.200h14V15H1z" },
  Alliance: { fill: "M4.400 1.700h7.200L15.200 8l-3.600 6.300H4.400L.8 8z" },
  Association: { fill: "M8 1l7 5.2-2.700 8.300H3.700L1 6.200z" },
  University: { fill: "M8 2L.6 5.800 8 9.600l7.400-3.800zM3.200 8.500v3.300C5.800 14 10.200 14 12.800 11.800V8.500L8 11z" },
  FinancialInstitution: { fill: "M8 .8L15.200 8 8 15.200.8 8z" },
  Segment: { line: "M1.500 3h13v10h-13zM1.500 6.500h13" },
  Chain: { line: "M6.500 9.500l3-3M7 4.500l1.500-1.500a3 3 0 0 1 4.500 4.300L11.500 9M9 11.500L7.500 13A3 3 0 0 1 3 8.700L4.500 7" },
  other: { line: "M8 2.500a5.500 5.500 0 1 0 .01 0z" },
  sound: { line: "M8 1.200a6.800 6.800 0 1 0 .01 0zM4.800 8.300l2.300 2.300 4.200-4.700" },
  weak: { fill: "M8 .8L15.600 14.600H.4z", ink: "M8 5.600v4.400M8 11.600v1.400" },
  thin: { line: "M8 1.200L15 14H1zM8 6v7" },
  short: { line: "M1 8h10M7.500 4.200L11.300 8l-3.800 3.800M14.200 2v12" },
  broken_missing: { fill: "M5 .8h6L15.200 5v6L11 15.200H5L.8 11V5z", ink: "M5.300 5.300l5.400 5.400M10.700 5.300l-5.400 5.400" },
  broken_unlinked: { line: "M.800 8h3.700M11.500 8h3.700M6 4l-1.500 8M11.500 4L10 12" },
  not_reported: { line: "M8 1.200a6.800 6.800 0 1 0 .01 0z", dash: [2.2, 1.8], ink: "M5.900 6.300a2.150 2.150 0 1 1 3 2c-.7.3-.9.7-.9 1.500M8 11.400v1.200" },
  not_applicable: { line: "M8 1.200a6.800 6.800 0 1 0 .01 0zM4.800 8h6.400" },
};

/** @param {string} name */
export function iconOf(name) {
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
export function svgOf(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}
