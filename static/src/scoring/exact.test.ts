import assert from "node:assert/strict";
import { test } from "node:test";
import { exact, read, rounded, spelled } from "./exact.ts";

test("a number counts however it was typed", () => {
  for (const typed of ["8.5", "８．５", "8。5", "8,5", " 8.50 "]) assert.equal(spelled(exact(typed)), "8.5");
});

test("what is no plain decimal is no number", () => {
  for (const typed of ["", "NaN", "1e9", "8.5.1", "--1", ".", "1234567890", "Infinity"]) assert.equal(read(typed), null);
});

test("a total is shown with two places, half up, without trailing zeros", () => {
  assert.equal(rounded(exact("1.005")), "1.01");
  assert.equal(rounded(exact("12.30")), "12.3");
  assert.equal(rounded(exact("100")), "100");
  assert.equal(rounded(exact("-0.001")), "0");
  assert.equal(rounded(exact("-2.5")), "-2.5");
});
