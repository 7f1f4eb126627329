// The sheet on the screen: items left, entry right, total and way on at the foot. It draws what the book says and tells the desk what is done.
import { type Book, holds, isAdded, isList } from "./book.ts";
import { fill, h, redraw } from "../js/dom.ts";
import { Entry, entriesShown } from "./entry.ts";
import { read, rounded } from "./exact.ts";
import { groupHead, groupRows } from "./grid.ts";
import { ordering } from "./ordering.ts";
import { total } from "./points.ts";
import type { Remarks } from "./remarks.ts";
import type { Attention, Item, Mark, MarkState, Sheet } from "./types.ts";

export interface Desk {
  choose(index: number): void;
  type(text: string): void;
  because(reason: string): void;
  key(key: string): void;
  level(value: string): void;
  notAttempted(): void;
  without(state: MarkState): void;
  clear(): void;
  next(): void;
  addEntry(value: string, reason: string, kind: string): void;
  removeEntry(mark: Mark): void;
  recordAnyway(reason: string): void;
  correct(): void;
  settle(attention: Attention, mine: boolean): void;
  go(sheet: string): void;
  sign(address: string): void;
  undo(): void;
  redo(): void;
  showGroup(isGroup: boolean): void;
  agree(seat: string): void;
  tell(words: string): void;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

export interface Screen {
  sheet: Sheet;
  index: number;
  text: string;
  reason: string;
  refused: string;
  /** What was typed and looks like a slip, until the judge says that it is meant. */
  odd: string;
  isGroup: boolean;
  agreeing: string[];
}

/** What lies beside the sheet: the settings for eye and hand, what waits of notes and photos. */
export interface Beside {
  comfort: { panel: HTMLElement; notice: HTMLElement };
  remarks: Remarks;
  offer: HTMLElement | null;
}

/** Where the entry has no room beside the items; the same width as in scoring.css. */
const PHONE = "(max-width: 43.99rem)";

type Panel = "comfort" | "ordering";

export class View {
  readonly #book: Book;
  readonly #desk: Desk;
  readonly #root: HTMLElement;
  readonly #foot: HTMLElement;
  readonly #beside: Beside;
  readonly #entry: Entry;
  readonly #items = h("div", { class: "items" });
  readonly #attention = h("section", { class: "attention", hidden: true });
  readonly #banner = h("div", { class: "banner", role: "status" });
  readonly #tools = h("div", { class: "tools", role: "toolbar" });
  readonly #ordering = h("section", { class: "panel-inline", id: "ordering", hidden: true });
  #open: Panel | null = null;

  constructor(book: Book, desk: Desk, root: HTMLElement, foot: HTMLElement, beside: Beside) {
    this.#book = book;
    this.#desk = desk;
    this.#root = root;
    this.#foot = foot;
    this.#beside = beside;
    this.#entry = new Entry(book, desk, beside.remarks);
    this.#items.setAttribute("role", "group");
    this.#tools.setAttribute("aria-label", this.#say("tools"));
    this.#ordering.setAttribute("aria-label", this.#say("ordering"));
    const { comfort } = beside;
    measure(".judge-bar", "--bar");
    measure(".judge-foot", "--foot");
    this.#root.replaceChildren(
      this.#banner,
      this.#attention,
      h("div", { class: "desk" }, h("div", { class: "desk-side" }, beside.offer, comfort.notice, this.#tools, comfort.panel, this.#ordering, this.#items), this.#entry.element),
    );
  }

  #say(name: string, values: Record<string, string | number> = {}): string {
    return fill(this.#book.page.texts[name] ?? name, values);
  }

  draw(screen: Screen): void {
    this.#drawAttention();
    this.#drawTools(screen);
    this.#drawItems(screen);
    this.#entry.draw(screen, this.#locked(screen));
    this.#drawFoot(screen);
    this.#drawHeading(screen);
  }

  isLocked(sheet: Sheet): boolean {
    return sheet.state !== "open" || !this.#book.page.is_open;
  }

  #drawHeading({ sheet }: Screen): void {
    const code = document.querySelector("[data-code]");
    if (code) code.textContent = this.#say("code", { code: sheet.code });
    document.title = document.title.replace(/^[^·]*/, `${this.#say("code", { code: sheet.code })} `);
  }

