// data-board: asks for its own page again and again, and takes over what stands in data-board-content when it has changed.
// Nothing is touched as long as nothing has changed, so nothing flickers.
import { isLost, words } from "./connection.ts";

const PATIENCE = 4_000;

export class Poller {
  readonly #content: HTMLElement;
  readonly #connection: HTMLElement | null;
  readonly #lost: string;
  readonly #every: number;
  readonly #changed: () => void;
  #tag = "";
  #html = "";
  #answeredAt = Date.now();

  constructor(root: HTMLElement, content: HTMLElement, changed: () => void) {
    this.#content = content;
    this.#connection = root.querySelector("[data-connection]");
    this.#lost = root.dataset.lost ?? "";
    this.#every = Number(root.dataset.every ?? 3_000);
    this.#changed = changed;
  }

  start(): void {
    void this.#round();
    setInterval(() => this.#say(), 1_000);
  }

  async #round(): Promise<void> {
    try {
      await this.#look();
      this.#answeredAt = Date.now();
    } catch {
      // No answer, or not the page: the board says so when it has lasted.
    }
    this.#say();
    setTimeout(() => void this.#round(), this.#every * (0.9 + Math.random() * 0.2));
  }

  async #look(): Promise<void> {
    const control = new AbortController();
    const patience = setTimeout(() => control.abort(), PATIENCE);
    try {
      const headers: Record<string, string> = this.#tag ? { "If-None-Match": this.#tag } : {};
      const answer = await fetch(location.href, { headers, cache: "no-store", signal: control.signal });
      if (answer.status === 304) return;
      if (!answer.ok) throw new Error(String(answer.status));
      this.#take(await answer.text());
      this.#tag = answer.headers.get("ETag") ?? "";
    } finally {
      clearTimeout(patience);
    }
  }

  #take(text: string): void {
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-board-content]");
    if (!fresh) throw new Error("not a board");
    const html = fresh.innerHTML;
    if (html === this.#html) return;
    const isFirst = this.#html === "";
    this.#html = html;
    if (isFirst && plain(html) === plain(this.#content.innerHTML)) return;
    this.#content.replaceChildren(...document.importNode(fresh, true).childNodes);
    this.#changed();
  }

  #say(): void {
    if (!this.#connection) return;
    const said = words(this.#lost, this.#answeredAt, isLost(this.#answeredAt, Date.now()));
    if (this.#connection.textContent !== said) this.#connection.textContent = said;
  }
}

/** Which page is turned up is no difference. */
function plain(html: string): string {
  return html.replaceAll(' hidden=""', "").replace(/data-page-number="">\d+/, "");
}
