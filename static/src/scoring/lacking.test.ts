import assert from "node:assert/strict";
import { test } from "node:test";
import { dated, isEmpty, lacking, NO_LOSS, together } from "./lacking.ts";
import type { Mark, Operation, Sheet } from "./types.ts";

const mark = (aspect: string, value: string, version: number): Mark => ({ aspect, kind: "mark", value, state: "value", round: 1, version, reason: "" });
const sheet = (id: string, ...marks: Mark[]): Sheet => ({ id, code: id, seat: "J1", state: "open", state_says: "", marks, levels: {} });
const operation = (seq: number, value: string, device_time: string): Operation => ({ op_id: `${seq}`, seq, sheet: "s", aspect: "a", kind: "mark", base_version: 0, value, state: "value", round: 1, reason: "", device_time });

test("what the server has with a smaller version, or not at all, is lacking", () => {
  const kept = [sheet("s", mark("a", "8", 3), mark("b", "7", 1), mark("c", "6", 2))];
  const told = [sheet("s", mark("a", "5", 1), mark("c", "9", 2))];
  assert.deepEqual(lacking(kept, told).map(({ aspect, value, version }) => [aspect, value, version]), [["a", "8", 3], ["b", "7", 1]]);
});

test("nothing is lacking while versions grow, or of a sheet that another judge has now", () => {
  const kept = [sheet("s", mark("a", "8", 3)), sheet("t", mark("a", "8", 3))];
  assert.deepEqual(lacking(kept, [sheet("s", mark("a", "5", 4))]), []);
});

test("told twice, the larger version of a cell stays, and the counts are not added", () => {
  const [first] = lacking([sheet("s", mark("a", "8", 3))], [sheet("s")]);
  const [later] = lacking([sheet("s", mark("a", "7", 5))], [sheet("s")]);
  assert.ok(first && later);
  const both = together({ marks: [later], acknowledged: 9, again: 4 }, { marks: [first], acknowledged: 9, again: 2 });
  assert.deepEqual(both, { marks: [later], acknowledged: 9, again: 4 });
});

test("a copy says when a mark was made; another value of the cell does not", () => {
  const found = lacking([sheet("s", mark("a", "8", 3))], [sheet("s")]);
  assert.equal(dated(found, [operation(1, "8", "monday"), operation(2, "7", "tuesday")])[0]?.device_time, "monday");
  assert.equal(dated(found, [operation(2, "7", "tuesday")])[0]?.device_time, "");
});

test("entries that could all be sent again are no loss", () => {
  assert.ok(isEmpty(NO_LOSS) && isEmpty({ marks: [], acknowledged: 7, again: 7 }));
  assert.ok(!isEmpty({ marks: [], acknowledged: 7, again: 6 }));
});
