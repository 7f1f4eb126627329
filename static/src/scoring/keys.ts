// The device's own key pair: ECDSA P-256, made in the browser, never taken out of it. Every batch is signed with it, so that the server
// knows which tablet it came from even when somebody has stolen a session.
import { hasCryptography } from "./sealing.ts";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };

/** A new pair, or null where the browser has no cryptography: the device list then says that the device is not bound. */
export async function newPair(): Promise<CryptoKeyPair | null> {
  if (!hasCryptography()) return null;
  return await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
}

/** The public half, as the server is told it. */
export async function publicHalf(pair: CryptoKeyPair): Promise<JsonWebKey> {
  const { crv, kty, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return { crv, kty, x, y } as JsonWebKey;
}

/** The signature over exactly these bytes, as it stands in X-Device-Signature: r and s, base64url. */
export async function signature(pair: CryptoKeyPair, body: Uint8Array<ArrayBuffer>): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.sign(SIGNING, pair.privateKey, body)));
}

export function base64url(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
}
