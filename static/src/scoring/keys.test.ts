import assert from "node:assert/strict";
import { test } from "node:test";
import { base64url, fromBase64url, newPair, publicHalf, signature } from "./keys.ts";

test("a batch is signed by the device, and by nothing else", async () => {
  const pair = await newPair();
  assert.ok(pair && !pair.privateKey.extractable);
  const body = new TextEncoder().encode('{"schema":2}');
  const signed = fromBase64url(await signature(pair, body));
  assert.equal(signed.length, 64);
  const known = await crypto.subtle.importKey("jwk", await publicHalf(pair), { name: "ECDSA", namedCurve: "P-256" }, true, ["verify"]);
  const verify = (bytes: Uint8Array<ArrayBuffer>) => crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, known, signed, bytes);
  assert.ok(await verify(body));
  assert.ok(!(await verify(new TextEncoder().encode('{"schema":1}'))));
});

test("base64url goes there and back", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  assert.deepEqual(fromBase64url(base64url(bytes)), bytes);
  assert.doesNotMatch(base64url(bytes), /[+/=]/);
});
