// Signing in again without leaving the sheet: the session has ended, and nothing that was typed may be lost by it.
import { h } from "../js/dom.ts";
import { ask } from "./sync.ts";

export type Say = (name: string, values?: Record<string, string | number>) => string;

const PATIENCE = 30;

export class SignIn {
  readonly #say: Say;
  readonly #address: string;
  readonly #done: () => Promise<"same" | "other" | "nobody" | "unknown">;
  readonly #refused = h("p", { class: "entry-refused", role: "alert" });
  readonly #name = h("input", { class: "input", id: "again-name", name: "username", autocomplete: "username", required: true });
  readonly #password = h("input", { class: "input", id: "again-password", name: "password", type: "password", autocomplete: "current-password", required: true });
  readonly #button: HTMLButtonElement;
  readonly #dialog: HTMLDialogElement;
  #later = false;

  /** `done` looks who is signed in afterwards. */
  constructor(say: Say, address: string, done: () => Promise<"same" | "other" | "nobody" | "unknown">) {
    this.#say = say;
    this.#address = address;
    this.#done = done;
    this.#button = h("button", { type: "submit", class: "button" }, say("sign_in_again"));
    const form = h(
      "form",
      { class: "over", submit: (event) => void this.#submit(event) },
      h("h2", { id: "again-title" }, say("sign_in_again")),
      h("p", {}, say("sign_in")),
      this.#refused,
      h("label", { class: "field-label", for: "again-name" }, say("user_name")),
      this.#name,
      h("label", { class: "field-label", for: "again-password" }, say("password")),
      this.#password,
      h("div", { class: "row" }, this.#button, h("button", { type: "button", class: "button button-secondary", click: () => this.#putOff() }, say("later"))),
    );
    this.#dialog = h("dialog", { class: "over-sheet", "aria-labelledby": "again-title", "data-sign-in-again": true }, form);
    this.#dialog.addEventListener("cancel", () => this.#putOff());
  }

  /** Show it, unless it is there already or was put off; `again` shows it also then. */
  open(again = false): void {
    if (again) this.#later = false;
    if (this.#dialog.open || this.#later) return;
    if (!this.#dialog.isConnected) document.body.append(this.#dialog);
    this.#refused.textContent = "";
    this.#dialog.showModal();
    this.#name.focus();
  }

  close(): void {
    this.#later = false;
    if (this.#dialog.open) this.#dialog.close();
  }

  #putOff(): void {
    this.#later = true;
    this.#dialog.close();
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    this.#button.disabled = true;
    this.#refused.textContent = "";
    try {
      const refused = await this.#try();
      if (refused) this.#refused.textContent = this.#say(refused);
      else this.close();
    } finally {
      this.#password.value = "";
      this.#button.disabled = false;
    }
  }

  /** The name of the words that say why it did not work; nothing when it did. */
  async #try(): Promise<string> {
    const token = await this.#token();
    if (token === null) return "offline_sign_in";
    const body = new URLSearchParams({ csrf_token: token, username: this.#name.value, password: this.#password.value });
    const answered = await ask(this.#address, { method: "POST", body }, PATIENCE);
    if (answered.status === 429) return "too_often";
    if (answered.status >= 500) return "offline_sign_in";
    const who = await this.#done();
    if (who === "nobody") return "wrong_password";
    return who === "unknown" ? "offline_sign_in" : "";
  }

  // The form of the sign-in page carries a token against forgery.
  async #token(): Promise<string | null> {
    try {
      const response = await fetch(this.#address, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout?.(PATIENCE * 1000) ?? null });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      return page.querySelector<HTMLInputElement>("main input[name=csrf_token]")?.value ?? null;
    } catch {
      return null;
    }
  }
}
