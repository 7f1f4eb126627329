// What was typed of a sheet and is not handed in yet: kept in this browser, for the person who typed it and for two days.

const PREFIX = "paper-draft:";
const KEPT_FOR = 2 * 24 * 3600 * 1000;

export type Fields = Record<string, string>;

interface Kept {
  at: number;
  fields: Fields;
}

export class Drafts {
  private readonly storage: Storage;
  private readonly now: () => number;

  constructor(storage: Storage, now: () => number = Date.now) {
    this.storage = storage;
    this.now = now;
  }

  keep(key: string, fields: Fields): void {
    try {
      this.storage.setItem(PREFIX + key, JSON.stringify({ at: this.now(), fields } satisfies Kept));
    } catch {
      // A full or closed storage: the page works without drafts.
    }
  }

  /** The fields of a draft, or null where there is none that can be read. */
  of(key: string): Fields | null {
    const kept = parsed(this.storage.getItem(PREFIX + key));
    return kept && this.now() - kept.at < KEPT_FOR ? kept.fields : null;
  }

  /** Forget every draft that begins so: a person's drafts of one sheet. */
  forget(start: string): void {
    for (const key of this.keys()) if (key.startsWith(PREFIX + start)) this.storage.removeItem(key);
  }

  forgetOld(): void {
    for (const key of this.keys()) {
      const kept = parsed(this.storage.getItem(key));
      if (!kept || this.now() - kept.at >= KEPT_FOR) this.storage.removeItem(key);
    }
  }

  private keys(): string[] {
    const found: string[] = [];
    for (let number = 0; number < this.storage.length; number += 1) {
      const key = this.storage.key(number);
      if (key?.startsWith(PREFIX)) found.push(key);
    }
    return found;
  }
}

function parsed(text: string | null): Kept | null {
  try {
    const kept = JSON.parse(text ?? "null") as Kept | null;
    return kept && typeof kept.at === "number" && typeof kept.fields === "object" ? kept : null;
  } catch {
    return null;
  }
}
