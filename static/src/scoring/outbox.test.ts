import assert from "node:assert/strict";
import { test } from "node:test";
import { batch, isReply, problem, verdict, wait } from "./outbox.ts";
import type { Answer, Operation } from "./types.ts";

const operation = (seq: number, reason = ""): Operation => ({
  op_id: `op-${seq}`, seq, sheet: "s", aspect: "A", kind: "mark", base_version: 0, value: "1", state: "value", round: 1, reason, device_time: "",
});
const answer = (seq: number, outcome: Answer["outcome"], reason = ""): Answer => ({
  op_id: `op-${seq}`, answer: outcome, outcome, reason, version: 1, sentence: "",
});

test("a batch is the oldest fifty, in the order of their numbers", () => {
  const queue = Array.from({ length: 70 }, (_, index) => operation(70 - index));
  assert.deepEqual(batch(queue).map((one) => one.seq), Array.from({ length: 50 }, (_, index) => index + 1));
});

test("a batch stays below the size the server takes", () => {
  const queue = Array.from({ length: 50 }, (_, index) => operation(index + 1, "理".repeat(1000)));
  assert.ok(JSON.stringify(batch(queue)).length > 0 && batch(queue).length < 25);
});

test("an operation leaves the queue only on an answer that carries its id", () => {
  assert.equal(verdict(operation(1), [answer(2, "applied")], true), "keep");
  assert.equal(verdict(operation(1), [answer(1, "applied")], true), "done");
  assert.equal(verdict(operation(1), [{ ...answer(1, "applied"), answer: "duplicate" }], true), "done");
});

test("conflicts and refusals need attention, also when the first answer was lost", () => {
  assert.equal(verdict(operation(1), [answer(1, "conflict")], true), "attention");
  assert.equal(verdict(operation(1), [{ ...answer(1, "rejected", "signed"), answer: "duplicate" }], true), "attention");
});

test("a gap is sent again, and a gap before the first of the queue begins anew", () => {
  assert.equal(verdict(operation(2), [answer(2, "rejected", "gap")], false), "keep");
  assert.equal(verdict(operation(2), [answer(2, "rejected", "gap")], true), "renumber");
});

test("only a signed answer for this device is a receipt", () => {
  const reply = { device: "d", answers: [answer(1, "applied")], next_sequence: 2, server_time: "t", receipt: "a".repeat(64) };
  const good: unknown = reply;
  const unsigned: unknown = { ...reply, receipt: "" };
  assert.ok(isReply(good, "d"));
  assert.ok(!isReply(good, "another"));
  assert.ok(!isReply(unsigned, "d"));
  assert.ok(!isReply("<html>", "d"));
  assert.ok(!isReply({ ok: true }, "d"));
});

test("what is no receipt is told apart for the person", () => {
  assert.equal(problem(200, false), "portal");
  assert.equal(problem(0, false), "portal");
  assert.equal(problem(401, true), "sign_in");
  assert.equal(problem(403, true), "refused");
  assert.equal(problem(503, false), "offline");
});

test("the wait doubles up to five minutes, give or take half", () => {
  assert.deepEqual([1, 2, 3, 20].map((failures) => wait(failures, 0.5)), [1, 2, 4, 300]);
  assert.equal(wait(20, 0), 150);
  assert.equal(wait(20, 1), 450);
});
