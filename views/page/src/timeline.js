/** A slider over the years that relations carry. */
import { at, mark } from "./elements.js";
import { say } from "./labels.js";
import { MODEL, linkValue, view } from "./model.js";

/** @type {string[]} */
let years = [];

/** Years that a relation of the page begins in; fewer than two make no slider. */
function yearsOf() {
  const found = new Set();
  for (const relation of MODEL.relations) {
    for (const column of relation.columns) {
      if (column.role !== "from") continue;
      for (let i = relation.start; i < relation.start + relation.count; i += 1) {
        const year = /^(?:19|20)\d\d/.exec(String(linkValue(i, column) ?? ""));
        if (year) found.add(year[0]);
      }
    }
  }
  return /** @type {string[]} */ ([...found].sort());
}

/** @param {() => void} changed */
export function wireTimeline(changed) {
  years = yearsOf();
  const slider = /** @type {HTMLInputElement} */ (at("years"));
  at("timeline").hidden = years.length < 2;
  slider.max = String(years.length);
  slider.value = slider.max;
  slider.addEventListener("input", () => {
    const position = Number(slider.value);
    view.until = position >= years.length ? "" : years[position];
    document.body.dataset.until = view.until;
    sayTimeline();
    changed();
  });
  sayTimeline();
}

/** The words beside the slider. */
export function sayTimeline() {
  at("until").textContent = view.until ? `${say("until")} ${view.until}` : say("allTime");
  at("timeline").title = say("undated");
  mark("years", { "aria-label": say("until"), "aria-valuetext": at("until").textContent ?? "" });
}
