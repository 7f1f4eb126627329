// The floor: clocks run on by the server's word, say when the server is not there, and forms tell what the device's clock says.
import "./floor.css";
import { h } from "../js/dom.ts";
import { isLost, shownAfter, type Face, type Told } from "./counting.ts";

const EVERY = 3_000;
const PATIENCE = 4_000;
const TONES: Record<Face, string> = { waiting: "neutral", running: "success", paused: "warning", stopped: "neutral", last: "warning", up: "danger" };

interface Answer {
  /** The hour, minute and second at the venue. */
  at: string;
  basis: string;
  clocks: Record<string, Told>;
}

class Floor {
  readonly #root: HTMLElement;
  readonly #connection: HTMLElement | null;
  #clocks: Record<string, Told> = {};
  #toldAt = 0;
  #answeredAt = performance.now();
  #saidAt = "–";
  #basis = "";
  #isBehind = false;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#connection = root.querySelector("[data-connection]");
  }

  start(): void {
    void this.#round();
    setInterval(() => this.#show(), 250);
  }

  #say(name: string): string {
    return this.#root.dataset[name] ?? "";
  }

  async #round(): Promise<void> {
    try {
      const asked = performance.now();
      const answer = await fetch(this.#say("address"), { cache: "no-store", signal: AbortSignal.timeout?.(PATIENCE) ?? null });
      if (!answer.ok) throw new Error(String(answer.status));
      const told = (await answer.json()) as Answer;
      const now = performance.now();
      this.#clocks = told.clocks;
      this.#toldAt = (asked + now) / 2; // the server spoke in between
      this.#answeredAt = now;
      this.#saidAt = told.at;
      if (this.#basis && this.#basis !== told.basis && !("live" in this.#root.dataset)) this.#isBehind = true;
      this.#basis = told.basis;
      this.#listOwn();
    } catch {
      // No answer: the clocks run on, and the page says so when it has lasted.
    }
    this.#show();
    setTimeout(() => void this.#round(), EVERY * (0.9 + Math.random() * 0.2));
  }

  #show(): void {
    const since = performance.now() - this.#toldAt;
    if (this.#toldAt) for (const face of this.#root.querySelectorAll<HTMLElement>("[data-clock]")) this.#draw(face, since);
    this.#speak();
  }

  #draw(face: HTMLElement, since: number): void {
    const told = this.#clocks[face.dataset.clock ?? ""];
    if (!told) return;
    const shown = shownAfter(told, since);
    put(face, "[data-clock-time]", shown.text);
    const words = this.#say(shown.face);
    put(face, "[data-clock-state]", shown.minutes ? `${words} · ${this.#say("left").replace("{minutes}", String(shown.minutes))}` : words);
    put(face, "[data-clock-extra]", told.extra ? this.#say("extra").replace("{minutes}", String(told.extra)) : "");
    if (face.dataset.face !== shown.face) face.dataset.face = shown.face;
    if (face.dataset.clock === this.#say("batch")) this.#root.dataset.tone = TONES[shown.face];
  }

  /** The big clock lists the stations whose clock is not the batch's; they come and go with the log. */
  #listOwn(): void {
    const list = this.#root.querySelector("[data-own]");
    if (!list) return;
    const keys = Object.keys(this.#clocks).filter((key) => key.startsWith(`${this.#say("batch")}.`));
    const now = [...list.children].map((one) => (one as HTMLElement).dataset.clock);
    if (keys.join() === now.join()) return;
    list.replaceChildren(
      ...keys.map((key) =>
        h("li", { "data-clock": key }, h("span", {}, this.#say("station").replace("{number}", String(this.#clocks[key]?.station ?? ""))), " ", h("span", { class: "tabular", "data-clock-time": true }), " ", h("span", { "data-clock-state": true })),
      ),
    );
  }

  #speak(): void {
    if (!this.#connection) return;
    const lost = isLost(this.#answeredAt, performance.now());
    const state = lost ? "lost" : this.#isBehind ? "behind" : "";
    if (this.#connection.dataset.state === state) return;
    this.#connection.dataset.state = state;
    if (lost) this.#connection.replaceChildren(this.#say("lost").replace("{time}", this.#saidAt));
    else if (this.#isBehind) this.#connection.replaceChildren(`${this.#say("changed")} `, h("a", { href: location.href }, this.#say("reload")));
    else this.#connection.replaceChildren();
  }
}

function put(face: HTMLElement, where: string, text: string): void {
  const place = face.querySelector<HTMLElement>(where);
  const words = place?.querySelector<HTMLElement>(".status > span") ?? place;
  if (words && words.textContent !== text) words.textContent = text;
}

const root = document.querySelector<HTMLElement>("[data-floor]");
if (root) new Floor(root).start();

document.addEventListener("submit", (event) => {
  const said = (event.target as HTMLFormElement).querySelector<HTMLInputElement>("[data-device-time]");
  if (said) said.value = new Date().toISOString();
});
