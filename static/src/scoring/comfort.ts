// How the sheet suits eye and hand: sun, left hand, larger text, a screen that stays on. Remembered on this device only.
import { h, redraw } from "../js/dom.ts";

const PLACE = "skillsladder-comfort";
const SIZES = ["normal", "large", "largest"] as const;

type Size = (typeof SIZES)[number];

interface Wishes {
  sun: boolean;
  left: boolean;
  size: Size;
  awake: boolean;
}

const USUAL: Wishes = { sun: false, left: false, size: "normal", awake: true };

type Say = (name: string, values?: Record<string, string | number>) => string;

export class Comfort {
  readonly panel: HTMLElement;
  readonly notice = h("p", { class: "notice-line", role: "status", "data-awake-notice": true, hidden: true });
  readonly #say: Say;
  #wishes: Wishes = remembered();
  #lock: WakeLockSentinel | null = null;
  #asking = false;

  constructor(say: Say) {
    this.#say = say;
    this.panel = h("section", { class: "panel-inline", id: "comfort", "aria-label": say("comfort"), hidden: true });
    apply(this.#wishes);
    this.#draw();
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) void this.#keepAwake();
    });
    void this.#keepAwake();
  }

  #draw(): void {
    redraw(
      this.panel,
      this.#choice("sun", this.#say("sun"), this.#wishes.sun, () => this.#wish({ sun: !this.#wishes.sun })),
      this.#choice("left", this.#say("left_hand"), this.#wishes.left, () => this.#wish({ left: !this.#wishes.left })),
      this.#choice("awake", this.#say("stay_awake"), this.#wishes.awake, () => this.#wish({ awake: !this.#wishes.awake })),
      h(
        "div",
        { class: "sizes", role: "group", "aria-label": this.#say("text_size") },
        ...SIZES.map((size) => this.#choice(`size-${size}`, this.#say(`text_${size}`), this.#wishes.size === size, () => this.#wish({ size }))),
      ),
    );
  }

  #choice(name: string, words: string, isOn: boolean, click: () => void): Node {
    return h(
      "button",
      { type: "button", class: "tool", "aria-pressed": String(isOn), "data-focus": `comfort-${name}`, "data-comfort": name, click },
      h("span", { class: "tick", "aria-hidden": "true" }, isOn ? "✓" : "○"),
      words,
    );
  }

  #wish(changed: Partial<Wishes>): void {
    this.#wishes = { ...this.#wishes, ...changed };
    try {
      localStorage.setItem(PLACE, JSON.stringify(this.#wishes));
    } catch {
      // A browser that keeps nothing still follows the wish while the page is open.
    }
    apply(this.#wishes);
    this.#draw();
    void this.#keepAwake();
  }

  // The system gives the lock back whenever the page is hidden, and may refuse it: on little battery, or without https.
  async #keepAwake(): Promise<void> {
    if (!this.#wishes.awake) {
      await this.#lock?.release();
      this.#lock = null;
      return this.#tell("");
    }
    if (document.hidden || this.#asking || (this.#lock && !this.#lock.released)) return;
    this.#asking = true;
    try {
      if (!("wakeLock" in navigator)) throw new Error("no wake lock");
      this.#lock = await navigator.wakeLock.request("screen");
      this.#tell("");
    } catch {
      this.#tell(this.#say("awake_refused"));
    } finally {
      this.#asking = false;
    }
  }

  #tell(words: string): void {
    this.notice.textContent = words;
    this.notice.hidden = words === "";
  }
}

/** Show this page as the judge wished on this device. */
export function suit(): void {
  apply(remembered());
}

function apply({ sun, left, size }: Wishes): void {
  const { dataset } = document.documentElement;
  dataset.sun = sun ? "yes" : "no";
  dataset.hand = left ? "left" : "right";
  dataset.size = size;
}

function remembered(): Wishes {
  try {
    const found = JSON.parse(localStorage.getItem(PLACE) ?? "{}") as Partial<Wishes>;
    const size = SIZES.find((one) => one === found.size) ?? USUAL.size;
    return { sun: found.sun === true, left: found.left === true, awake: found.awake !== false, size };
  } catch {
    return USUAL;
  }
}
