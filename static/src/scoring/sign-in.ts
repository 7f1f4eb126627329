// Signing in again without leaving the sheet: the session has ended, and nothing that was typed may be lost by it. Whoever came with a login
// card types the PIN alone.
import { h } from "../js/dom.ts";
import { handsAtRest, overSheet, putAway } from "./over-sheet.ts";
import { ask, type Who } from "./sync.ts";

export type Say = (name: string, values?: Record<string, string | number>) => string;

const PATIENCE = 30;

interface Ways {
  /** The sign-in page, whose form is sent. */
  page: string;
  /** Where a card and its PIN open a session; undefined where there are no cards. */
  cards: string | undefined;
  /** The token of the judge's card, when this tablet was opened with one. */
  card(): Promise<string | null>;
  /** Look who is signed in afterwards. */
  done(): Promise<Who>;
}

export class SignIn {
  readonly #say: Say;
  readonly #ways: Ways;
  readonly #refused = h("p", { class: "entry-refused", role: "alert" });
  readonly #pin = h("input", { class: "input", id: "again-pin", name: "pin", inputmode: "numeric", autocomplete: "off", maxlength: "12" });
  readonly #name = h("input", { class: "input", id: "again-name", name: "username", autocomplete: "username", autocapitalize: "none", spellcheck: "false" });
  readonly #password = h("input", { class: "input", id: "again-password", name: "password", type: "password", autocomplete: "current-password" });
  readonly #button: HTMLButtonElement;
  readonly #byCard: HTMLElement;
  readonly #byName: HTMLElement;
  readonly #dialog: HTMLDialogElement;
  #card: string | null = null;
  #later = false;
  #wanted = false;

  constructor(say: Say, ways: Ways) {
    this.#say = say;
    this.#ways = ways;
    this.#button = h("button", { type: "submit", class: "button" }, say("sign_in_again"));
    const label = (field: string, name: string) => h("label", { class: "field-label", for: field }, say(name));
    const other = h("button", { type: "button", class: "button button-quiet", click: () => this.#show(null) }, say("sign_in_by_name"));
    this.#byCard = h("div", { class: "over" }, label("again-pin", "pin_of_card"), this.#pin, other);
    this.#byName = h("div", { class: "over" }, label("again-name", "user_name"), this.#name, label("again-password", "password"), this.#password);
    const form = h(
      "form",
      { class: "over", submit: (event) => void this.#submit(event) },
      h("h2", { id: "again-title" }, say("sign_in_again")),
      h("p", {}, say("sign_in")),
      this.#refused,
      this.#byCard,
      this.#byName,
      h("div", { class: "row" }, this.#button, h("button", { type: "button", class: "button button-secondary", "data-later": true, click: () => this.#putOff() }, say("later"))),
    );
    this.#dialog = overSheet({ "aria-labelledby": "again-title", "data-sign-in-again": true }, form);
    this.#dialog.addEventListener("cancel", () => this.#putOff());
  }

  /** Show it as soon as the judge's hands rest, unless it is there already or was put off; `again` shows it at once, and also then. */
  async open(again = false): Promise<void> {
    this.#wanted = true;
    if (again) this.#later = false;
    else await handsAtRest();
    const card = this.#ways.cards ? await this.#ways.card() : null;
    if (!this.#wanted || this.#dialog.open || this.#later) return;
    if (!this.#dialog.isConnected) document.body.append(this.#dialog);
    this.#refused.textContent = "";
    this.#dialog.showModal();
    this.#show(card);
  }

  close(): void {
    this.#wanted = this.#later = false;
    putAway(this.#dialog);
  }

  #show(card: string | null): void {
    this.#card = card;
    this.#byCard.hidden = card === null;
    this.#byName.hidden = card !== null;
    this.#refused.textContent = "";
    (card === null ? this.#name : this.#pin).focus();
  }

  #putOff(): void {
    this.#later = true;
    putAway(this.#dialog);
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    this.#button.disabled = true;
    this.#refused.textContent = "";
    try {
      const refused = this.#card === null ? await this.#tryName() : await this.#tryCard(this.#card);
      if (refused) this.#refused.textContent = this.#say(refused);
      else this.close();
    } finally {
      this.#password.value = this.#pin.value = "";
      this.#button.disabled = false;
    }
  }

  /** The name of the words that say why it did not work; nothing when it did. */
  async #tryCard(token: string): Promise<string> {
    const body = JSON.stringify({ token, pin: this.#pin.value.trim() });
    const answered = await ask(this.#ways.cards ?? "", { method: "POST", headers: { "Content-Type": "application/json" }, body }, PATIENCE);
    if (answered.status === 200) return await this.#found("wrong_pin");
    if (answered.status === 429) return "too_often";
    return answered.status >= 400 && answered.status < 500 ? "wrong_pin" : "offline_sign_in";
  }

  async #tryName(): Promise<string> {
    const token = await this.#token();
    if (token === null) return "offline_sign_in";
    const body = new URLSearchParams({ csrf_token: token, username: this.#name.value, password: this.#password.value });
    const answered = await ask(this.#ways.page, { method: "POST", body }, PATIENCE);
    if (answered.status === 429) return "too_often";
    if (answered.status >= 500) return "offline_sign_in";
    return await this.#found("wrong_password");
  }

  async #found(wrong: string): Promise<string> {
    const who = await this.#ways.done();
    if (who === "nobody") return wrong;
    return who === "unknown" ? "offline_sign_in" : "";
  }

  // The form of the sign-in page carries a token against forgery.
  async #token(): Promise<string | null> {
    try {
      const response = await fetch(this.#ways.page, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout?.(PATIENCE * 1000) ?? null });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      return page.querySelector<HTMLInputElement>("main input[name=csrf_token]")?.value ?? null;
    } catch {
      return null;
    }
  }
}
