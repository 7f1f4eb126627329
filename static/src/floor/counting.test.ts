import assert from "node:assert/strict";
import { test } from "node:test";
import { isLost, shownAfter, spelled, type Told } from "./counting.ts";

const HOUR = 3_600_000;
const told = (details: Partial<Told>): Told => ({ state: "running", elapsed: 0, allowed: HOUR, extra: 0, ...details });

test("only a running clock moves on, and not backwards", () => {
  assert.equal(shownAfter(told({}), 61_000).text, "0:58:59");
  assert.equal(shownAfter(told({ state: "paused", elapsed: 60_000 }), 61_000).text, "0:59:00");
  assert.equal(shownAfter(told({ state: "waiting" }), 61_000).text, "1:00:00");
  assert.equal(shownAfter(told({}), -5_000).text, "1:00:00");
});

test("what is left is nothing only when nothing is left", () => {
  assert.equal(shownAfter(told({ elapsed: HOUR - 1 }), 0).text, "0:00:01");
  assert.equal(shownAfter(told({ elapsed: HOUR }), 0).text, "0:00:00");
  assert.equal(shownAfter(told({ elapsed: HOUR }), 65_000).text, "+0:01:05");
});

test("the last five minutes are told minute by minute, then the time is up", () => {
  assert.deepEqual(shownAfter(told({ elapsed: HOUR - 300_001 }), 0), { text: "0:05:01", face: "running", minutes: null });
  assert.equal(shownAfter(told({ elapsed: HOUR - 300_001 }), 1).minutes, 5);
  assert.equal(shownAfter(told({ elapsed: HOUR - 60_000 }), 0).minutes, 1);
  assert.equal(shownAfter(told({ elapsed: HOUR }), 0).face, "up");
  assert.equal(shownAfter(told({ elapsed: HOUR, state: "stopped" }), 0).face, "stopped");
});

test("a page says that it is cut off after eight seconds without an answer", () => {
  assert.equal(isLost(0, 8_000), false);
  assert.equal(isLost(0, 8_001), true);
  assert.equal(spelled(36_000), "10:00:00");
});
