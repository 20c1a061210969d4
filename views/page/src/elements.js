/** Making elements without ever reading text as markup. */
import { ICONS, svgIcon } from "./icons.js";
import { label, say } from "./labels.js";
import { NODES, STATES, kindOf } from "./model.js";
import { choose } from "./navigate.js";

/**
 * @param {string} tag
 * @param {Record<string, any>} attributes `click` is a listener; everything else an attribute
 * @param {...(Node | string | null | undefined | false)} children strings become text
 * @returns {HTMLElement}
 */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "click") element.addEventListener("click", value);
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false).map((child) => /** @type {any} */ (child)));
  return element;
}

/** @param {string} id */
export function at(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** Set attributes of what has an id. @param {string} id @param {Record<string, string>} attributes */
export function mark(id, attributes) {
  for (const [name, value] of Object.entries(attributes)) at(id).setAttribute(name, value);
}

/** A name whose writing direction and marks stay its own. @param {string} text */
export function bdi(text) {
  return h("bdi", {}, text);
}

/** Colour of a kind or state as a style value. @param {string} code */
export function tone(code) {
  return Object.prototype.hasOwnProperty.call(ICONS, code) ? `var(--${code}, var(--other))` : "var(--other)";
}

/** A button that chooses a node. @param {number} node @param {string} [note] @param {boolean} [inferred] */
export function nodeButton(node, note = "", inferred = false) {
  return h(
    "button",
    { type: "button", "data-node": node, title: NODES.name[node], click: () => choose(node) },
    svgIcon(kindOf(node).code, tone(kindOf(node).code)),
    h("span", {}, bdi(NODES.short[node]), note ? h("span", { class: "dim" }, ` ${note}`) : null),
    inferred ? h("span", { class: "tag inferred" }, say("inferred")) : null,
  );
}

/** @param {string} title @param {number | null} count @param {Node} [mark] */
export function heading(title, count, mark) {
  return h("h3", {}, mark, title, count === null ? null : h("b", {}, String(count)));
}

/** @param {string} code */
export function stateTag(code) {
  const state = STATES[code];
  const tag = h("span", { class: "tag" }, svgIcon(code, tone(code), 13), label(state));
  tag.style.color = tone(code);
  return tag;
}
