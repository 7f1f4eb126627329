import assert from "node:assert/strict";
import { test } from "node:test";
import { spelled } from "./exact.ts";
import { isOver, triesMost, triesPoints } from "./tries.ts";
import type { Mark, MarkState, Try } from "./types.ts";

const tries = (counts: Try["counts"], failures = 0): Try => ({ type: "try", low: "0", high: "100", step: null, counts, tries: 4, drop: [1, 1], failures });
const mark = (said: string): Mark => {
  const isValue = /\d/.test(said);
  return { aspect: "a", kind: "mark:1", value: isValue ? said : null, state: isValue ? "value" : (said as MarkState), round: 1, version: 1, reason: "" };
};
const worth = (method: Try, ...said: string[]) => spelled(triesPoints(method, said.map(mark)));

test("the best, the last, the sum or the middle of the tries count", () => {
  assert.equal(worth(tries("best"), "40", "dnf", "60", "20"), "60");
  assert.equal(worth(tries("last"), "40", "60", "20", "dns"), "20");
  assert.equal(worth(tries("last"), "40", "60", "20", "dnf"), "0");
  assert.equal(worth(tries("sum"), "10", "20", "30", "40"), "100");
  assert.equal(worth(tries("middle_mean"), "10", "20", "40", "90"), "30");
});

test("a try that failed counts as the lowest where it may fail, and there is no result where it may not", () => {
  assert.equal(worth(tries("middle_mean", 1), "dnf", "20", "40", "90"), "30");
  assert.equal(worth(tries("mean"), "dnf", "20", "40", "90"), "0");
  assert.equal(spelled(triesMost(tries("sum"))), "400");
});

test("nothing need be recorded after a try that was not started", () => {
  assert.equal(isOver([mark("40"), mark("dns"), undefined]), true);
  assert.equal(isOver([mark("40"), mark("dnf"), undefined]), false);
});
