import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "./document.ts";
import { added, branches, duplicated, free, removed, stepped } from "./scheme.ts";

const aspect = (id: string): Json => ({ kind: "aspect", id });
const group = (id: string, ...children: Json[]): Json => ({ kind: "group", id, children });
const document: Json = { scheme: group("total", group("A", aspect("A1"), aspect("A2")), group("B", aspect("B1"))) };
const A1 = ["scheme", "children", 0, "children", 0];

const outline = (made: { document: Json } | null): string =>
  made ? [...branches(made.document)].map((each) => `${"-".repeat(each.level - 1)}${String(each.node.id)}`).join(" ") : "nothing";

test("branches are numbered as the table of the rules numbers them", () => {
  assert.deepEqual([...branches(document)].map((each) => each.number), ["", "1", "1.1", "1.2", "2", "2.1"]);
});

test("a new part stands inside the chosen group, or behind the chosen aspect", () => {
  assert.equal(outline(added(document, ["scheme", "children", 1], { kind: "aspect", id: "new" })), "total -A --A1 --A2 -B --B1 --new");
  assert.equal(outline(added(document, A1, { kind: "aspect", id: "new" })), "total -A --A1 --new --A2 -B --B1");
});

test("a copy has identifiers of its own all the way down", () => {
  assert.equal(outline(duplicated(document, ["scheme", "children", 0])), "total -A --A1 --A2 -A-2 --A1-2 --A2-2 -B --B1");
});

test("a node moves up, down, into the group before it and out of its own", () => {
  assert.equal(outline(stepped(document, A1, "down")), "total -A --A2 --A1 -B --B1");
  assert.equal(outline(stepped(document, A1, "up")), "nothing");
  assert.equal(outline(stepped(document, ["scheme", "children", 1], "in")), "total -A --A1 --A2 --B ---B1");
  assert.equal(outline(stepped(document, A1, "out")), "total -A --A2 -A1 -B --B1");
});

test("the whole can be neither moved nor removed", () => {
  assert.equal(stepped(document, ["scheme"], "up"), null);
  assert.equal(removed(document, ["scheme"]), null);
});

test("after a removal what comes next is chosen, else the group", () => {
  assert.deepEqual(removed(document, A1)?.place, A1);
  assert.deepEqual(removed(document, ["scheme", "children", 1, "children", 0])?.place, ["scheme", "children", 1]);
});

test("a free identifier goes on counting", () => {
  assert.equal(free("A-2", new Set(["A-2", "A-3"])), "A-4");
});
