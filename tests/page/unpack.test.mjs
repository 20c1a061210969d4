import assert from "node:assert/strict";
import test from "node:test";

import { bytesOf, columnsOf, inflate } from "../../views/page/src/unpack.js";

/** Made by views/page/packing.py; tests/test_page_packing.py compares. */
export const BLOCK =
  "H4sIAAAAAAAAA42TTUvcQBjHJ7pSpBSRUkoRaTpSirhqMoluNoh+Ck+lh+wmK5FsZtkJXdplfbl7FEq99daDp54q+DUEz7KgH0GQYp/MODEZ3ZeZQJiZ/+8/z8zzjF1CqItZ04si7HZxgl0c4jKOsWuVcUQ72F02y9gPosTDrlHGMAFjD3RGD0ahHwzADIWyBeUAxWg7CXyFs59wJueI4IgNYJPGwTfJxUqYxACA1b0IIjILkVoEWOpnOzYESbjGERo7PU7sNQMmVSzzZ+H31NPOe66tg97b8cJ4QQGIBKy8vkKkXso7Qu7kVU4aRZt22J7qakpXUjia40hAsbUKMtMkUmeo+TIGXLxEbTtDV/xwJ0yY4mAMyLg0qKxLA3P03gPR5/fOHMjzDsSQFyTB1iPIIpoaAkobsMJVoI7COBiSgGJtEV44AhmaAsIrhgvHDyWhUVa1tfGeJeElEcNLUR5K7q7lKylw1TS+XUazAt19OHhVlfV0XS+hO8Rb6x+avUfaPUL76XAKlX7Ab+YSaXx5O9cvbrf2r4//oP7Zz6uD32ijtomQh2rCRxO9f37Y/3uyUmdf9evTU+3m15EujEY1bXLqxfTLVzOzr9+8fTc3//7DwsdPi0vLq6a1Vqmm6xPDvpENMqJrOm2MGQ2aeDh/F0OCPuONVVZvh61kE3/p8fn/dGw1L3gFAAA=";

const columns = columnsOf(await inflate(bytesOf(BLOCK)));

test("integers of every width, below nothing too, and steps", () => {
  assert.deepEqual([...columns.column("small")], [3, -1, 250]);
  assert.deepEqual([...columns.column("wide")], [0, 70000, 2 ** 31 - 3]);
  assert.deepEqual([...columns.column("sorted")], [5, 5, 9, 4000]);
});

test("numbers are not rounded and a missing one stays missing", () => {
  assert.deepEqual([...columns.column("money")], [1.5, NaN, -20]);
  assert.deepEqual([...columns.column("odd")], [1 / 3, NaN]);
});

test("texts, once or repeated, stay what they are", () => {
  assert.deepEqual(columns.column("names"), ["甲", "乙\u2028", "<b>"]);
  assert.deepEqual(columns.column("again"), ["a", "b", "a", "b", "a", "b", "a", "b"]);
});

test("texts that differ in their numbers keep every digit, in both languages", () => {
  const rows = Array.from({ length: 30 }, (_, i) => i);
  assert.deepEqual(columns.column("rows"), rows.map((i) => `企业.csv 第${i * i}行 0${i % 3}`));
  assert.deepEqual(columns.column("lines"), rows.map((i) => `row ${i * i} of 0${i % 3}`));
});

test("truth has three values", () => {
  assert.deepEqual(columns.column("told"), [true, null, false]);
  assert.equal(columns.column("none").length, 0);
});

test("the rest is JSON, and a column that is not there is not there", () => {
  assert.deepEqual(columns.column("json"), { a: ["</script>"] });
  assert.equal(columns.has("nothing"), false);
});
