/** The page itself: the camera, what can be pressed, and the order in which things are redrawn. */
/** @type {any} */
let network = null;
let fitScale = 1;
let touched = false;
const READABLE = 0.74; // below this scale the names of firms are too small
const LARGEST = 1.3;

/** The drawing sits in vis-network: one fixed node per chip, painted by us, physics off. */
function openNetwork() {
  const { chips } = scene;
  network?.destroy();
  const nodes = chips.node.map((/** @type {number} */ _, /** @type {number} */ c) => ({ id: c, x: chips.x[c], y: chips.y[c] }));
  network = new vis.Network(at("net"), { nodes: new vis.DataSet(nodes), edges: new vis.DataSet([]) }, {
    physics: { enabled: false },
    layout: { improvedLayout: false },
    interaction: { dragNodes: false, selectable: false, hover: false, zoomSpeed: 0.7 },
    nodes: { shape: "custom", fixed: true, size: 40, ctxRenderer: chipRenderer },
  });
  network.on("beforeDrawing", paintUnder);
  network.on("afterDrawing", paintOver);
  network.on("click", (/** @type {any} */ event) => press(itemAt(event.pointer.canvas.x, event.pointer.canvas.y)));
  network.on("zoom", () => {
    touched = true;
    const scale = network.getScale();
    if (scale < fitScale * 0.6 || scale > 4) zoom(1);
  });
  network.on("dragEnd", () => (touched = true));
  network.on("resize", () => touched || requestAnimationFrame(open));
  const frame = at("net").querySelector(".vis-network");
  if (frame) /** @type {HTMLElement} */ (frame).tabIndex = -1;
  open();
}

/** @param {{ctx: CanvasRenderingContext2D, id: number}} what */
function chipRenderer({ ctx, id }) {
  return { drawNode: () => paintChip(ctx, id, standing().chosen), nodeDimensions: { width: scene.chain.boxes[scene.chips.box[id]].chip, height: scene.chips.h } };
}

/** Scale at which the whole chain fits, and at which its width does. */
function scales() {
  const { width, height } = scene.chain;
  const across = (at("stage").clientWidth - 16) / width;
  return { across, whole: Math.min(across, (at("stage").clientHeight - 16) / height) };
}

/** Show the whole chain where it can be read, else its full width from the top. */
function open() {
  const { across, whole } = scales();
  look(whole >= READABLE ? whole : across);
}

/** Show the whole chain. */
function fit() {
  look(scales().whole);
}

/** @param {number} wanted */
function look(wanted) {
  const { width, height } = scene.chain;
  const tall = at("stage").clientHeight;
  if (!tall || !(wanted > 0)) return;
  const scale = Math.min(LARGEST, wanted);
  fitScale = Math.min(scales().whole, LARGEST);
  const y = height * scale > tall - 14 || height * scale < tall * 0.7 ? (tall / 2 - 8) / scale : height / 2;
  network.moveTo({ position: { x: width / 2, y }, scale, animation: false });
  touched = false;
}

/** @param {number} factor */
function zoom(factor) {
  touched = true;
  network.moveTo({ scale: Math.min(4, Math.max(network.getScale() * factor, fitScale * 0.6)), animation: false });
}

