import assert from "node:assert/strict";
import { test } from "node:test";
import { batch, isReply, missing, patience, problem, verdict, wait } from "./outbox.ts";
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
  assert.equal(verdict(operation(1), [answer(2, "applied")]), "keep");
  assert.equal(verdict(operation(1), [answer(1, "applied")]), "done");
  assert.equal(verdict(operation(1), [{ ...answer(1, "applied"), answer: "duplicate" }]), "done");
});

test("conflicts and refusals need attention, also when the first answer was lost", () => {
  assert.equal(verdict(operation(1), [answer(1, "conflict")]), "attention");
  assert.equal(verdict(operation(1), [{ ...answer(1, "rejected", "signed"), answer: "duplicate" }]), "attention");
});

test("a gap is no answer: the operation is sent again", () => {
  assert.equal(verdict(operation(2), [answer(2, "rejected", "gap")]), "gap");
});

test("a batch the server finds too large is halved, down to a single operation", () => {
  const queue = Array.from({ length: 70 }, (_, index) => operation(index + 1));
  assert.deepEqual(batch(queue, 25).length, 25);
  assert.deepEqual(batch([operation(1, "理".repeat(30_000))], 1).length, 1);
});

test("a restored server is offered what it has forgotten, when the second copies reach back that far", () => {
  const copies = [3, 4, 5, 6].map((seq) => operation(seq));
  assert.deepEqual(missing(copies, 4, 7), { operations: [operation(5), operation(6)], isWhole: true });
  assert.deepEqual(missing(copies, 6, 7), { operations: [], isWhole: true });
  assert.deepEqual(missing(copies, 9, 7), { operations: [], isWhole: true });
  assert.equal(missing(copies, 1, 7).isWhole, false);
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
  assert.equal(problem(200, true), "portal");
  assert.equal(problem(302, false), "portal");
  assert.equal(problem(401, true), "sign_in");
  assert.equal(problem(413, true), "too_large");
  assert.equal(problem(403, true, "device-revoked"), "revoked");
  assert.equal(problem(403, true, "not-your-device"), "another");
  assert.equal(problem(403, false), "offline");
  assert.equal(problem(403, true), "refused");
  assert.equal(problem(503, false), "offline");
});

test("the wait doubles up to five minutes, give or take half", () => {
  assert.deepEqual([1, 2, 3, 20].map((failures) => wait(failures, 0.5)), [1, 2, 4, 300]);
  assert.equal(wait(20, 0), 150);
  assert.equal(wait(20, 1), 450);
});

test("a slow server is given more time, from half a minute to two", () => {
  assert.deepEqual([0, 1, 2, 9].map(patience), [30, 60, 120, 120]);
});
