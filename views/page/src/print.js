/** What a printer gets: paper is light, shows the whole chain, and nothing on it is folded. */
import { redraw } from "./camera.js";
import { at } from "./elements.js";
import { picture } from "./export.js";
import { view } from "./model.js";
import { readInk } from "./paint.js";

/** Prepare the paper; the screen is afterwards what it was. */
export function wirePrint() {
  let screen = () => {};
  addEventListener("beforeprint", () => {
    screen();
    const theme = document.documentElement.dataset.theme ?? "light";
    const scrolled = ["panel", "table", "overview"].map((id) => ({ part: at(id), top: at(id).scrollTop }));
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    const fold = unfold();
    dye("light");
    at("paper").replaceChildren(...(view.table || view.overview ? [] : [picture()]));
    screen = () => {
      at("paper").replaceChildren();
      dye(theme);
      fold();
      focused?.focus({ preventScroll: true });
      for (const { part, top } of scrolled) part.scrollTop = top;
      redraw();
      screen = () => {};
    };
  });
  addEventListener("afterprint", () => screen());
}

/** @param {string} theme */
function dye(theme) {
  document.documentElement.dataset.theme = theme;
  document.body.dataset.theme = theme;
  readInk();
}

/**
 * Open every fold and, of a node, every list cut short; those of a whole chain or province would
 * fill a book, and say how many there are. @returns {() => void} folds them again
 */
function unfold() {
  const folds = /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll("details:not([open])")]);
  for (const fold of folds) {
    fold.open = true;
    fold.dispatchEvent(new Event("toggle")); // the browser's own comes when the paper is out
  }
  const cut = view.selected < 0 ? [] : document.querySelectorAll("[data-more]");
  const lists = /** @type {HTMLElement[]} */ ([...cut]).map((more) => {
    const list = /** @type {HTMLElement} */ (more.parentElement);
    const shown = list.childElementCount - 1;
    more.click();
    return { list, shown, more };
  });
  return () => {
    for (const fold of folds) fold.open = false;
    for (const { list, shown, more } of lists) {
      for (const item of [...list.children].slice(shown)) item.remove();
      list.append(more);
    }
  };
}
