/** The other half of packing.py: from the letters of a block to columns. */

/** @typedef {{t: string, n: number, w: number, at: number, slots?: number, of?: string, low?: number, delta?: number, scale?: number, size?: number}} Head */

/** @param {string} letters base64 @returns {Uint8Array} */
export function bytesOf(letters) {
  const text = atob(letters);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** @param {Uint8Array} bytes gzip @returns {Promise<Uint8Array>} */
export async function inflate(bytes) {
  const stream = new Blob([/** @type {any} */ (bytes)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Integers from their planes of bytes. @param {Uint8Array} raw @param {number} at @param {Head} head */
function codesOf(raw, at, { n, w }) {
  const codes = new Int32Array(n);
  for (let plane = 0; plane < w; plane += 1) {
    const from = at + plane * n;
    const shift = 8 * plane;
    for (let i = 0; i < n; i += 1) codes[i] |= raw[from + i] << shift;
  }
  return codes;
}

/** @param {Uint8Array} raw @param {number} at @param {number} n */
function floatsOf(raw, at, n) {
  const planes = new Uint8Array(8 * n);
  for (let plane = 0; plane < 8; plane += 1) {
    for (let i = 0; i < n; i += 1) planes[8 * i + plane] = raw[at + plane * n + i];
  }
  return new Float64Array(planes.buffer);
}

/** Texts from their words and the numbers of each hole: values, and with how many digits they are written. @param {string[]} words @param {Int32Array[][]} slots */
function filled(words, slots) {
  /** @type {Map<string, string[]>} */
  const parts = new Map();
  const next = new Int32Array(slots.length);
  return words.map((word) => {
    let pieces = parts.get(word);
    if (!pieces) parts.set(word, (pieces = word.split("\u0001")));
    let text = pieces[0];
    for (let k = 1; k < pieces.length; k += 1) {
      const [values, digits] = slots[k - 1];
      const row = next[k - 1]++;
      text += String(values[row]).padStart(digits.length ? digits[row] : 0, "0") + pieces[k];
    }
    return text;
  });
}

/** @param {Uint8Array} raw @returns {{column: (name: string) => any, has: (name: string) => boolean}} */
export function columnsOf(raw) {
  const length = new DataView(raw.buffer, raw.byteOffset).getUint32(0, true);
  const utf8 = new TextDecoder();
  /** @type {Record<string, Head>} */
  const heads = JSON.parse(utf8.decode(raw.subarray(4, 4 + length)));
  const start = 4 + length;
  /** @param {Head} head @param {string} name @returns {any} */
  const read = (head, name) => {
    if (head.t === "p") return filled(read(heads[`${name}~`], `${name}~`), Array.from({ length: head.slots ?? 0 }, (_, k) => ["", ".digits"].map((part) => read(heads[`${head.of}~${k}${part}`], `${head.of}~${k}${part}`))));
    const at = start + head.at;
    if (head.t === "j") return JSON.parse(utf8.decode(raw.subarray(at, at + head.n)));
    if (head.t === "s") return head.n ? utf8.decode(raw.subarray(at, at + (head.size ?? 0))).split("\0") : [];
    if (head.t === "f") return floatsOf(raw, at, head.n);
    const codes = codesOf(raw, at, head);
    if (head.t === "w") {
      const words = read(heads[`${name}#`], `${name}#`);
      return Array.from(codes, (code) => words[code]);
    }
    const low = head.low ?? 0;
    if (head.t === "n") {
      const scale = head.scale ?? 1;
      return Float64Array.from(codes, (code) => (code ? (code + low) / scale : NaN));
    }
    for (let i = 0, last = 0; i < codes.length; i += 1) {
      codes[i] += low;
      if (head.delta) codes[i] = last += codes[i];
    }
    return head.t === "b" ? Array.from(codes, (code) => (code < 0 ? null : code === 1)) : codes;
  };
  return { column: (name) => read(heads[name], name), has: (name) => Object.prototype.hasOwnProperty.call(heads, name) };
}

/** Texts that mostly are a piece of another. @param {{column: (name: string) => any}} block @param {string} name @param {string[]} whole @returns {string[]} */
export function piecesOf(block, name, whole) {
  const [from, to, own] = [".from", ".to", ".own"].map((part) => block.column(name + part));
  let next = 0;
  return whole.map((text, i) => (from[i] < 0 ? own[next++] : text.slice(from[i], to[i])));
}

/** Unpack the block that stands in the page under an id. @param {string} id */
export async function unpack(id) {
  const block = document.getElementById(id);
  const letters = (block?.textContent ?? "").trim();
  const raw = await inflate(bytesOf(letters));
  block?.remove();
  return columnsOf(raw);
}