/** The wheel scrolls the picture, as it does a page; with Ctrl it zooms. @param {WheelEvent} event */
function scroll(event) {
  if (event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation();
  touched = true;
  const scale = network.getScale();
  const { x, y } = network.getViewPosition();
  const unit = event.deltaMode === 1 ? 30 : 1;
  const [dx, dy] = event.shiftKey ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
  const keep = (/** @type {number} */ value, /** @type {number} */ end) => Math.min(end, Math.max(0, value));
  network.moveTo({ position: { x: keep(x + (dx * unit) / scale, scene.chain.width), y: keep(y + (dy * unit) / scale, scene.chain.height) }, animation: false });
}

function redraw() {
  if (!view.table) network?.redraw();
}

/** Bring a node into view where it is outside. @param {number} node */
function reveal(node) {
  const chip = (scene.chipsOf.get(node) ?? [])[0];
  const card = scene.boxOfSegment.get(node);
  if (chip === undefined && card === undefined) return;
  const { x, y, w, h: tall } = frameOf(chip ?? scene.chips.node.length + /** @type {number} */ (card));
  const a = network.canvasToDOM({ x, y });
  const b = network.canvasToDOM({ x: x + w, y: y + tall });
  const stage = at("stage");
  if (a.x < 0 || a.y < 0 || b.x > stage.clientWidth || b.y > stage.clientHeight) {
    network.moveTo({ position: { x: x + w / 2, y: y + tall / 2 }, animation: false });
  }
}

/** Choose a node; -1 goes back to the overview. @param {number} node */
function choose(node) {
  if (node >= 0) {
    const chain = chainFor(node);
    if (chain !== view.chain) showChain(chain);
  }
  view.selected = node >= 0 && kindOf(node).code === "Chain" && scene.chain.node === node ? -1 : node;
  view.box = -1;
  if (view.selected >= 0) reveal(view.selected);
  const key = node >= 0 ? NODES.key[node] : "";
  document.body.dataset.selected = key;
  history.replaceState(null, "", key ? `#n=${encodeURIComponent(key)}` : "#");
  at("live").textContent = node >= 0 ? `${NODES.name[node]}, ${label(kindOf(node))}` : say("overview");
  drawPanel();
  redraw();
}

/** Choose a lane or the loose card. @param {number} b */
function chooseBox(b) {
  const box = scene.chain.boxes[b];
  if (box.role === "card") return choose(box.node);
  choose(-1);
  view.box = b;
  document.body.dataset.selected = `box:${b}`;
  drawPanel();
  redraw();
}

/** @param {number} item */
function press(item) {
  const { chips } = scene;
  if (item < 0) return choose(-1);
  view.focus = item;
  if (item >= chips.node.length) return chooseBox(item - chips.node.length);
  if (chips.node[item] >= 0) return choose(chips.node[item]);
  chooseBox(chips.box[item]);
}

/** @param {number} index */
function showChain(index) {
  view.chain = index;
  view.hover = view.focus = view.box = -1;
  view.selected = -1;
  scene = sceneOf(index);
  /** @type {HTMLSelectElement} */ (at("chain")).value = String(index);
  document.body.dataset.chain = scene.chain.node >= 0 ? NODES.key[scene.chain.node] : "";
  drawLegend();
  openNetwork();
  if (view.table) drawTable();
}

/** Everything whose words or colours may have changed. */
function refresh() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.body.dataset.lang = language;
  document.body.dataset.theme = document.documentElement.dataset.theme ?? "light";
  document.body.dataset.weak = view.weak ? "1" : "0";
  document.body.dataset.view = view.table ? "table" : "graph";
  readInk();
  cut.clear();
  const dark = document.documentElement.dataset.theme === "dark";
  const words = { skip: say("skip"), weak: say("weak"), fit: say("fit"), tabular: say("table"), png: say("png"), csv: say("csv"), theme: say(dark ? "light" : "dark"), lang: say("other"), title: MODEL.title };
  for (const [id, text] of Object.entries(words)) at(id).textContent = text;
  at("title").title = MODEL.title;
  const notice = MODEL.notice[language === "zh" ? 0 : 1];
  Object.assign(at("notice"), { hidden: !notice, textContent: notice, title: notice });
  Object.assign(at("query"), { placeholder: say("search"), ariaLabel: say("searchLabel"), title: say("search") });
  at("hits").ariaLabel = say("searchLabel");
  Object.assign(at("larger"), { ariaLabel: say("larger"), title: say("larger") });
  Object.assign(at("smaller"), { ariaLabel: say("smaller"), title: say("smaller") });
  at("chain").ariaLabel = say("chain");
  at("stage").ariaLabel = say("stageLabel");
  at("weak").ariaPressed = String(view.weak);
  at("tabular").ariaPressed = String(view.table);
  at("stage").hidden = view.table;
  at("table").hidden = !view.table;
  if (view.table) drawTable();
  drawLegend();
  drawPanel();
  redraw();
}

/** @param {string} name @param {Node} mark @param {number} count @param {boolean} on @param {(on: boolean) => void} change @param {Record<string, any>} data */
function filterBox(name, mark, count, on, change, data) {
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", ...data }));
  input.checked = on;
  input.addEventListener("change", () => {
    change(input.checked);
    if (view.table) drawTable();
    redraw();
  });
  return h("label", {}, input, mark, name, h("b", {}, String(count)));
}

