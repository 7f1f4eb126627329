// data-turn: the projector turns its pages by itself. A line that was just announced stays in view.
import { pageAfter } from "./connection.ts";

export class Pages {
  readonly #content: HTMLElement;
  readonly #pause: HTMLElement | null;
  #current = 0;
  #paused = false;

  constructor(root: HTMLElement, content: HTMLElement, every: number) {
    this.#content = content;
    this.#pause = root.querySelector("[data-pause]");
    this.#current = Math.max(0, this.#all().findIndex((page) => !page.hidden));
    setInterval(() => this.#turn(), every);
    this.#pause?.removeAttribute("hidden");
    this.#pause?.addEventListener("click", () => this.#toggle());
    document.addEventListener("keydown", (event) => this.#press(event));
    this.show();
  }

  /** Show the current page again; the content may be new. */
  show(): void {
    const pages = this.#all();
    const newest = pages.findIndex((page) => page.querySelector("[data-newest]"));
    if (newest >= 0) this.#current = newest;
    this.#current = Math.min(this.#current, Math.max(0, pages.length - 1));
    pages.forEach((page, index) => {
      if (page.hidden !== (index !== this.#current)) page.hidden = index !== this.#current;
    });
    const number = this.#content.querySelector("[data-page-number]");
    const said = String(this.#current + 1);
    if (number && number.textContent !== said) number.textContent = said;
  }

  #all(): HTMLElement[] {
    return [...this.#content.querySelectorAll<HTMLElement>("[data-page]")];
  }

  #turn(): void {
    if (!this.#paused && !this.#content.querySelector("[data-newest]")) this.#go(1);
  }

  #go(step: number): void {
    this.#current = pageAfter(this.#current, this.#all().length, step);
    this.show();
  }

  #toggle(): void {
    this.#paused = !this.#paused;
    this.#pause?.setAttribute("aria-pressed", String(this.#paused));
  }

  #press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "ArrowRight" || event.key === "PageDown") this.#go(1);
    else if (event.key === "ArrowLeft" || event.key === "PageUp") this.#go(-1);
    else if (event.key === "p") this.#toggle();
  }
}
