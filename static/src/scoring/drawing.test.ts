import assert from "node:assert/strict";
import { test } from "node:test";
import { Drawing } from "./drawing.ts";

test("lines become a path of whole numbers within the field", () => {
  const drawing = new Drawing();
  drawing.begin(10.4, 20.6);
  drawing.on(10.9, 20.9);
  drawing.on(700, -5);
  drawing.begin(5, 5);
  assert.equal(drawing.path, "M10,21L600,0M5,5");
});

test("a very long drawing still fits into the form", () => {
  const drawing = new Drawing();
  drawing.begin(0, 0);
  for (let count = 0; count < 20_000; count += 1) drawing.on((count * 7) % 600, (count * 3) % 200);
  assert.ok(drawing.path.length <= 11_000);
});

test("nothing is left of what was cleared", () => {
  const drawing = new Drawing();
  drawing.begin(1, 1);
  drawing.clear();
  assert.equal(drawing.path, "");
});
