// The tablet goes to the next judge. Nobody leaves while something is only here, unless a supervisor lets them: then it stays sealed on the
// tablet until its judge is back, and leaves it before that only as an emergency file.
import { h, renew } from "../js/dom.ts";
import { codes } from "./codes.ts";
import { canSealFor, emergencyFile } from "./emergency.ts";
import { overSheet, putAway } from "./over-sheet.ts";
import type { Say } from "./sign-in.ts";
import type { Store } from "./store.ts";
import { ask, signOut, type Sync } from "./sync.ts";
import type { Page } from "./types.ts";

export class HandOver {
  readonly #say: Say;
  readonly #page: Page;
  readonly #store: Store;
  readonly #sync: Sync;
  readonly #out: string;
  readonly #dialog: HTMLDialogElement;
  readonly #content = h("div", { class: "over" });
  readonly #emergency = h("div", {});

  /** `out` is where signing out is asked for. */
  constructor(say: Say, page: Page, store: Store, sync: Sync, out: string) {
    this.#say = say;
    this.#page = page;
    this.#store = store;
    this.#sync = sync;
    this.#out = out;
    this.#dialog = overSheet({ "aria-labelledby": "hand-over-title", "data-hand-over": true }, this.#content);
  }

  async open(): Promise<void> {
    if (!this.#dialog.isConnected) document.body.append(this.#dialog);
    this.#emergency.replaceChildren();
    await this.#draw();
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  /** Something was uploaded: what stood in the way may not any more. */
  async redraw(): Promise<void> {
    if (this.#dialog.open) await this.#draw();
  }

  async #draw(): Promise<void> {
    const [waiting, attention, photos] = await Promise.all([this.#store.queue(), this.#store.attention(), this.#store.photos()]);
    const count = waiting.length + photos.length;
    const say = this.#say;
    renew(
      this.#content,
      h("h2", { id: "hand-over-title" }, say("hand_over")),
      h("p", { role: "status", "data-waiting": String(count) }, count === 0 ? say("hand_over_ready") : say("hand_over_waits", { n: count })),
      attention.length > 0 && h("p", {}, say("hand_over_attention", { n: attention.length })),
      h(
        "div",
        { class: "row" },
        count === 0 && this.#button("hand_over_now", "button", () => this.#leave(null)),
        count > 0 && this.#button("send_now", "button", () => this.#sync.now()),
        this.#button("back_to_sheet", "button button-secondary", () => putAway(this.#dialog)),
      ),
      ...(count > 0 ? [this.#file(), this.#supervised()] : []),
    );
  }

  #button(name: string, kind: string, click: () => unknown): HTMLButtonElement {
    return h("button", { type: "button", class: kind, "data-focus": name, "data-do": name, click: () => void click() }, this.#say(name));
  }

  #file(): HTMLElement {
    const section = h("section", { class: "stack" }, h("h3", {}, this.#say("emergency")), h("p", {}, this.#say("emergency_what")));
    if (!canSealFor(this.#page.emergency_key)) {
      section.append(h("p", {}, this.#say("emergency_none")));
      return section;
    }
    section.append(
      h("div", { class: "row" }, this.#button("emergency_save", "button button-secondary", () => this.#save()), this.#button("emergency_show", "button button-secondary", () => this.#show())),
      this.#emergency,
    );
    return section;
  }

  async #text(): Promise<string> {
    return await emergencyText(this.#page, this.#store);
  }

  async #save(): Promise<void> {
    save(await this.#text());
  }

  async #show(): Promise<void> {
    this.#emergency.replaceChildren(codes(await this.#text(), this.#say));
  }

  #supervised(): HTMLElement {
    const name = h("input", { class: "input", id: "supervisor-name", maxlength: "60", autocomplete: "off", "data-focus": "supervisor-name" });
    const reason = h("input", { class: "input", id: "supervisor-reason", maxlength: "200", autocomplete: "off", "data-focus": "supervisor-reason" });
    const refused = h("p", { class: "entry-refused", role: "alert" });
    const mayGive = this.#page.addresses.quarantine !== undefined;
    const leave = () => {
      const left = { supervisor: name.value.trim(), reason: reason.value.trim(), at: new Date().toISOString() };
      if (!left.supervisor || !left.reason) refused.textContent = this.#say("supervisor_first");
      else void this.#leave(left);
    };
    return h(
      "details",
      { "data-supervised": true },
      h("summary", {}, this.#say("supervised")),
      h(
        "div",
        { class: "over" },
        h("p", {}, this.#say("supervised_what")),
        h("label", { class: "field-label", for: "supervisor-name" }, this.#say("supervisor")),
        name,
        h("label", { class: "field-label", for: "supervisor-reason" }, this.#say("reason")),
        reason,
        refused,
        h("div", { class: "row" }, this.#button("hand_over_anyway", "button button-secondary", leave), mayGive && this.#button("held_give", "button button-secondary", () => this.#give())),
      ),
    );
  }

  // A judge who may not mark any more, or whose account is closed: kept for the chief judge, counted nowhere.
  async #give(): Promise<void> {
    await this.#sync.surrender(this.#store);
    await this.#draw();
  }

  async #leave(left: Parameters<Store["leave"]>[0]): Promise<void> {
    if (!left && (await this.#store.queue()).length > 0) return await this.#draw(); // a mark was still being written
    await this.#store.leave(left);
    setLeaving(true);
    if (await this.#sync.signOut(this.#out)) setLeaving(false);
    location.assign(this.#page.addresses.sign_in);
  }
}

/** The emergency file of what waits in a store, and of the last that was acknowledged: the server may have been restored from before it. */
export async function emergencyText(page: Page, store: Store): Promise<string> {
  const { device, pair } = await store.named();
  const operations = [...(await store.copies()), ...(await store.queue())];
  return await emergencyFile(page.emergency_key ?? "", page.event, device, operations, pair);
}

/** Give a text to the person as a file. Its name says nothing about anybody. */
export function save(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[-:T]/g, "");
  const link = h("a", { href: address, download: `emergency-${stamp}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

const LEAVING = "skillsladder.leaving";

/** Whether the last judge has left this tablet, and the server may not know it yet. */
export function isLeaving(): boolean {
  return localStorage.getItem(LEAVING) !== null;
}

export function setLeaving(leaving: boolean): void {
  if (leaving) localStorage.setItem(LEAVING, "1");
  else localStorage.removeItem(LEAVING);
}

/** End the session of a judge who left without a network. False while it still cannot be ended. */
export async function endSession(desk: string, out: string): Promise<boolean> {
  const answered = await ask(desk, { cache: "no-store" }, 15);
  const token = (answered.body as { csrf_token?: string } | null)?.csrf_token;
  const isOver = answered.status === 401 || (token !== undefined && (await signOut(out, token)));
  if (isOver) setLeaving(false);
  return isOver;
}
