import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { delay, stateOf, Steady } from "./save-state.ts";

const calm = { unsafe: false, attention: 0, queued: 0, writingFor: 0 };

test("the worst that is true is shown", () => {
  assert.equal(stateOf({ ...calm, unsafe: true, attention: 2, queued: 3 }), "unsafe");
  assert.equal(stateOf({ ...calm, attention: 2, queued: 3 }), "attention");
  assert.equal(stateOf({ ...calm, queued: 3, writingFor: 500 }), "writing");
  assert.equal(stateOf({ ...calm, queued: 3, writingFor: 100 }), "local");
  assert.equal(stateOf({ ...calm, writingFor: 1 }), "writing");
  assert.equal(stateOf(calm), "server");
});

test("uploaded is shown only when nothing waits, and other news at once", () => {
  assert.equal(delay("server", "local", 10), 0);
  assert.equal(delay("local", "unsafe", 10), 0);
  assert.equal(delay("local", "server", 500), 1500);
  assert.equal(delay("local", "server", 5000), 0);
  assert.equal(delay(null, "server", 0), 0);
});

test("a network that comes and goes every second is not shown to come and go", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const shown: string[] = [];
  const steady = new Steady("online", (thing) => shown.push(thing));
  for (let second = 0; second < 10; second += 1) {
    steady.set(second % 2 ? "online" : "offline");
    mock.timers.tick(1000);
  }
  assert.deepEqual(shown, []);
  steady.set("offline");
  mock.timers.tick(2000);
  steady.set("portal", true);
  assert.deepEqual(shown, ["offline", "portal"]);
  mock.timers.reset();
});
