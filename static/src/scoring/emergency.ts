// The emergency file: what could not be sent, sealed to the event's key, so that only the organiser's server opens it. It leaves the tablet
// as a download, or as a row of QR codes where nothing can be plugged in. docs/tablets.md describes it.
import { base64url, fromBase64url, signature } from "./keys.ts";
import { hasCryptography } from "./sealing.ts";
import type { Operation } from "./types.ts";

export const FORMAT = "skillsladder.emergency/1";
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const PART = 900;

/** Whether this browser can make the file for this event. */
export const canSealFor = (key: string | null | undefined): key is string => typeof key === "string" && hasCryptography();

/** The text of the file: these operations of this device, sealed to the event's public key (a JWK) and signed by the device. */
export async function emergencyFile(key: string, event: string, device: string, operations: Operation[], pair: CryptoKeyPair | null = null): Promise<string> {
  const theirs = await crypto.subtle.importKey("jwk", JSON.parse(key) as JsonWebKey, CURVE, false, []);
  const once = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, once.privateKey, 256);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const about = bound(event, device);
  const sealing = await sealingKey(shared, about);
  const plain = await packed(new TextEncoder().encode(JSON.stringify({ operations })));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: about }, sealing, plain);
  const { crv, kty, x, y } = await crypto.subtle.exportKey("jwk", once.publicKey);
  const file = { format: FORMAT, event, device, iv: base64url(iv), sealed: base64url(new Uint8Array(sealed)) };
  const signed = pair ? { signature: await signature(pair, new TextEncoder().encode(Object.values(file).join("\n"))) } : {};
  return JSON.stringify({ ...file, key: { crv, kty, x, y }, ...signed });
}

// What stands outside the seal cannot be exchanged without breaking it.
const bound = (event: string, device: string) => new TextEncoder().encode(`${FORMAT} ${event} ${device}`);

async function sealingKey(shared: ArrayBuffer, about: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const secret = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const way = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: about };
  return await crypto.subtle.deriveKey(way, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

// Compressed (gzip, known by its first two bytes) where the browser can: five times fewer QR codes.
async function packed(plain: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof CompressionStream !== "function") return plain;
  const stream = new Blob([plain]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The text in parts that a QR code holds, each with its number: “1/7 …”. */
export function parts(text: string): string[] {
  const count = Math.max(1, Math.ceil(text.length / PART));
  return Array.from({ length: count }, (_, index) => `${index + 1}/${count} ${text.slice(index * PART, (index + 1) * PART)}`);
}

/** The operations of a file, for whoever has the private half: what the server does on import, here for the tests. */
export async function opened(text: string, own: CryptoKey): Promise<Operation[]> {
  const { event, device, key, iv, sealed } = JSON.parse(text) as { event: string; device: string; key: JsonWebKey; iv: string; sealed: string };
  const theirs = await crypto.subtle.importKey("jwk", key, CURVE, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own, 256);
  const about = bound(event, device);
  const sealing = await sealingKey(shared, about);
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: fromBase64url(iv), additionalData: about }, sealing, fromBase64url(sealed));
  const stream = new Blob([plain]).stream().pipeThrough(new DecompressionStream("gzip"));
  return (JSON.parse(await new Response(stream).text()) as { operations: Operation[] }).operations;
}
