import assert from "node:assert/strict";
import { test } from "node:test";
import { newSealingKey, Sealer } from "./sealing.ts";

test("what is sealed cannot be read, and opens in its own place only", async () => {
  const sealer = new Sealer(await newSealingKey());
  const sealed = await sealer.seal("operation a", { value: "8.5" });
  assert.ok(sealed.data instanceof ArrayBuffer && !new TextDecoder().decode(sealed.data).includes("8.5"));
  assert.deepEqual(await sealer.open("operation a", sealed), { value: "8.5" });
  await assert.rejects(sealer.open("operation b", sealed));
});

test("another device's key opens nothing, and the key itself cannot be taken out", async () => {
  const key = await newSealingKey();
  assert.ok(key && !key.extractable);
  const sealed = await new Sealer(key).seal("desk", "codes");
  await assert.rejects(new Sealer(await newSealingKey()).open("desk", sealed));
  await assert.rejects(new Sealer(null).open("desk", sealed));
});

test("without cryptography things are kept all the same", async () => {
  const sealer = new Sealer(null);
  assert.deepEqual(await sealer.open("draft", await sealer.seal("draft", { text: "8" })), { text: "8" });
});
