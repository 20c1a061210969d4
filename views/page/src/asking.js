/** What can be asked of a node: its neighbourhood, ways to another, what if it stops. */
import { h, heading, nodeButton } from "./elements.js";
import { language, say } from "./labels.js";
import { MODEL, NODES, closures, kindOf, linksOf, view } from "./model.js";
import { endWay, leaveNear, openNear, pickGoal, strike } from "./navigate.js";
import { hasNear } from "./neighbourhood.js";
import { noteOf } from "./notes.js";
import { NEIGHBOURS, longList } from "./panel.js";
import { scene } from "./scene.js";
import { tieOf, waysBetween } from "./ways.js";

/** What can be asked of a node. @param {number} node @returns {Node[]} */
export function actionParts(node) {
  const act = (/** @type {string} */ id, /** @type {string} */ words, /** @type {() => void} */ done, pressed = false) => h("button", { type: "button", id, "aria-pressed": String(pressed), click: done }, say(words));
  const able = [];
  if (scene.form === "near" && MODEL.chains.length) able.push(act("leave", "nearBack", leaveNear));
  if (hasNear(node) && !(scene.form === "near" && scene.chain.node === node)) able.push(act("near", "nearOpen", () => openNear(node)));
  if (kindOf(node).place && linksOf(node).length) able.push(act("way", view.goal === -2 ? "wayPick" : "wayTo", () => pickGoal(), view.goal === -2));
  if (closures.get(node)?.length) able.push(act("stop", "whatIf", () => strike(node), view.struck.size > 0));
  return able.length ? [h("div", { class: "chips actions" }, ...able)] : [];
}

/** Ways to the goal that was picked. @param {number} node @returns {Node[]} */
export function wayParts(node) {
  if (view.goal < 0) return [];
  const found = waysBetween(node, view.goal).filter((way) => way.steps);
  return [
    heading(`${say("ways")} → ${NODES.short[view.goal]}`, found.length),
    ...(found.length ? [] : [h("p", { class: "note" }, say("wayNone"))]),
    ...found.map((way) => {
      let from = node;
      const items = (way.steps ?? []).map((step) => {
        const tie = tieOf(from, step.link);
        from = step.node;
        const words = tie ? (language === "zh" ? (tie.out ? tie.relation.out_zh : tie.relation.into_zh) : tie.out ? tie.relation.out_en : tie.relation.into_en) : "";
        return h("li", {}, h("span", { class: "dim" }, `${words} ${noteOf(step.link)}`), nodeButton(step.node));
      });
      return h("div", { class: "finding way", "data-way": way.name }, h("p", {}, say(way.name), h("b", {}, String(items.length))), h("ol", {}, ...items));
    }),
    h("button", { type: "button", id: "clear", click: () => endWay() }, say("wayEnd")),
  ];
}

/** Who is hit when a firm stops. @param {number} node @returns {Node[]} */
export function closureParts(node) {
  const hit = closures.get(node);
  if (!hit) return [];
  if (!hit.length) return [heading(say("whatIfHit"), 0), h("p", { class: "dim" }, say("whatIfNone"))];
  return [
    heading(say("whatIfHit"), hit.length),
    longList(hit.map(({ hit: other, loss, step }) => () => nodeButton(other, `${say("loss")} ${Math.round(loss * 1000) / 10}% · ${say("stepOf").replace("{}", String(step))}`)), NEIGHBOURS),
  ];
}
