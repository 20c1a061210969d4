/** Search by name, short name, pinyin initials, id or credit code. */
const HIT_LIMIT = 40;
const plain = (/** @type {string} */ text) => text.normalize("NFKC").toLowerCase().replace(/[\p{Cf}\s]/gu, "");
const haystack = NODES.name.map((/** @type {string} */ name, /** @type {number} */ i) => [plain(name), plain(NODES.short[i]), NODES.search[i]]);
/** @type {number[]} */
let hits = [];
let cursor = -1;

/** Nodes that match, best first; nothing matches nothing. @param {string} query @returns {number[]} */
function find(query) {
  const wanted = plain(query);
  if (!wanted) return [];
  /** @type {[number, number][]} */
  const scored = [];
  haystack.forEach(([name, short, words]/** @type {string[]} */, /** @type {number} */ node) => {
    let score = 9;
    if (name === wanted || short === wanted) score = 0;
    else if (` ${words} `.includes(` ${wanted} `)) score = 1;
    else if (short.startsWith(wanted) || name.startsWith(wanted)) score = 2;
    else if (` ${words}`.includes(` ${wanted}`)) score = 3;
    else if (name.includes(wanted) || short.includes(wanted)) score = 4;
    else if (wanted.length > 1 && words.includes(wanted)) score = 5;
    if (score < 9) scored.push([score, node]);
  });
  return scored.sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, HIT_LIMIT).map((pair) => pair[1]);
}

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
        h("span", { class: "what" }, bdi(NODES.name[node]), h("small", {}, [label(kindOf(node)), NODES.region[node], placeOf(node)].filter(Boolean).join(" · "))),
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

/** The segments a node stands in, as words. @param {number} node */
function placeOf(node) {
  const own = (scene.boxesOf.get(node) ?? []).map((b) => scene.chain.boxes[b]).filter((box) => box.role === "card");
  return own.map((box) => NODES.name[box.node]).join("、");
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

function closeHits() {
  at("hits").hidden = true;
  at("query").setAttribute("aria-expanded", "false");
}

function wireSearch() {
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
      choose(-1);
    }
  });
  at("hits").addEventListener("mousedown", (event) => {
    event.preventDefault();
    const item = /** @type {HTMLElement} */ (event.target).closest("li");
    if (item?.dataset.node) takeHit(Number(item.dataset.node));
  });
}

/** @param {number} node */
function takeHit(node) {
  closeHits();
  choose(node);
}
