/** Search by name, short name, pinyin initials, id or credit code. */
import { at, bdi, h, tone } from "./elements.js";
import { fieldOf, findIn, plain } from "./haystack.js";
import { svgIcon } from "./icons.js";
import { label, say } from "./labels.js";
import { MODEL, NODES, kindOf, propertyOf, regionOf } from "./model.js";
import { choose, leave } from "./navigate.js";
import { placeOf } from "./scene.js";

/** @type {import("./haystack.js").Field[]} */
let fields = [];

/** Prepare the columns, once the nodes are there. */
export function prepareSearch() {
  fields = [fieldOf(NODES.short, false), fieldOf(NODES.name, false), fieldOf(NODES.initials, true), fieldOf(NODES.key, true)];
  for (const kind of MODEL.kinds) {
    const codes = propertyOf(kind.code, "credit_code");
    if (codes) fields.push(fieldOf(codes, true, [[0, kind.start]]));
  }
}

/** @param {string} query */
export const find = (query) => findIn(fields, query);

/** @type {number[]} */
let hits = [];
let cursor = -1;

function listHits() {
  const query = /** @type {HTMLInputElement} */ (at("query"));
  const list = at("hits");
  const asked = plain(query.value) !== "";
  hits = find(query.value);
  cursor = hits.length ? 0 : -1;
  list.replaceChildren(
    ...hits.map((node, i) =>
      h(
        "li",
        { role: "option", id: `hit-${i}`, "data-node": node },
        svgIcon(kindOf(node).code, tone(kindOf(node).code)),
        h("span", { class: "what" }, bdi(NODES.name[node]), h("small", {}, [label(kindOf(node)), regionOf(node), placeOf(node)].filter(Boolean).join(" · "))),
      ),
    ),
    ...(asked && !hits.length ? [h("li", { class: "dim" }, say("noHits"))] : []),
  );
  list.hidden = !asked;
  query.setAttribute("aria-expanded", String(asked));
  document.body.dataset.results = String(hits.length);
  if (asked) at("live").textContent = `${hits.length} ${say("hits")}`;
  markHit();
}

function markHit() {
  const query = at("query");
  [...at("hits").children].forEach((item, i) => item.setAttribute("aria-selected", String(i === cursor)));
  const current = at("hits").children[cursor];
  if (cursor >= 0 && current) {
    query.setAttribute("aria-activedescendant", current.id);
    current.scrollIntoView({ block: "nearest" });
  } else query.removeAttribute("aria-activedescendant");
}

export function closeHits() {
  at("hits").hidden = true;
  at("query").setAttribute("aria-expanded", "false");
}

export function wireSearch() {
  const query = /** @type {HTMLInputElement} */ (at("query"));
  query.addEventListener("input", listHits);
  query.addEventListener("focus", () => query.value && listHits());
  query.addEventListener("blur", () => setTimeout(closeHits, 150));
  query.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (hits.length) cursor = (cursor + step + hits.length) % hits.length;
      markHit();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (cursor >= 0 && hits[cursor] !== undefined) takeHit(hits[cursor]);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      query.value = "";
      listHits();
      query.blur();
      leave();
    }
  });
  at("hits").addEventListener("mousedown", (event) => {
    event.preventDefault();
    const item = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest("li"));
    if (item?.dataset.node) takeHit(Number(item.dataset.node));
  });
}

/** @param {number} node */
function takeHit(node) {
  closeHits();
  choose(node);
}
