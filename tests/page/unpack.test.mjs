import assert from "node:assert/strict";
import test from "node:test";

import { bytesOf, columnsOf, inflate } from "../../views/page/src/unpack.js";

/** Made by views/page/packing.py; tests/test_page_packing.py compares. */
export const BLOCK =
  "H4sIAAAAAAAAA42RwUrDQBCGJ6WexTeQ0WPEZBM1DaU+hSfxsGmipGyzpRsoGkJ9CEF8A8/efBDBcxF8BUGkzmZNjBHB7CHM5vtm/53s9gAKVFMuBIYF5hhiijZmGHo2CrnAcM+1MU5EzjF0bKQNqjlxTklVGid/aE7H8o0VkKXkPE/ijuf/8tzKY8ZjPolTmSWXtZd1YjKHBDXmghK5P5J6jFwZNyeeG5NVTGAYX18n49NE1ZRq+qv0Svf02z0PDonnFzzNdjoCqwWvzR+xmq/xhcGDNhXoFLkUTdTof/8i0GPNaDqd4TjfQ60n09YG+hITJZtME6O5gw5VbvfhHapn9gFba7DWAEtdbkD/ll6bz2BVn09a6+ntePl68wAvj3er63sYRiMADpHpY5nV+/IKpDud4nBfjefpLB/hWVntfwJaQ0QQoAIAAA==";

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

test("truth has three values", () => {
  assert.deepEqual(columns.column("told"), [true, null, false]);
  assert.equal(columns.column("none").length, 0);
});

test("the rest is JSON, and a column that is not there is not there", () => {
  assert.deepEqual(columns.column("json"), { a: ["</script>"] });
  assert.equal(columns.has("nothing"), false);
});
