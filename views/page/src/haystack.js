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

/** Add the texts that hold a needle to what was found, until there are enough.
 * @param {Haystack} stack @param {string} needle @param {number[][]} offsets where each text's node begins @param {Set<number>} found */
function gather({ text, starts }, needle, offsets, found) {
  for (let at = text.indexOf(needle); at >= 0 && found.size < HIT_LIMIT; at = text.indexOf(needle, at + 1)) {
    const row = owner(starts, Math.max(at, 1));
    const from = needle.startsWith("\u0001") && text[at] === "\u0001" && at > 0 ? owner(starts, at + 1) : row;
    let range = offsets.length - 1;
    while (range > 0 && offsets[range][0] > from) range -= 1;
    found.add(from - offsets[range][0] + offsets[range][1]);
  }
}

/** @typedef {{stack: Haystack, offsets: number[][], words: boolean}} Field */
/** A column to search. @param {string[]} texts @param {boolean} words whether a text is several words @param {number[][]} [offsets] @returns {Field} */
export const fieldOf = (texts, words, offsets = [[0, 0]]) => ({ stack: haystack(texts, words), offsets, words });

/** Nodes that match, best first; nothing matches nothing. @param {Field[]} fields @param {string} query @returns {number[]} */
export function findIn(fields, query) {
  const wanted = plain(query);
  if (!wanted) return [];
  /** @type {Set<number>} */
  const found = new Set();
  const pass = (/** @type {(field: Field) => string[]} */ needles) => {
    for (const field of fields) for (const needle of needles(field)) gather(field.stack, needle, field.offsets, found);
  };
  pass(({ words }) => (words ? [`\u0001${wanted}\u0001`, `\u0001${wanted}\u0002`, `\u0002${wanted}\u0001`] : [`\u0001${wanted}\u0001`]));
  pass(({ words }) => (words ? [`\u0001${wanted}`, `\u0002${wanted}`] : [`\u0001${wanted}`]));
  pass(({ words }) => (words ? [] : [wanted]));
  if (wanted.length > 1) pass(({ words }) => (words ? [wanted] : []));
  return [...found].slice(0, HIT_LIMIT);
}

