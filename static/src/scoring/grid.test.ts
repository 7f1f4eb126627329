import assert from "node:assert/strict";
import { test } from "node:test";
import { Book } from "./book.ts";
import { nextInGroup } from "./grid.ts";
import { ordered } from "./ordering.ts";
import type { Item, Mark, Page, Sheet } from "./types.ts";

const item: Item = {
  aspect: "A1", kind: "mark", title: "", heading: "", path: ["A"], needed: true, extra: "", hint: "", states: [],
  method: { type: "range", low: "0", high: "10", step: null },
};
const mark = (value: string): Mark => ({ aspect: "A1", kind: "mark", value, state: "value", round: 1, version: 1, reason: "" });
const sheet = (code: string, value?: string, state = "open"): Sheet => ({
  id: code, module: "A", code, seat: "J1", state, state_says: "", marks: value === undefined ? [] : [mark(value)], levels: {},
});
const book = (...sheets: Sheet[]) => new Book({ items: { "A/J1": [item] }, sheets } as unknown as Page);
const on = (of: Book, code: string) => ({ sheet: of.sheet(code) as Sheet, index: 0, text: "", reason: "", refused: "", odd: "", isGroup: true, agreeing: [] });

test("Enter leads to the next entrant, and from the last one to the first that is blank", () => {
  const desk = book(sheet("01", "8"), sheet("02"), sheet("03", "7"));
  assert.equal(nextInGroup(desk, on(desk, "01"))?.code, "02");
  assert.equal(nextInGroup(desk, on(desk, "03"))?.code, "02");
});

test("a locked sheet is no blank to go back to, and at the end there is no way on", () => {
  const desk = book(sheet("01", undefined, "signed"), sheet("02", "9"));
  assert.equal(nextInGroup(desk, on(desk, "02")), null);
});

test("the order of the group goes by points, and equal points share a place", () => {
  const desk = book(sheet("01", "7"), sheet("02", "9"), sheet("03", "9"), sheet("04"));
  const rows = ordered(desk, desk.sheet("01") as Sheet).map((row) => [row.sheet.code, row.place]);
  assert.deepEqual(rows, [["02", 1], ["03", 1], ["01", 3], ["04", 4]]);
});

test("sheets of another module or seat are no part of the group", () => {
  const desk = book(sheet("01"), { ...sheet("01b"), module: "B" }, { ...sheet("02"), seat: "J2" });
  assert.deepEqual(desk.group(desk.sheet("01") as Sheet).map((one) => one.code), ["01"]);
});
