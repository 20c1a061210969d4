/** Ways between two nodes: along supply, through Party organizations, through finance, or any. */
import { LINKS, MODEL, eachLink, linksOf } from "./model.js";

/** Relations of each way of going. Supply is followed as goods flow, the others both ways. */
const WAYS = /** @type {[string, string[]][]} */ ([
  ["supply", ["SUPPLIES"]],
  ["party", ["ORG_OF", "SUBORDINATE_TO", "MEMBER_OF", "CO_BUILDS", "HOLDS_POST", "LEADS"]],
  ["finance", ["FINANCES", "OWNS"]],
]);

/**
 * A shortest way, by breadth first.
 * @param {number} from @param {number} to
 * @param {(link: number, out: boolean) => boolean} may
 * @returns {{node: number, link: number}[] | null} nodes after the first, each with the link that leads to it
 */
function shortest(from, to, may) {
  /** @type {Map<number, {before: number, link: number}>} */
  const reached = new Map([[from, { before: -1, link: -1 }]]);
  let front = [from];
  while (front.length && !reached.has(to)) {
    const next = /** @type {number[]} */ ([]);
    for (const node of front) {
      eachLink(node, (link, other, out) => {
        if (reached.has(other) || !may(link, out)) return;
        reached.set(other, { before: node, link });
        next.push(other);
      });
    }
    front = next;
  }
  if (!reached.has(to)) return null;
  const steps = [];
  for (let node = to; node !== from; ) {
    const { before, link } = /** @type {{before: number, link: number}} */ (reached.get(node));
    steps.unshift({ node, link });
    node = before;
  }
  return steps;
}

/** The shortest way of each kind, supply in both directions. @param {number} from @param {number} to */
export function waysBetween(from, to) {
  const found = [];
  for (const [name, codes] of WAYS) {
    const allowed = new Set(codes);
    const fits = (/** @type {number} */ link) => allowed.has(MODEL.relations[LINKS.relation[link]].code);
    if (name === "supply") {
      found.push({ name: "wayDown", steps: shortest(from, to, (link, out) => out && fits(link)) });
      found.push({ name: "wayUp", steps: shortest(from, to, (link, out) => !out && fits(link)) });
    } else found.push({ name: name === "party" ? "wayParty" : "wayFinance", steps: shortest(from, to, fits) });
  }
  return found;
}

/** The tie that a step takes. @param {number} node @param {number} link */
export function tieOf(node, link) {
  return linksOf(node).find((tie) => tie.link === link);
}
