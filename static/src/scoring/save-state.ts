// Which of the five states is shown. It never says "uploaded" while anything is only here, and never flickers back and forth.

export type State = "writing" | "local" | "server" | "attention" | "unsafe";

export interface Facts {
  unsafe: boolean;
  attention: number;
  queued: number;
  /** Milliseconds for which a mark on the screen has been written; 0 when none is. */
  writingFor: number;
}

const NOTICEABLE = 400;
const STEADY = 2000;

/** The state that is true now. A mark that is painted and still being written is not uploaded, however short that takes. */
export function stateOf(facts: Facts): State {
  if (facts.unsafe) return "unsafe";
  if (facts.attention > 0) return "attention";
  if (facts.writingFor > (facts.queued > 0 ? NOTICEABLE : 0)) return "writing";
  return facts.queued > 0 ? "local" : "server";
}

/**
 * How many milliseconds to wait before showing `next`: bad news and "stored here" at once, "uploaded" only when what was shown before
 * has stood for two seconds, so that a flapping network does not flicker.
 */
export function delay(shown: State | null, next: State, shownFor: number): number {
  if (shown === null || shown === next || next !== "server") return 0;
  return Math.max(0, STEADY - shownFor);
}

/** Shows a thing only when it has stayed the same for two seconds: a network that comes and goes every second changes nothing. */
export class Steady<Thing> {
  readonly #show: (thing: Thing) => void;
  #shown: Thing;
  #next: Thing;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(first: Thing, show: (thing: Thing) => void) {
    this.#shown = this.#next = first;
    this.#show = show;
  }

  get shown(): Thing {
    return this.#shown;
  }

  set(thing: Thing, atOnce = false): void {
    if (!atOnce && thing === this.#next) return;
    clearTimeout(this.#timer);
    this.#next = thing;
    if (thing === this.#shown) return;
    const show = () => {
      this.#shown = thing;
      this.#show(thing);
    };
    if (atOnce) show();
    else this.#timer = setTimeout(show, STEADY);
  }
}
