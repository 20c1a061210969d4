import assert from "node:assert/strict";
import test from "node:test";

import { cell, csvOf } from "../../views/page/src/csv.js";
import { adjacencyOf } from "../../views/page/src/model.js";
import { rolledUp } from "../../views/page/src/rollup.js";

test("a node's links are cut from one list, both ends", () => {
  const { start, link } = adjacencyOf(Int32Array.of(0, 0, 2), Int32Array.of(1, 2, 1), 4);
  const of = (node) => [...link.slice(start[node], start[node + 1])];
  assert.deepEqual([of(0), of(1), of(2), of(3)], [[0, 1], [0, 2], [1, 2], []]);
});

test("a region counts what lies in its parts, and what has no region stands apart", () => {
  const grid = rolledUp([-1, 0, 0, -1], [1, 2, 3, -1], [5, 7, 1, 2], () => 0, 1);
  assert.deepEqual(grid.map((row) => row[0]), [12, 5, 7, 1, 2]);
});

test("no cell of a file becomes a formula, and none breaks its row", () => {
  for (const text of ["=1", "+1", "-1", "@a", "＝1", "\t=1", "'=1"]) assert.equal(cell(text)[0], "'");
  assert.equal(cell('a"b,c'), '"a""b,c"');
  assert.equal(csvOf([[1, null], ["x", ""]]), "\ufeff1,\r\nx,\r\n");
});