/** The legend, which is the filter too: kinds, states, regions, and how lines are drawn. */
function drawLegend() {
  const { boxes, flows } = scene.chain;
  const people = new Set(boxes.flatMap((/** @type {any} */ box) => box.members));
  const byKind = new Map();
  const regions = new Map();
  for (const node of people) {
    byKind.set(NODES.kind[node], (byKind.get(NODES.kind[node]) ?? 0) + 1);
    if (kindOf(node).code === "Enterprise") regions.set(NODES.region[node], (regions.get(NODES.region[node]) ?? 0) + 1);
  }
  const flip = (/** @type {Set<any>} */ set, /** @type {any} */ value) => (/** @type {boolean} */ on) => (on ? set.delete(value) : set.add(value));
  const kinds = [...byKind].sort((a, b) => a[0] - b[0]).map(([kind, count]) => {
    const code = MODEL.kinds[kind].code;
    return filterBox(laneLabel(MODEL.kinds[kind]), svgIcon(code, tone(code), 14), count, !view.hiddenKinds.has(kind), flip(view.hiddenKinds, kind), { "data-kind": code });
  });
  const states = MODEL.states.map((/** @type {any} */ state) => {
    const count = boxes.filter((/** @type {any} */ box) => box.state === state.code).length;
    return count && filterBox(label(state), svgIcon(state.code, tone(state.code), 14), count, !view.hiddenStates.has(state.code), flip(view.hiddenStates, state.code), { "data-state": state.code });
  });
  const lines = [["supply", "supplyLine", "var(--flow)", [], 3.5], ["template", "templateLine", "var(--flow)", [2, 3], 1.5], ["unlinked", "unlinkedLine", "var(--broken_unlinked)", [6, 4], 2]];
  const keys = lines.filter(([status]) => flows.some((/** @type {any} */ flow) => flow.status === status)).map(([, key, colour, dash, width]) => h("span", { class: "key" }, svgLine(/** @type {string} */ (colour), /** @type {number[]} */ (dash), /** @type {number} */ (width)), say(/** @type {string} */ (key))));
  if (scene.chips.mark.some((/** @type {number} */ mark) => mark & MARK.owner)) keys.push(h("span", { class: "key" }, svgBar("var(--Enterprise)"), say("owner")));
  const picker = /** @type {HTMLSelectElement} */ (h("select", { id: "region", "aria-label": say("region") }, h("option", { value: "" }, say("allRegions")), ...[...regions].sort((a, b) => b[1] - a[1]).map(([region, count]) => h("option", { value: region || "?" }, `${region || say("noRegion")} ${count}`))));
  if (view.region && !regions.has(view.region === "?" ? "" : view.region)) view.region = "";
  picker.value = view.region;
  picker.addEventListener("change", () => {
    view.region = picker.value;
    if (view.table) drawTable();
    redraw();
  });
  at("legend").replaceChildren(
    ...[kinds, states.filter(Boolean), regions.size > 1 ? [picker] : [], keys].filter((group) => group.length).map((group) => h("div", { class: "group" }, ...group)),
  );
}

/** @param {MouseEvent} event */
function hover(event) {
  const place = network.DOMtoCanvas({ x: event.offsetX, y: event.offsetY });
  const item = itemAt(place.x, place.y);
  const tip = at("tip");
  if (item !== view.hover) {
    view.hover = item;
    at("net").style.cursor = item >= 0 ? "pointer" : "";
    describeTip(tip, item);
    redraw();
  }
  if (!tip.hidden) {
    tip.style.left = `${Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8)}px`;
    tip.style.top = `${Math.min(event.clientY + 16, innerHeight - tip.offsetHeight - 8)}px`;
  }
}

/** @param {HTMLElement} tip @param {number} item */
function describeTip(tip, item) {
  const { chips, chain } = scene;
  const box = item >= chips.node.length ? chain.boxes[item - chips.node.length] : null;
  const node = box ? box.node : item >= 0 ? chips.node[item] : -1;
  tip.hidden = node < 0;
  if (node < 0) return;
  const facts = box ? [...[box.state, ...box.also].filter(Boolean).map((code) => label(STATES[code])), box.members.length || isWeak(box) ? firms(box.members.length) : ""] : [label(kindOf(node)), NODES.region[node], (chips.mark[item] & MARK.owner) ? say("owner") : ""];
  tip.replaceChildren(h("strong", {}, bdi(NODES.name[node])), facts.filter(Boolean).join(" · "));
}

/** Move the focus to the nearest item in a direction. @param {number} dx @param {number} dy */
function step(dx, dy) {
  const { chips, chain } = scene;
  const total = chips.node.length + chain.boxes.length;
  const centre = (/** @type {number} */ item) => {
    const { x, y, w, h: tall } = frameOf(item);
    return item < chips.node.length ? [x + w / 2, y + tall / 2] : [x + Math.min(w / 2, 60), y + Math.min(tall / 2, 14)];
  };
  if (view.focus < 0) view.focus = Math.max(chips.node.length, 0) + Math.max(chain.boxes.findIndex((/** @type {any} */ box) => box.role === "card"), 0);
  else {
    const [x, y] = centre(view.focus);
    let best = { cost: Infinity, item: view.focus };
    for (let item = 0; item < total; item += 1) {
      if (item < chips.node.length && chipAlpha(item, null) < FADED) continue;
      const [ox, oy] = centre(item);
      const ahead = (ox - x) * dx + (oy - y) * dy;
      const aside = Math.abs((ox - x) * dy) + Math.abs((oy - y) * dx);
      if (ahead > 3 && ahead + 2.5 * aside < best.cost) best = { cost: ahead + 2.5 * aside, item };
    }
    view.focus = best.item;
  }
  const node = view.focus < chips.node.length ? chips.node[view.focus] : chain.boxes[view.focus - chips.node.length].node;
  at("live").textContent = node >= 0 ? NODES.name[node] : say("more");
  document.body.dataset.focus = node >= 0 ? NODES.key[node] : "";
  if (node >= 0) reveal(node);
  redraw();
}

