// The tree of the scheme as a tree for the keyboard: arrows walk, Alt and arrows move, Delete removes.
import { h } from "../js/dom.ts";
import { type Json, type Place, pointer } from "./document.ts";
import { type Branch, branches, isGroup, type Step } from "./scheme.ts";

export interface TreeDesk {
  label(branch: Branch): { title: string; note: string };
  choose(place: Place, intoForm: boolean): void;
  step(step: Step): void;
  remove(): void;
}

const STEPS: Record<string, Step> = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in" };

export class Tree {
  readonly #root: HTMLElement;
  readonly #desk: TreeDesk;
  readonly #closed = new Set<string>();
  #document: Json = null;
  #chosen: Place = [];
  #marked = new Map<string, string>();

  constructor(root: HTMLElement, desk: TreeDesk) {
    this.#root = root;
    this.#desk = desk;
    root.addEventListener("keydown", (event) => this.#keyboard(event));
  }

  draw(document: Json, chosen: Place, marked: Map<string, string>): void {
    const hadFocus = this.#root.contains(window.document.activeElement);
    [this.#document, this.#chosen, this.#marked] = [document, chosen, marked];
    this.#root.replaceChildren(...[...branches(document)].filter((each) => this.#isOpen(each)).map((each) => this.#item(each)));
    if (!this.#root.querySelector('[tabindex="0"]')) this.#root.firstElementChild?.setAttribute("tabindex", "0");
    if (hadFocus) this.focus();
  }

  focus(): void {
    this.#root.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }

  #isOpen(branch: Branch): boolean {
    for (let length = 1; length < branch.place.length; length += 2) {
      if (this.#closed.has(pointer(branch.place.slice(0, length)))) return false;
    }
    return true;
  }

  #item(branch: Branch): HTMLElement {
    const here = pointer(branch.place);
    const isChosen = here === pointer(this.#chosen);
    const { title, note } = this.#desk.label(branch);
    const mark = this.#marked.get(here);
    const group = isGroup(branch.node);
    const item = h(
      "li",
      {
        role: "treeitem",
        class: `editor-branch${group ? " editor-group" : ""}`,
        "data-level": String(Math.min(branch.level, 8)),
        "aria-level": String(branch.level),
        "aria-selected": String(isChosen),
        "aria-expanded": group ? String(!this.#closed.has(here)) : undefined,
        tabindex: isChosen ? "0" : "-1",
        "data-place": here,
        click: (event) => {
          const onArrow = event.target instanceof Element && event.target.closest(".editor-arrow");
          if (onArrow) this.#toggle(branch);
          else this.#desk.choose(branch.place, true);
        },
      },
      group ? h("span", { class: "editor-arrow", "aria-hidden": "true" }, this.#closed.has(here) ? "▸" : "▾") : h("span", { class: "editor-leaf", "aria-hidden": "true" }, "·"),
      h("span", { class: "editor-branch-text" },
        h("span", {}, [branch.number, title].filter(Boolean).join(" ")),
        h("span", { class: "editor-note" }, note)),
      mark ? h("span", { class: "editor-mark" }, h("span", { "aria-hidden": "true" }, "!"), h("span", { class: "visually-hidden" }, mark)) : null,
    );
    return item;
  }

  #toggle(branch: Branch): void {
    const here = pointer(branch.place);
    if (!this.#closed.delete(here)) this.#closed.add(here);
    this.draw(this.#document, this.#chosen, this.#marked);
  }

  #keyboard(event: KeyboardEvent): void {
    const open = [...branches(this.#document)].filter((each) => this.#isOpen(each));
    const index = open.findIndex((each) => pointer(each.place) === (event.target as HTMLElement).dataset.place);
    const here = open[index];
    if (!here) return;
    const step = STEPS[event.key];
    const go = (to: Branch | undefined): void => to && this.#desk.choose(to.place, false);
    if (event.altKey && step) this.#desk.step(step);
    else if (event.altKey || event.ctrlKey || event.metaKey) return;
    else if (event.key === "Delete") this.#desk.remove();
    else if (event.key === "ArrowDown") go(open[index + 1]);
    else if (event.key === "ArrowUp") go(open[index - 1]);
    else if (event.key === "Home") go(open[0]);
    else if (event.key === "End") go(open.at(-1));
    else if (event.key === "ArrowRight") this.#openOrEnter(here, open[index + 1], go);
    else if (event.key === "ArrowLeft") this.#closeOrLeave(here, open, go);
    else if (event.key === "Enter" || event.key === " ") this.#desk.choose(here.place, true);
    else return;
    event.preventDefault();
  }

  #openOrEnter(here: Branch, next: Branch | undefined, go: (to: Branch | undefined) => void): void {
    if (isGroup(here.node) && this.#closed.has(pointer(here.place))) this.#toggle(here);
    else if (next && next.level > here.level) go(next);
  }

  #closeOrLeave(here: Branch, open: Branch[], go: (to: Branch | undefined) => void): void {
    if (isGroup(here.node) && !this.#closed.has(pointer(here.place))) this.#toggle(here);
    else go(open.find((each) => pointer(each.place) === pointer(here.place.slice(0, -2))));
  }
}
