/** Finding texts: whole columns as one text each, so that a million letters take milliseconds. */
const HIT_LIMIT = 40;

/** @typedef {{text: string, starts: Int32Array}} Haystack texts joined by and between \u0001, and where each begins */

/** How texts are compared: full-width as half-width, small letters, no spaces or hidden marks. @param {string} text */
export const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/[\p{Cf} \t\r\n\u3000]/gu, "");

/** @param {string[]} texts @param {boolean} words whether spaces keep words apart @returns {Haystack} */
function haystack(texts, words) {
  const text = `\u0001${plain((words ? texts.map((one) => one.replace(/ /g, "\u0002")) : texts).join("\u0001"))}\u0001`;
  const starts = new Int32Array(texts.length);
  let at = 0;
  for (let i = 0; i < texts.length; i += 1) {
    starts[i] = at + 1;
    at = text.indexOf("\u0001", at + 1);
  }
  return { text, starts };
}

/** The text in which a place lies. @param {Int32Array} starts @param {number} place */
function owner(starts, place) {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

const SEPARATORS = "\u0001\u0002";
const MOST = 400; // places looked at before the whole words are looked for by themselves

/** The node that a text of a column belongs to. @param {number[][]} offsets @param {number} row */
function nodeOf(offsets, row) {
  let range = offsets.length - 1;
  while (range > 0 && offsets[range][0] > row) range -= 1;
  return row - offsets[range][0] + offsets[range][1];
}

/** How well the words around a place match: 0 the whole word, 1 its beginning, 2 inside. @param {string} text @param {number} at @param {number} length */
function fit(text, at, length) {
  if (!SEPARATORS.includes(text[at - 1])) return 2;
  return SEPARATORS.includes(text[at + length]) ? 0 : 1;
}

/** Note where a needle stands in a column, the best rank of each node. @param {Field} field @param {string} needle what is looked for, with or without separators @param {string} wanted the same without them @param {Map<number, number>} found */
function gather({ stack, offsets, words }, needle, wanted, found) {
  const { text, starts } = stack;
  const skip = needle.length > wanted.length && SEPARATORS.includes(needle[0]) ? 1 : 0;
  let places = 0;
  for (let at = text.indexOf(needle); at >= 0 && places < MOST; at = text.indexOf(needle, at + 1)) {
    places += 1;
    const quality = fit(text, at + skip, wanted.length);
    if (words && quality === 2 && wanted.length < 2) continue;
    const rank = quality === 2 && words ? 3 : quality;
    const node = nodeOf(offsets, owner(starts, at + skip));
    if (rank < (found.get(node) ?? 9)) found.set(node, rank);
  }
  return places;
}

/** @typedef {{stack: Haystack, offsets: number[][], words: boolean}} Field */
/** A column to search. @param {string[]} texts @param {boolean} words whether a text is several words @param {number[][]} [offsets] @returns {Field} */
export const fieldOf = (texts, words, offsets = [[0, 0]]) => ({ stack: haystack(texts, words), offsets, words });

/** Nodes that match, best first; nothing matches nothing. @param {Field[]} fields @param {string} query @returns {number[]} */
export function findIn(fields, query) {
  const wanted = plain(query);
  if (!wanted) return [];
  /** @type {Map<number, number>} */
  const found = new Map();
  for (const field of fields) {
    if (gather(field, wanted, wanted, found) < MOST) continue;
    for (const before of field.words ? SEPARATORS : SEPARATORS[0]) {
      for (const after of [...(field.words ? SEPARATORS : SEPARATORS[0]), ""]) gather(field, before + wanted + after, wanted, found);
    }
  }
  return [...found].sort((a, b) => a[1] - b[1]).slice(0, HIT_LIMIT).map(([node]) => node);
}
