import assert from "node:assert/strict";
import { test } from "node:test";
import { Drafts } from "./drafts.ts";

function storage(): Storage {
  const rows = new Map<string, string>();
  return {
    get length() {
      return rows.size;
    },
    clear: () => rows.clear(),
    getItem: (key) => rows.get(key) ?? null,
    key: (number) => [...rows.keys()][number] ?? null,
    removeItem: (key) => void rows.delete(key),
    setItem: (key, value) => void rows.set(key, value),
  };
}

test("a draft is there for the person and the sheet it was typed for", () => {
  const drafts = new Drafts(storage());
  drafts.keep("clerk/sheet/1/type", { "values-0": "8.5" });
  assert.deepEqual(drafts.of("clerk/sheet/1/type"), { "values-0": "8.5" });
  assert.equal(drafts.of("other/sheet/1/type"), null);
});

test("what was handed in is forgotten, and nobody else's draft with it", () => {
  const drafts = new Drafts(storage());
  drafts.keep("clerk/sheet/1/type", {});
  drafts.keep("other/sheet/1/type", {});
  drafts.forget("clerk/sheet/");
  assert.equal(drafts.of("clerk/sheet/1/type"), null);
  assert.deepEqual(drafts.of("other/sheet/1/type"), {});
});

test("drafts of the day before yesterday are gone, and what is no draft harms nobody", () => {
  const rows = storage();
  let now = 0;
  const drafts = new Drafts(rows, () => now);
  drafts.keep("clerk/sheet/1/type", {});
  rows.setItem("paper-draft:broken", "{");
  rows.setItem("theme", "dark");
  now = 3 * 24 * 3600 * 1000;
  assert.equal(drafts.of("clerk/sheet/1/type"), null);
  drafts.forgetOld();
  assert.equal(rows.length, 1);
});
