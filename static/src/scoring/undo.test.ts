import assert from "node:assert/strict";
import { test } from "node:test";
import { standing, stands, type Step, Trail } from "./undo.ts";

const step = (number: number): Step => ({
  sheet: "s",
  aspect: `A${number}`,
  kind: "mark",
  before: standing(undefined),
  after: { value: String(number), state: "value", reason: "" },
});

test("twenty steps are taken back in the opposite order, and done again in the first", () => {
  const trail = new Trail();
  for (let number = 1; number <= 20; number += 1) trail.record(step(number));
  const back: (string | undefined)[] = [];
  while (trail.last) {
    back.push(trail.last.aspect);
    trail.back();
  }
  const again: (string | undefined)[] = [];
  while (trail.next) {
    again.push(trail.next.aspect);
    trail.again();
  }
  assert.equal(back.length, 20);
  assert.deepEqual(again, back.reverse());
});

test("something new ends what could be done again", () => {
  const trail = new Trail();
  trail.record(step(1));
  trail.back();
  trail.record(step(2));
  assert.equal(trail.next, undefined);
  assert.equal(trail.last?.aspect, "A2");
});

test("a step that changes nothing is none", () => {
  const trail = new Trail();
  trail.record({ ...step(1), after: standing(undefined) });
  assert.equal(trail.last, undefined);
});

test("a cell that somebody else changed does not stand as it was left", () => {
  assert.equal(stands({ value: "8", state: "value", reason: "" }, { value: "7", state: "value", reason: "" }), false);
});
