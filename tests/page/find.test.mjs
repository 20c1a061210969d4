import assert from "node:assert/strict";
import test from "node:test";

import { fieldOf, findIn, plain } from "../../views/page/src/haystack.js";

const NAMES = ["澄澜恒光电堆（虚构）", "澄澜电堆", "云栖制氢 A", "电堆", "ＡＢＣ"];
const fields = [fieldOf(NAMES, false), fieldOf(["clhgdd hgdd", "cldd", "yxzqa", "dd", "abc"], true), fieldOf(["E1", "E12", "E3", "E4", "E5"], true)];

test("the exact name comes first, then those that begin, then those that hold it", () => {
  assert.deepEqual(findIn(fields, "电堆"), [3, 0, 1]);
});

test("initials and codes are found as words, whole ones first", () => {
  assert.deepEqual(findIn(fields, "HGDD"), [0]);
  assert.deepEqual(findIn(fields, "e1"), [0, 1]);
  assert.deepEqual(findIn(fields, "dd")[0], 3);
});

test("nothing finds nothing", () => {
  assert.deepEqual(findIn(fields, "  "), []);
  assert.deepEqual(findIn(fields, "没有"), []);
});

test("width, case, spaces and hidden marks do not matter", () => {
  assert.equal(plain("Ａb\u200b c"), "abc");
  assert.deepEqual(findIn(fields, "abc"), [4]);
  assert.deepEqual(findIn(fields, "云栖制氢a"), [2]);
});

test("the same as looking at each name, whatever is looked for", () => {
  const words = ["澄", "电", "堆", "a", "氢", "虚构", "1"];
  for (const word of words) {
    const expected = NAMES.map((name, i) => [plain(name), i]).filter(([name]) => name.includes(word)).map(([, i]) => i);
    assert.deepEqual(findIn([fields[0]], word).sort(), expected);
  }
});

test("a column of one kind points to the nodes of that kind", () => {
  const codes = fieldOf(["9132", "", "9133"], true, [[0, 7]]);
  assert.deepEqual(findIn([codes], "9133"), [9]);
});

test("a hundred thousand names", () => {
  const many = fieldOf(Array.from({ length: 100000 }, (_, i) => `虚构企业${String(i).padStart(7, "0")}有限公司`), false);
  assert.deepEqual(findIn([many], "0054321"), [54321]);
  assert.equal(findIn([many], "企业").length, 40);
});
