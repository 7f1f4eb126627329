import assert from "node:assert/strict";
import { test } from "node:test";
import { Book, type Edit } from "./book.ts";
import type { Item, Page, Sheet } from "./types.ts";

const item = { aspect: "A1", kind: "mark", needed: true, method: { type: "free" } } as unknown as Item;
const sheet = { id: "s1", code: "01", seat: "J1", module: "A", state: "open", marks: [], levels: {} } as unknown as Sheet;
const edit: Edit = { kind: "mark", value: "8", state: "value", reason: "" };

const book = () => new Book({ items: { "A/J1": [item] }, sheets: [sheet] } as unknown as Page);

test("a mark is shown while it is being written, and not any more when it could not be kept", () => {
  const desk = book();
  desk.writing.push(desk.operation(sheet, item, edit));
  assert.equal(desk.mark(sheet, item)?.value, "8");
  assert.equal(desk.isBlank(sheet, item), false);
  desk.writing = [];
  assert.equal(desk.mark(sheet, item), undefined);
});

test("a second mark over one that is being written builds on the same version of the server", () => {
  const desk = book();
  desk.writing.push(desk.operation(sheet, item, edit));
  const next = desk.operation(sheet, item, { ...edit, value: "9" });
  assert.deepEqual([next.base_version, next.round], [0, 1]);
  desk.writing.push(next);
  assert.equal(desk.mark(sheet, item)?.value, "9");
});
