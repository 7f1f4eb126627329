import assert from "node:assert/strict";
import { test } from "node:test";
import { exact, spelled } from "./exact.ts";
import { points, refusal, total } from "./points.ts";
import type { Item, Mark, Method } from "./types.ts";

const half: Method = { type: "range", low: "0", high: "10", step: "0.5" };
const tolerance: Method = { type: "tolerance", target: "5", bands: [["0.2", "9"], ["0.5", "6"]] };
const worth = (method: Method, text: string) => spelled(points(method, text) ?? -1n);

test("a value outside the range or between two steps is refused with its bounds", () => {
  assert.deepEqual(refusal(half, "11"), { text: "range", values: { value: "11", low: "0", high: "10" } });
  assert.equal(refusal(half, "8.3")?.text, "step");
  assert.equal(refusal(half, "８．５"), null);
  assert.equal(refusal(half, "x")?.text, "not_a_number");
});

test("a deduction is above nothing and at most its limit", () => {
  const method: Method = { type: "deduction", effect: "points", high: "5", step: null, cap: null };
  assert.equal(refusal(method, "0")?.text, "range");
  assert.equal(refusal(method, "6")?.text, "range");
  assert.equal(refusal(method, "2"), null);
});

test("points follow the method", () => {
  assert.equal(worth({ type: "level", max: "6", descriptors: [] }, "2"), "4");
  assert.equal(worth({ type: "binary", max: "5" }, "1"), "5");
  assert.equal(worth({ type: "count", max: "15", possible: "60" }, "57"), "14.25");
  assert.deepEqual(["5.2", "4.5", "5.51"].map((text) => worth(tolerance, text)), ["9", "6", "0"]);
});

test("a formula stays between its floor and its maximum, and time falls to nothing", () => {
  const formula: Method = { type: "linear", base: "2", rate: "1.5", max: "10", floor: "0", low: null, high: null, step: null };
  const time: Method = { type: "converted", max: "10", full_within: "60", none_after: "120" };
  assert.deepEqual(["-3", "2", "9"].map((text) => worth(formula, text)), ["0", "5", "10"]);
  assert.deepEqual(["60", "90", "121"].map((text) => worth(time, text)), ["10", "5", "0"]);
});

test("what voids marks is recorded as 1, and neither it nor a percentage is a sum of points", () => {
  const violation: Method = { type: "deduction", effect: "void", high: null, step: null, cap: null };
  assert.equal(refusal(violation, "2")?.text, "range");
  assert.equal(points(violation, "1"), null);
});

test("the total adds marks, takes off deductions up to their cap, and leaves blanks out", () => {
  const item = (aspect: string, method: Method): Item => ({ aspect, kind: "mark", title: "", heading: "", needed: true, extra: "", hint: "", states: ["not_attempted"], method });
  const items = [item("A", half), item("B", half), item("C", { type: "deduction", effect: "points", high: null, step: null, cap: "3" })];
  const mark = (value: string): Mark => ({ aspect: "", kind: "mark", value, state: "value", round: 1, version: 1, reason: "" });
  const given: Record<string, Mark[]> = { A: [mark("8.5")], B: [], C: [mark("2"), mark("2")] };
  const found = total(items, (one) => given[one.aspect] ?? []);
  assert.equal(found.points, exact("5.5"));
  assert.equal(found.max, exact("20"));
});

test("a percentage takes its part of what its own group makes, a violation all of it, and points go last", () => {
  const item = (aspect: string, path: string[], method: Method): Item => ({
    aspect, path, method, kind: method.type === "deduction" ? "entry" : "mark", title: "", heading: "", needed: true, extra: "", hint: "", states: [],
  });
  const off = (effect: "points" | "percent" | "void"): Method => ({ type: "deduction", effect, high: null, step: null, cap: effect === "percent" ? "50" : null });
  const items = [
    item("A1", ["A", "a"], half), item("A2", ["A", "a"], half), item("A3", ["A", "a"], off("percent")),
    item("A4", ["A", "b"], half), item("A5", ["A", "b"], off("void")), item("A6", ["A"], off("points")),
  ];
  const given: Record<string, string[]> = { A1: ["8"], A2: ["2"], A3: ["20", "10"], A4: ["9"], A5: [], A6: ["0.5"] };
  const marks = (one: Item): Mark[] =>
    (given[one.aspect] ?? []).map((value, index) => ({ aspect: one.aspect, kind: `entry:${index}`, value, state: "value", round: 1, version: 1, reason: "" }));
  assert.equal(spelled(total(items, marks).points), "15.5");
  given.A5 = ["1"];
  assert.equal(spelled(total(items, marks).points), "6.5");
  given.A3 = ["40", "40"];
  assert.equal(spelled(total(items, marks).points), "4.5");
});
