import assert from "node:assert/strict";
import { test } from "node:test";
import { emergencyFile, opened, parts } from "./emergency.ts";
import type { Operation } from "./types.ts";

const operation = { op_id: "a", seq: 1, sheet: "s", aspect: "A", kind: "mark", base_version: 0, value: "8.5", state: "value", round: 1, reason: "", device_time: "" } as Operation;

async function organiser() {
  const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  return { own: pair.privateKey, key: JSON.stringify(await crypto.subtle.exportKey("jwk", pair.publicKey)) };
}

test("only the organiser opens the emergency file", async () => {
  const { own, key } = await organiser();
  const text = await emergencyFile(key, "event", "device", [operation]);
  assert.doesNotMatch(text, /8\.5/);
  assert.deepEqual(await opened(text, own), [operation]);
  await assert.rejects(opened(text, (await organiser()).own));
  await assert.rejects(opened(text.replace('"event":"event"', '"event":"other"'), own));
});

test("the parts for the QR codes are numbered and make the whole again", () => {
  const text = "0123456789".repeat(200);
  const all = parts(text);
  assert.match(all[0] ?? "", /^1\/3 0/);
  assert.equal(all.map((part) => part.replace(/^\d+\/\d+ /, "")).join(""), text);
});
