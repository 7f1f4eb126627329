import assert from "node:assert/strict";
import { test } from "node:test";
import { isLost, LOST_AFTER, pageAfter, words } from "./connection.ts";

test("a board that was just answered is connected", () => {
  assert.equal(isLost(1_000, 1_000 + LOST_AFTER), false);
});

test("a board says within ten seconds that it is cut off", () => {
  assert.ok(LOST_AFTER < 10_000);
  assert.equal(isLost(0, 10_000), true);
});

test("it names the moment of what it still shows", () => {
  const at = new Date(2026, 10, 20, 14, 32).getTime();
  assert.equal(words("连接中断，显示 {time} 数据", at, true), "连接中断，显示 14:32 数据");
  assert.equal(words("连接中断，显示 {time} 数据", at, false), "");
});

test("after the last page comes the first, and before the first the last", () => {
  assert.equal(pageAfter(2, 3), 0);
  assert.equal(pageAfter(0, 3, -1), 2);
  assert.equal(pageAfter(0, 0), 0);
});
