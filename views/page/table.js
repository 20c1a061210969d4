/** The same chain as a table, for a screen reader and for whoever prefers rows. */
function drawTable() {
  const { chain } = scene;
  const cards = [...chain.boxes.entries()].filter(([, box]) => box.role === "card");
  cards.sort(([, a], [, b]) => a.column - b.column || a.y - b.y);
  const rest = [...chain.boxes.entries()].filter(([, box]) => box.role !== "card");
  at("table").replaceChildren(
    h(
      "table",
      {},
      h("caption", {}, bdi(chain.title)),
      h("thead", {}, h("tr", {}, ...["stage", "colSegment", "stateOf", "count", "members"].map((key) => h("th", { scope: "col" }, say(key))))),
      h("tbody", {}, ...cards.map(([, box]) => cardRow(box)), ...rest.map(([b, box]) => bandRow(box, b))),
    ),
  );
}

/** @param {number[]} members */
const memberCell = (members) => h("td", {}, ...members.filter(passes).map((node) => nodeButton(node)));

/** @param {any} box */
function cardRow(box) {
  const column = scene.chain.columns[box.column];
  const state = box.state ? [box.state, ...box.also].map(stateTag) : [];
  return h(
    "tr",
    {},
    h("td", {}, column.zh ? label(column) : say("stageUnknown")),
    h("th", { scope: "row" }, h("button", { type: "button", "data-node": box.node, click: () => choose(box.node) }, bdi(NODES.name[box.node]))),
    h("td", {}, ...state),
    h("td", { class: "num" }, box.state === "not_reported" && !box.members.length ? "?" : String(box.members.length)),
    memberCell(box.members),
  );
}

/** @param {any} box @param {number} b */
function bandRow(box, b) {
  const name = box.role === "loose" ? say("loose") : label(MODEL.kinds[box.kind]);
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
