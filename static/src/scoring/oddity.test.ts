import assert from "node:assert/strict";
import { test } from "node:test";
import { oddity } from "./oddity.ts";
import type { Method } from "./types.ts";

const HUNDRED: Method = { type: "range", low: "0", high: "100", step: "0.5" };
const TEN: Method = { type: "range", low: "0", high: "10", step: "0.5" };

test("a forgotten digit on a wide scale is asked about while there is nothing to compare with", () => {
  assert.equal(oddity(HUNDRED, "8", []), "low");
  assert.equal(oddity(HUNDRED, "0", []), null);
  assert.equal(oddity(HUNDRED, "80", ["81"]), null);
});

test("a value far from the judge's other marks of the item is asked about", () => {
  assert.equal(oddity(TEN, "2", ["8", "8.5", "7.5", "8"]), "far");
  assert.equal(oddity(TEN, "7", ["8", "8.5", "7.5", "8"]), null);
});

test("where marks are spread wide, nothing is far", () => {
  assert.equal(oddity(TEN, "9", ["2", "5", "8", "1"]), null);
});

test("a measurement that misses the target by ten widths is asked about", () => {
  const caliper: Method = { type: "tolerance", target: "20", bands: [["0.02", "5"], ["0.05", "3"]] };
  assert.equal(oddity(caliper, "2.001", []), "target");
  assert.equal(oddity(caliper, "20.3", []), null);
});

test("times are compared with times, whatever their range", () => {
  const time: Method = { type: "time", high: null };
  assert.equal(oddity(time, "6000", ["600", "620", "590", "610"]), "far");
});

test("levels and fulfilled or not are never odd", () => {
  assert.equal(oddity({ type: "binary", max: "5" }, "0", ["1", "1", "1", "1"]), null);
});