  banner(text: string, action?: { label: string; href?: string; run?: () => void }): void {
    const button = action?.href
      ? h("a", { class: "button", href: action.href }, action.label)
      : action && h("button", { type: "button", class: "button button-secondary", click: () => action.run?.() }, action.label);
    this.#banner.replaceChildren(...(text ? [h("p", {}, text), ...(button ? [button] : [])] : []));
  }

  // A sheet that is locked says so beside every item, and how it is changed all the same; null while it is open.
  #locked({ sheet }: Screen): Node | null {
    if (!this.isLocked(sheet)) return null;
    const { page } = this.#book;
    const words = page.is_open ? this.#say("locked", { state: sheet.state_says }) : this.#say("closed");
    const mayAsk = page.is_open && ["signed", "confirmed"].includes(sheet.state);
    return h(
      "div",
      { class: "banner is-locked" },
      h("p", { "data-locked": sheet.state }, h("span", { class: "lock", "aria-hidden": "true" }), words),
      mayAsk && sheet.asked === true && h("p", {}, this.#say("reopening_asked")),
      mayAsk && sheet.asked !== true && h("a", { class: "button button-secondary", href: page.addresses.sign.replace("{sheet}", sheet.id), "data-focus": "ask" }, this.#say("ask_reopening")),
    );
  }

  // --- tools ----------------------------------------------------------------------------------------

  #drawTools(screen: Screen): void {
    const desk = this.#desk;
    const mode = (isGroup: boolean, words: string) =>
      h("button", { type: "button", class: "tool", "aria-pressed": String(screen.isGroup === isGroup), "data-focus": `mode-${isGroup}`, "data-mode": isGroup ? "group" : "sheet", click: () => desk.showGroup(isGroup) }, this.#say(words));
    redraw(
      this.#tools,
      h("div", { class: "modes", role: "group", "aria-label": this.#say("form") }, mode(false, "one_entrant"), mode(true, "one_item")),
      this.#opener("ordering", this.#say("ordering")),
      this.#opener("comfort", this.#say("comfort")),
    );
    this.#beside.comfort.panel.hidden = this.#open !== "comfort";
    this.#ordering.hidden = this.#open !== "ordering";
    if (this.#open === "ordering") redraw(this.#ordering, ordering(this.#book, screen.sheet, this.#desk));
  }

  #opener(panel: Panel, words: string): Node {
    const click = () => {
      this.#open = this.#open === panel ? null : panel;
      this.#redraw?.();
    };
    return h("button", { type: "button", class: "tool", "aria-expanded": String(this.#open === panel), "aria-controls": panel, "data-focus": `open-${panel}`, "data-open": panel, click }, words);
  }

  #redraw: (() => void) | undefined;

  /** What to call when something of the frame itself changed. */
  onChange(redraw: () => void): void {
    this.#redraw = redraw;
    for (const change of ["online", "offline"]) addEventListener(change, redraw);
  }

  // Which row was last brought into view: whoever has scrolled on since is left there.
  #inView = "";

  // --- items --------------------------------------------------------------------------------------

  #drawItems(screen: Screen): void {
    const { sheet, index } = screen;
    const items = this.#book.items(sheet);
    this.#items.classList.toggle("is-group", screen.isGroup);
    this.#items.setAttribute("aria-label", this.#say(screen.isGroup ? "group" : "items"));
    const rows: Node[] = [];
    if (screen.isGroup) {
      rows.push(groupHead(this.#book, screen, this.#desk), h("div", { class: "group-rows" }, ...groupRows(this.#book, screen, this.#desk, (one, item) => this.#shown(one, item))));
    } else {
      let heading = "";
      items.forEach((item, position) => {
        if (item.heading !== heading) rows.push(h("h2", { class: "items-heading" }, item.heading));
        heading = item.heading;
        rows.push(this.#row(sheet, item, position, position === index));
      });
    }
    redraw(this.#items, ...rows);
    const shown = `${screen.isGroup} ${sheet.id} ${index}`;
    if (shown !== this.#inView) this.#bringIntoView();
    this.#inView = shown;
  }

  // Beside the items the entry is always seen; on a phone it lies above them, and whoever touched an item comes back to it.
  #bringIntoView(): void {
    if (this.#inView && matchMedia(PHONE).matches) this.#entry.element.scrollIntoView({ block: "start" });
    else this.#items.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  #row(sheet: Sheet, item: Item, position: number, isCurrent: boolean): Node {
    const blank = this.#book.isBlank(sheet, item);
    const waits = this.#book.queue.some((one) => one.sheet === sheet.id && one.aspect === item.aspect && holds(item, one.kind));
    const remarks = this.#beside.remarks.count(sheet, item);
    return h(
      "button",
      {
        type: "button",
        class: `item${blank ? " is-blank" : ""}${waits ? " is-waiting" : ""}`,
        "aria-current": isCurrent ? "true" : undefined,
        "data-focus": `item-${position}`,
        "data-item": `${item.aspect}/${item.kind}`,
        click: () => this.#desk.choose(position),
      },
      h("span", { class: "item-number" }, item.aspect),
      h("span", { class: "item-title" }, item.title, item.extra ? h("span", { class: "item-extra" }, ` · ${item.extra}`) : null),
      h("span", { class: "item-value" }, this.#shown(sheet, item)),
      h(
        "span",
        { class: "item-hint" },
        item.hint,
        item.needed ? null : ` · ${this.#say("optional")}`,
        remarks > 0 && ` · ${this.#say("remarks_count", { n: remarks })}`,
      ),
    );
  }

  #shown(sheet: Sheet, item: Item): string {
    if (isList(item)) {
      const sum = this.#book.marks(sheet, item).reduce((all, mark) => all + (read(mark.value ?? "") ?? 0n), 0n);
      return sum === 0n ? "–" : entriesShown(item.method, sum, this.#book.marks(sheet, item).length);
    }
    const mark = this.#book.mark(sheet, item);
    if (!mark) return this.#book.isBlank(sheet, item) ? this.#say("blank") : "–";
    return this.#entry.value(item, mark.value, mark.state);
  }

  // --- foot ---------------------------------------------------------------------------------------

  #drawFoot({ sheet, index }: Screen): void {
    const { page } = this.#book;
    const items = this.#book.items(sheet);
    const sum = total(items, (item) => this.#book.marks(sheet, item));
    const blanks = items.filter((item) => this.#book.isBlank(sheet, item));
    // From code to code of one module: the same code stands in every module.
    const order = page.order.filter((one) => this.#book.sheet(one.id)?.module === sheet.module);
    const here = order.findIndex((one) => one.id === sheet.id);
    const [before, after] = [order[here - 1], order[here + 1]];
    const first = blanks.find((item) => items.indexOf(item) > index) ?? blanks[0];
    const { done, needed } = this.#book.completeness(sheet);
    redraw(
      this.#foot,
      this.#way(before, "previous", "←"),
      h(
        "p",
        { class: "total" },
        h("span", { class: "total-label" }, this.#say("points")),
        h("strong", { "data-total": true }, rounded(sum.points)),
        rounded(sum.max) !== "0" && h("span", { class: "total-of" }, this.#say("of", { max: rounded(sum.max) })),
      ),
      h(
        "p",
        { class: "done", "data-done": `${done}/${needed}` },
        h("span", { "aria-hidden": "true", class: "done-bar" }, h("progress", { max: String(needed || 1), value: String(done) })),
        h("span", {}, this.#say("done", { done, needed })),
      ),
      first
        ? h("button", { type: "button", class: "blanks", "data-focus": "blanks", "data-blanks": String(blanks.length), click: () => this.#desk.choose(items.indexOf(first)) }, this.#say("blanks", { n: blanks.length }))
        : h("p", { class: "blanks", "data-blanks": "0" }, this.#say("no_blanks")),
      this.isLocked(sheet) ? null : this.#sign(sheet),
      this.#way(after, "next_code", "→"),
    );
  }

  #way(to: { id: string; code: string } | undefined, words: string, arrow: string): Node {
    if (!to) return h("span", { class: "way" });
    const label = `${this.#say(words)} ${to.code}`;
    const inside = [h("span", { "aria-hidden": "true" }, arrow), h("span", {}, to.code)];
    if (!this.#book.sheet(to.id)) return h("a", { class: "way button button-secondary", href: this.#book.page.addresses.sheet.replace("{sheet}", to.id), "aria-label": label }, ...inside);
    return h("button", { type: "button", class: "way button button-secondary", "aria-label": label, "data-focus": words, "data-way": words, click: () => this.#desk.go(to.id) }, ...inside);
  }

  #sign(sheet: Sheet): Node {
    const { page } = this.#book;
    if (page.practice) return h("a", { class: "button", href: page.addresses.home ?? "/", "data-focus": "sign" }, this.#say("practice_end"));
    const why = this.#book.waits(sheet) ? "sign_wait" : navigator.onLine ? "" : "sign_offline";
    if (why) return h("button", { type: "button", class: "button", "aria-disabled": "true", "data-focus": "sign", click: () => this.#desk.tell(this.#say(why)) }, this.#say("sign"));
    const href = page.addresses.sign.replace("{sheet}", sheet.id);
    const sign = (event: Event) => {
      event.preventDefault();
      this.#desk.sign(href);
    };
    return h("a", { class: "button", href, "data-focus": "sign", click: sign }, this.#say("sign"));
  }

  // --- attention ----------------------------------------------------------------------------------

  #drawAttention(): void {
    const { attention } = this.#book;
    this.#attention.hidden = attention.length === 0;
    if (attention.length === 0) return this.#attention.replaceChildren();
    redraw(
      this.#attention,
      h("h2", { tabindex: "-1", id: "attention" }, this.#say("attention_title")),
      h("ul", {}, ...attention.map((one) => this.#attentionRow(one))),
    );
  }

  #attentionRow(one: Attention): Node {
    const { operation, answer } = one;
    const sheet = this.#book.sheet(operation.sheet);
    const item = sheet && this.#book.items(sheet).find((each) => each.aspect === operation.aspect && holds(each, operation.kind));
    const mine = operation.state === "blank" ? this.#say("blank") : this.#entry.value(item, operation.value, operation.state);
    const theirs = answer.theirs && (answer.theirs.state === "blank" ? this.#say("blank") : this.#entry.value(item, answer.theirs.value, answer.theirs.state));
    const isConflict = answer.outcome === "conflict";
    return h(
      "li",
      { "data-of": one.op_id },
      h("p", {}, h("strong", {}, `${sheet ? this.#say("code", { code: sheet.code }) : ""} ${item?.title ?? operation.aspect}`)),
      h("p", {}, answer.sentence),
      h("p", {}, this.#say("mine", { value: mine }), theirs && answer.theirs ? ` · ${this.#say("theirs", { value: theirs, device: answer.theirs.device, time: clock(answer.theirs.received_at) })}` : null),
      h(
        "div",
        { class: "row" },
        isConflict && h("button", { type: "button", class: "button", "data-mine": true, click: () => this.#desk.settle(one, true) }, this.#say(item && isAdded(item, operation) ? "count_both" : "keep_mine", { value: mine })),
        isConflict && theirs !== undefined && h("button", { type: "button", class: "button button-secondary", "data-theirs": true, click: () => this.#desk.settle(one, false) }, this.#say("take_theirs", { value: theirs })),
        !isConflict && h("button", { type: "button", class: "button button-secondary", click: () => this.#desk.settle(one, false) }, this.#say("understood")),
      ),
    );
  }
}

// What stays at the top and the bottom grows with the text; what lies between them must know how much is left.
function measure(bar: string, name: string): void {
  const element = document.querySelector(bar);
  if (!element || typeof ResizeObserver !== "function") return;
  new ResizeObserver(() => document.documentElement.style.setProperty(name, `${element.getBoundingClientRect().height}px`)).observe(element);
}

/** The time of day of a moment, as the venue's clocks show it. */
export function clock(moment: string): string {
  return new Date(moment).toLocaleTimeString("en-GB", { timeZone: document.querySelector<HTMLElement>("[data-time-zone]")?.dataset.timeZone });
}

