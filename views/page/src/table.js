/** The same chain as a table, for a screen reader and for whoever prefers rows. */
import { at, bdi, h, nodeButton, stateTag } from "./elements.js";
import { label, say, titleOf } from "./labels.js";
import { MODEL, NODES, passes } from "./model.js";
import { choose, chooseBox } from "./navigate.js";
import { longList } from "./panel.js";
import { scene } from "./scene.js";
export function drawTable() {
  const { chain } = scene;
  const cards = [...chain.boxes.entries()].filter(([, box]) => box.role === "card");
  cards.sort(([, a], [, b]) => a.column - b.column || a.y - b.y);
  const rest = [...chain.boxes.entries()].filter(([, box]) => box.role !== "card");
  at("table").replaceChildren(
    h(
      "table",
      {},
      h("caption", {}, bdi(titleOf(chain))),
      h("thead", {}, h("tr", {}, ...["stage", "colSegment", "stateOf", "count", "members"].map((key) => h("th", { scope: "col" }, say(key))))),
      h("tbody", {}, ...cards.map(([, box]) => cardRow(box)), ...rest.map(([b, box]) => bandRow(box, b))),
    ),
  );
}

/** @param {number[]} members */
const memberCell = (members) => h("td", {}, longList(members.filter(passes).map((node) => () => nodeButton(node)), 60));

/** @param {any} box */
function cardRow(box) {
  const column = scene.chain.columns[box.column];
  const state = box.state ? [box.state, ...box.also].map(stateTag) : [];
  return h(
    "tr",
    {},
    h("td", {}, column.zh ? label(column) : say("stageUnknown")),
    h("th", { scope: "row" }, box.node < 0 ? label({ zh: box.title[0], en: box.title[1] }) : h("button", { type: "button", "data-node": box.node, click: () => choose(box.node) }, bdi(NODES.name[box.node]))),
    h("td", {}, ...state),
    h("td", { class: "num" }, box.state === "not_reported" && !box.members.length ? "?" : String(box.members.length)),
    memberCell(box.members),
  );
}

/** @param {any} box @param {number} b */
function bandRow(box, b) {
  const name = box.role === "loose" ? say("loose") : box.title ? label({ zh: box.title[0], en: box.title[1] }) : box.role === "given" ? say("givenLayout") : label(MODEL.kinds[box.kind]);
  return h(
    "tr",
    {},
    h("td", {}, "—"),
    h("th", { scope: "row" }, h("button", { type: "button", click: () => chooseBox(b) }, name)),
    h("td", {}),
    h("td", { class: "num" }, String(box.members.length)),
    memberCell(box.members),
  );
}
