// What the server is asked while somebody edits: is this sound, and what would it do.
import type { Json } from "./document.ts";

export interface Problem {
  path: string;
  words: string;
}

export interface Checked {
  document: Json;
  problems: Problem[];
}

/** The server could not be reached, or would not answer; `words` are its own where it has any. */
export class NoAnswer extends Error {}

export class Server {
  readonly #form: HTMLFormElement;
  readonly #checkAt: string;
  readonly #previewAt: string;
  #asking: AbortController | null = null;

  constructor(form: HTMLFormElement, checkAt: string, previewAt: string) {
    this.#form = form;
    this.#checkAt = checkAt;
    this.#previewAt = previewAt;
  }

  /** The document as the server reads it (numbers as exact text), and everything that is wrong with it. */
  async check(text: string): Promise<Checked> {
    this.#asking?.abort();
    this.#asking = new AbortController();
    const answer = await this.#post(this.#checkAt, text, this.#asking.signal);
    return (await answer.json()) as Checked;
  }

  /** The places of made-up entrants under these rules, as a part of a page. */
  async preview(text: string): Promise<Node[]> {
    const answer = await this.#post(this.#previewAt, text);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return [...page.body.children].map((each) => document.adoptNode(each));
  }

  async #post(path: string, text: string, signal: AbortSignal | null = null): Promise<Response> {
    const token = this.#form.querySelector<HTMLInputElement>('[name="csrf_token"]')?.value ?? "";
    const body = JSON.stringify({ text });
    const answer = await fetch(path, { method: "POST", body, signal, headers: { "Content-Type": "application/json", "X-CSRFToken": token } });
    if (!answer.ok) throw new NoAnswer(String(answer.status));
    return answer;
  }
}
