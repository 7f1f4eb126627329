// The QR codes of one emergency file, as a camera reads them: in any order, some of them often, perhaps one of another file among them.

const PART = /^\s*(\d{1,3})\/(\d{1,3}) (.+)$/;

/** What a code was: a part that was not read yet, one that was, one of another file, or no part of an emergency file at all. */
export type Read = "new" | "known" | "other" | "none";

export class Parts {
  readonly #found = new Map<number, string>();
  #of = 0;

  /** How many there are; 0 before the first was read. */
  get of(): number {
    return this.#of;
  }

  get count(): number {
    return this.#found.size;
  }

  get isWhole(): boolean {
    return this.#of > 0 && this.#found.size === this.#of;
  }

  /** Take what a code says. The first one decides which file it is. */
  read(text: string): Read {
    const [, number, of, content] = PART.exec(text) ?? [];
    const [place, all] = [Number(number), Number(of)];
    if (!content || place < 1 || place > all) return "none";
    if (this.#of !== 0 && all !== this.#of) return "other";
    const known = this.#found.get(place);
    if (known !== undefined) return known === text.trim() ? "known" : "other";
    this.#of = all;
    this.#found.set(place, text.trim());
    return "new";
  }

  /** The parts so far, one below the other, as a scanner that types would leave them. */
  get text(): string {
    return [...this.#found].sort(([one], [other]) => one - other).map(([, text]) => text).join("\n");
  }
}
