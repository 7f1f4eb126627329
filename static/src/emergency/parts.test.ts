import assert from "node:assert/strict";
import { test } from "node:test";
import { parts } from "../scoring/emergency.ts";
import { Parts } from "./parts.ts";

const FILE = JSON.stringify({ format: "skillsladder.emergency/1", sealed: "x".repeat(5000) });

test("codes in any order, some of them twice, make the file that was shown", () => {
  const shown = parts(FILE);
  const read = new Parts();
  const order = [...shown].reverse();
  assert.deepEqual([...order, ...order].map((code) => read.read(code)), [...order.map(() => "new"), ...order.map(() => "known")]);
  assert.ok(read.isWhole && shown.length > 1);
  assert.equal(read.text, shown.join("\n"));
});

test("it says how many are there before all are", () => {
  const read = new Parts();
  assert.deepEqual([read.of, read.count, read.isWhole], [0, 0, false]);
  read.read("2/3 b");
  assert.deepEqual([read.of, read.count, read.isWhole, read.text], [3, 1, false, "2/3 b"]);
});

test("a code of another file is not taken: another number of codes, or another content under the same number", () => {
  const read = new Parts();
  read.read("1/3 a");
  assert.deepEqual(["1/4 a", "1/3 z"].map((code) => read.read(code)), ["other", "other"]);
  assert.equal(read.text, "1/3 a");
});

test("what is no part of an emergency file is none", () => {
  const read = new Parts();
  assert.deepEqual(["https://example.org/tablet#x", "0/3 a", "4/3 a", "1/3 ", ""].map((code) => read.read(code)), ["none", "none", "none", "none", "none"]);
  assert.equal(read.of, 0);
});