/** @param {KeyboardEvent} event */
function keys(event) {
  const typing = event.target instanceof HTMLInputElement && event.target.type === "text";
  if (event.key === "Escape") {
    closeHits();
    choose(-1);
  } else if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    /** @type {HTMLInputElement} */ (at("query")).select();
    at("query").focus();
  } else if (document.activeElement === at("stage")) {
    /** @type {Record<string, [number, number]>} */
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const move = Object.hasOwn(moves, event.key) ? moves[event.key] : null;
    if (move) step(...move);
    else if (event.key === "Enter" || event.key === " ") press(view.focus);
    else if (event.key === "0") fit();
    else if (event.key === "+" || event.key === "=") zoom(1.2);
    else if (event.key === "-") zoom(1 / 1.2);
    else return;
    event.preventDefault();
  }
}

function followAddress() {
  const match = /^#n=(.+)$/.exec(location.hash);
  let key = "";
  try {
    key = decodeURIComponent(match?.[1] ?? "");
  } catch {
    return; // a broken escape names nothing
  }
  const node = nodeByKey.get(key);
  if (node !== undefined && document.body.dataset.selected !== key) choose(node);
}

function toggleTable() {
  view.table = !view.table;
  refresh();
  if (view.table) at("table").focus();
  else open();
}

function wire() {
  const picker = /** @type {HTMLSelectElement} */ (at("chain"));
  picker.append(...MODEL.chains.map((/** @type {any} */ chain, /** @type {number} */ i) => h("option", { value: i }, chain.title)));
  picker.addEventListener("change", () => {
    showChain(Number(picker.value));
    choose(-1);
  });
  const click = (/** @type {string} */ id, /** @type {() => void} */ act) => at(id).addEventListener("click", act);
  click("weak", () => {
    view.weak = !view.weak;
    refresh();
  });
  click("fit", fit);
  click("larger", () => zoom(1.2));
  click("smaller", () => zoom(1 / 1.2));
  at("net").addEventListener("wheel", scroll, { capture: true, passive: false });
  click("tabular", toggleTable);
  at("skip").addEventListener("click", (event) => {
    event.preventDefault();
    if (!view.table) toggleTable();
  });
  click("png", exportPng);
  click("csv", exportCsv);
  click("theme", () => {
    document.documentElement.dataset.theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    refresh();
  });
  click("lang", () => {
    language = language === "zh" ? "en" : "zh";
    refresh();
  });
  at("net").addEventListener("mousemove", hover);
  at("net").addEventListener("mouseleave", () => {
    view.hover = -1;
    at("tip").hidden = true;
    redraw();
  });
  at("stage").addEventListener("focus", redraw);
  at("stage").addEventListener("blur", redraw);
  document.addEventListener("keydown", keys);
  addEventListener("hashchange", followAddress);
  wirePrint();
  wireSearch();
}

/** Paper is light, and shows the whole chain. */
function wirePrint() {
  const root = document.documentElement;
  let theme = root.dataset.theme;
  addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
    refresh();
    at("paper").replaceChildren(...(view.table ? [] : [picture()]));
  });
  addEventListener("afterprint", () => {
    root.dataset.theme = theme;
    at("paper").replaceChildren();
    refresh();
  });
}

function start() {
  language = document.documentElement.lang.startsWith("en") ? "en" : "zh";
  document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  readInk();
  wire();
  showChain(0);
  refresh();
  document.body.dataset.selected = "";
  followAddress();
  document.body.dataset.ready = "1";
}

/** Where things are on screen, for whoever drives the page from outside. */
Object.defineProperty(window, "liantu", {
  value: Object.freeze({
    /** @param {string} key */
    positionOf(key) {
      const node = nodeByKey.get(key);
      if (node === undefined) return null;
      const chip = (scene.chipsOf.get(node) ?? [])[0];
      const card = scene.boxOfSegment.get(node);
      if (chip === undefined && card === undefined) return null;
      const { x, y, w } = frameOf(chip ?? scene.chips.node.length + /** @type {number} */ (card));
      const place = network.canvasToDOM({ x: x + w / 2, y: y + 12 });
      const stage = at("stage").getBoundingClientRect();
      return { x: place.x + stage.left, y: place.y + stage.top };
    },
  }),
});
document.fonts.ready.then(start);
