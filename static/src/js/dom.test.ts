import assert from "node:assert/strict";
import { test } from "node:test";
import { common } from "./dom.ts";

test("what stays is found behind what came and went, in its order", () => {
  assert.deepEqual(common(["h2", "hint", "levels", "ways"], ["h2", "alert", "levels", "ways", "hint"]), [0, -1, 2, 3, -1]);
  assert.deepEqual(common(["a", "b", "c"], ["c", "a", "b"]), [-1, 0, 1]);
});

test("nothing in common is nothing kept, and the same again is all of it", () => {
  assert.deepEqual(common(["a"], ["b", "c"]), [-1, -1]);
  assert.deepEqual(common(["a", "a", "b"], ["a", "a", "b"]), [0, 1, 2]);
  assert.deepEqual(common([], ["a"]), [-1]);
});
