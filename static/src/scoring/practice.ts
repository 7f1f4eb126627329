// The practice sheet: marked as on the day, kept in memory only, sent nowhere.
import { h } from "../js/dom.ts";
import type { Draft, KeptPhoto } from "./store.ts";
import type { Attention, Item, Operation, Page, Unnumbered } from "./types.ts";
import type { Steps } from "./undo.ts";

const PLACE = "skillsladder-practised";

/** What the practice page carries, in the form of a desk; null on any other page. */
export function practicePage(): Page | null {
  const text = document.getElementById("practice-data")?.textContent;
  if (!text) return null;
  const told = JSON.parse(text) as Omit<Page, "items"> & { items: Record<string, Record<string, Item[]>> };
  const items = Object.entries(told.items).flatMap(([module, seats]) => Object.entries(seats).map(([seat, all]) => [`${module}/${seat}`, all] as const));
  remember();
  return { ...told, items: Object.fromEntries(items) };
}

/** Takes the place of the device's store while somebody practises. */
export class PracticeStore {
  #operations: Operation[] = [];
  #photos: KeptPhoto<unknown>[] = [];

  async add(made: Unnumbered): Promise<Operation> {
    const operation = { ...made, seq: this.#operations.length + 1 };
    this.#operations.push(operation);
    return operation;
  }

  async queue(): Promise<Operation[]> {
    return [...this.#operations];
  }

  async attention(): Promise<Attention[]> {
    return [];
  }

  async forget(): Promise<void> {}

  async draft(): Promise<Draft | null> {
    return null;
  }

  async keepDraft(): Promise<void> {}

  async steps(): Promise<Steps | null> {
    return null;
  }

  async keepSteps(): Promise<void> {}

  async keepPhoto<About>(photo: KeptPhoto<About>): Promise<void> {
    this.#photos.push(photo);
  }

  async photos<About>(): Promise<KeptPhoto<About>[]> {
    return this.#photos as KeptPhoto<About>[];
  }

  async forgetPhoto(id: string): Promise<void> {
    this.#photos = this.#photos.filter((photo) => photo.id !== id);
  }
}

/** The offer to practise, the first time somebody marks on this device, or the word that this is practice; else null. */
export function offer(page: Page): HTMLElement | null {
  const address = page.addresses.practice;
  const say = (name: string) => page.texts[name] ?? name;
  if (page.practice) return h("p", { class: "banner" }, say("practice"));
  if (!address || isRemembered()) return null;
  const box = h(
    "div",
    { class: "banner", "data-practice-offer": true },
    h("p", {}, say("practice_first")),
    h(
      "div",
      { class: "row" },
      h("a", { class: "button", href: address }, say("practise")),
      h("button", { type: "button", class: "button button-secondary", click: () => (remember(), box.remove()) }, say("not_now")),
    ),
  );
  return box;
}

function isRemembered(): boolean {
  try {
    return localStorage.getItem(PLACE) !== null;
  } catch {
    return true;
  }
}

function remember(): void {
  try {
    localStorage.setItem(PLACE, "yes");
  } catch {
    // A browser that keeps nothing offers no practice either.
  }
}
