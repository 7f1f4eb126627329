// Seals what lies on the device with AES-256-GCM, under a key that the browser keeps and never gives out: who copies the files of a
// lost tablet reads nothing. Where the browser has no cryptography (a venue server without TLS), things lie there as they are.

export interface Sealed {
  iv: Uint8Array<ArrayBuffer> | null;
  data: ArrayBuffer;
}

export class Sealer {
  readonly #key: CryptoKey | null;

  constructor(key: CryptoKey | null) {
    this.#key = key;
  }

  /** Seal a thing for its place. A sealed thing that is put into another place does not open there. */
  async seal(place: string, thing: unknown): Promise<Sealed> {
    return await this.sealBytes(place, new TextEncoder().encode(JSON.stringify(thing)));
  }

  async sealBytes(place: string, bytes: Uint8Array<ArrayBuffer>): Promise<Sealed> {
    if (!this.#key) return { iv: null, data: bytes.slice().buffer };
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, data: await crypto.subtle.encrypt(way(iv, place), this.#key, bytes) };
  }

  /** What was sealed for this place; raises when it was sealed under another key or for another place, or was changed. */
  async open<Thing>(place: string, sealed: Sealed): Promise<Thing> {
    return JSON.parse(new TextDecoder().decode(await this.openBytes(place, sealed))) as Thing;
  }

  async openBytes(place: string, { iv, data }: Sealed): Promise<ArrayBuffer> {
    if (!iv) return data;
    if (!this.#key) throw new Error(`no key opens ${place}`);
    return await crypto.subtle.decrypt(way(iv, place), this.#key, data);
  }
}

function way(iv: Uint8Array<ArrayBuffer>, place: string): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(place) };
}

/** A new key for a device's sealer, or null where the browser has no cryptography. */
export async function newSealingKey(): Promise<CryptoKey | null> {
  if (!hasCryptography()) return null;
  return await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** Only a page that came over TLS (or from this very machine) has it. */
export const hasCryptography = (): boolean => typeof crypto.subtle?.encrypt === "function";
