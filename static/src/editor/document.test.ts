import assert from "node:assert/strict";
import { test } from "node:test";
import { at, History, moved, pointer, put } from "./document.ts";

test("a value is put where the pointer says, and the rest stays the same object", () => {
  const before = { a: { b: [1, 2] }, c: { d: 3 } };
  const after = put(before, ["a", "b", 1], 5) as typeof before;
  assert.deepEqual(after, { a: { b: [1, 5] }, c: { d: 3 } });
  assert.equal(after.c, before.c);
});

test("nothing takes a member or an item away", () => {
  assert.deepEqual(put({ a: 1, b: 2 }, ["a"], undefined), { b: 2 });
  assert.deepEqual(put({ a: [1, 2, 3] }, ["a", 1], undefined), { a: [1, 3] });
});

test("what is on the way is made", () => {
  assert.deepEqual(put({}, ["awards", "awards", 0, "id"], "gold"), { awards: { awards: [{ id: "gold" }] } });
});

test("a pointer escapes what a name may hold", () => {
  assert.equal(pointer(["a/b", 0, "c~d"]), "/a~1b/0/c~0d");
  assert.equal(at({ "a/b": [7] }, ["a/b", 0]), 7);
});

test("an item moves to another place of its list", () => {
  assert.deepEqual(moved(["a", "b", "c"], 0, 2), ["b", "c", "a"]);
});

test("steps are undone and redone; a new step forgets what was undone", () => {
  const history = new History({ n: 0 });
  history.change({ n: 1 });
  history.change({ n: 2 });
  history.undo();
  assert.deepEqual(history.now, { n: 1 });
  history.redo();
  assert.deepEqual(history.now, { n: 2 });
  history.undo();
  history.change({ n: 9 });
  assert.equal(history.canRedo, false);
});

test("a step that changes nothing is no step", () => {
  const history = new History({ n: 0 });
  history.change({ n: 0 });
  assert.equal(history.canUndo, false);
});
