import assert from "node:assert/strict";
import { test } from "node:test";
import { afterAnswer, type Answer, counter } from "./operation-answer.ts";

const running: Answer = { state: "running", done: 3, total: 40, sentence: "", result_href: null };

test("queued and running work is asked about again", () => {
  assert.deepEqual(afterAnswer(running), { go: "on" });
  assert.deepEqual(afterAnswer({ ...running, state: "queued" }), { go: "on" });
});

test("finished work leads to its result", () => {
  assert.deepEqual(afterAnswer({ ...running, state: "done", result_href: "/batches/7" }), { go: "to", href: "/batches/7" });
});

test("work that ended without a result shows its page again", () => {
  assert.deepEqual(afterAnswer({ ...running, state: "failed" }), { go: "reload" });
});

test("the counter speaks the language of the page", () => {
  assert.equal(counter("第 {done} 项，共 {total} 项", running), "第 3 项，共 40 项");
});
