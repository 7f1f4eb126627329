import assert from "node:assert/strict";
import { test } from "node:test";
import { Description, type Form, type Forms, isShown, variantOf, type Variant, written } from "./forms.ts";
import { renamed } from "./references.ts";

const member = (name: string, form: Form, required = false) => ({ name, label: name, hint: "", required, form });
const variant = (name: string, fixed: Record<string, string>, ...members: ReturnType<typeof member>[]): Variant => ({
  name,
  label: name,
  fixed,
  told_by: Object.keys(fixed),
  implied: [],
  form: { kind: "object", members },
});
const number: Form = { kind: "number" };
const counts = variant("counts", { model: "counts" }, member("awards", { kind: "list", items: { kind: "object", members: [member("id", { kind: "identifier" }, true), member("count", number, true)] }, least: 1, most: 9 }, true));
const share = variant("ratio", { model: "ratio" }, member("share", number, true), member("ties", { kind: "choice", options: [{ value: "all", label: "" }] }));
const forms: Forms = {
  document: {
    kind: "object",
    members: [member("scheme", { kind: "see", definition: "group" }, true), member("awards", { kind: "variants", variants: [counts, share] }), member("ranking", { kind: "list", items: { kind: "object", members: [member("node", { kind: "reference", to: "node" })] }, least: 1, most: 9 })],
  },
  definitions: { group: { kind: "object", members: [member("id", { kind: "identifier" }, true)] } },
};
const description = new Description(forms);

test("a value is the variant whose fixed members it has", () => {
  assert.equal(variantOf([counts, share], { model: "ratio" })?.name, "ratio");
  assert.equal(variantOf([counts, share], { model: "other" }), undefined);
});

test("a member that is implied need not be there", () => {
  const plain = { ...variant("value", { by: "value" }), implied: ["by"] };
  assert.equal(variantOf([plain], { node: "total" })?.name, "value");
});

test("another variant keeps what both know and begins what it needs", () => {
  assert.deepEqual(description.turned({ model: "ratio", share: 20, ties: "all" }, counts, "?"), { model: "counts", awards: [{}] });
});

test("another variant takes along only what it has a field for, deep inside lists too", () => {
  const items: Form = { kind: "object", members: [member("id", { kind: "identifier" }, true), member("percent", number, true)] };
  const percent = variant("percent", { model: "percent" }, member("awards", { kind: "list", items, least: 1, most: 9 }, true));
  const before = { model: "counts", awards: [{ id: "gold", count: 1 }, { id: "silver", count: 2 }] };
  assert.deepEqual(description.turned(before, percent, "?"), { model: "percent", awards: [{ id: "gold" }, { id: "silver" }] });
});

test("numbers stay exact: whole ones as numbers, all others as they were typed", () => {
  assert.equal(written(number, " ８０ "), 80);
  assert.equal(written(number, "0.125"), "0.125");
  assert.equal(written(number, "12345678901234567890"), "12345678901234567890");
  assert.equal(written(number, ""), undefined);
});

test("who is named elsewhere is named there by the new identifier", () => {
  const before = { scheme: { id: "total" }, ranking: [{ node: "total" }, { node: "time" }] };
  const after = { ...before, scheme: { id: "whole" } };
  assert.deepEqual(renamed(description, after, before, ["scheme", "id"]), { scheme: { id: "whole" }, ranking: [{ node: "whole" }, { node: "time" }] });
});

test("an award of teams is named anew among the teams only", () => {
  const honours: Form = { kind: "list", items: { kind: "object", members: [member("awards", { kind: "list", items: { kind: "reference", to: "team_award" }, least: 1, most: 9 })] }, least: 0, most: 9 };
  const teams = new Description({ ...forms, document: { kind: "object", members: [member("teams", { kind: "object", members: [member("awards", { kind: "variants", variants: [counts, share] }), member("honours", honours)] })] } });
  const before = { awards: { model: "counts", awards: [{ id: "first" }] }, teams: { awards: { model: "counts", awards: [{ id: "first" }] }, honours: [{ awards: ["first"] }] } };
  const after = { ...before, teams: { ...before.teams, awards: { model: "counts", awards: [{ id: "gold" }] } } };
  assert.deepEqual(renamed(teams, after, before, ["teams", "awards", "awards", 0, "id"]), { ...after, teams: { ...after.teams, honours: [{ awards: ["gold"] }] } });
  const single = { ...before, awards: { model: "counts", awards: [{ id: "top" }] } };
  assert.deepEqual(renamed(teams, single, before, ["awards", "awards", 0, "id"]), single);
});

test("the text has its members in the order of the form", () => {
  const text = JSON.stringify(description.ordered(description.document, { ranking: [{ node: "a" }], format: "x", scheme: { id: "a" } }));
  assert.equal(text, '{"format":"x","scheme":{"id":"a"},"ranking":[{"node":"a"}]}');
});

test("a member is shown where it has a meaning, or where it is stated", () => {
  const count = { ...member("count", number), when: { member: "combine", words: ["best"], above: false } };
  const weight = { ...member("weight", number), when: { member: "combine", words: ["weighted"], above: true } };
  const document = { scheme: { combine: "weighted", children: [{ combine: "sum" }, { combine: "best" }, { combine: "sum", count: 2 }] } };
  const shownAt = (index: number): boolean => isShown(count, document, ["scheme", "children", index]);
  assert.deepEqual([0, 1, 2].map(shownAt), [false, true, true]);
  assert.equal(isShown(weight, document, ["scheme", "children", 0]), true);
  assert.equal(isShown(weight, document, ["scheme"]), false);
});

test("a variant that only a member tells apart has that member from the beginning", () => {
  const percent: Variant = { name: "percent", label: "", fixed: {}, told_by: ["percent"], implied: [], form: { kind: "object", members: [member("percent", number, true)] } };
  const count: Variant = { ...percent, name: "count", told_by: ["count"], form: { kind: "object", members: [member("count", { kind: "whole", least: 0, most: 9 }, true)] } };
  const turned = description.turned({ percent: 30 }, count, "?");
  assert.deepEqual(turned, { count: "" });
  assert.equal(variantOf([percent, count], turned)?.name, "count");
});
