// The sheet on the screen: items left, entry right, total and way on at the foot. It draws what the book says and tells the desk what is done.
import { type Book, holds, isList, isMark } from "./book.ts";
import { fill, h, renew } from "../js/dom.ts";
import { read, rounded, spelled } from "./exact.ts";
import { total } from "./points.ts";
import type { Attention, Item, Mark, MarkState, Method, Sheet } from "./types.ts";

export interface Desk {
  choose(index: number): void;
  type(text: string): void;
  key(key: string): void;
  level(value: string): void;
  notAttempted(): void;
  without(state: MarkState): void;
  clear(): void;
  next(): void;
  addEntry(value: string, reason: string, kind: string): void;
  removeEntry(mark: Mark): void;
  settle(attention: Attention, mine: boolean): void;
  go(sheet: string): void;
}

export interface Screen {
  sheet: Sheet;
  index: number;
  text: string;
  reason: string;
  refused: string;
}

export class View {
  readonly #book: Book;
  readonly #desk: Desk;
  readonly #root: HTMLElement;
  readonly #foot: HTMLElement;
  readonly #items = h("div", { class: "items" });
  readonly #entry = h("section", { class: "entry" });
  readonly #attention = h("section", { class: "attention", hidden: true });
  #kind = "";
  readonly #banner = h("div", { class: "banner", role: "status" });

  constructor(book: Book, desk: Desk, root: HTMLElement, foot: HTMLElement) {
    this.#book = book;
    this.#desk = desk;
    this.#root = root;
    this.#foot = foot;
    this.#items.setAttribute("aria-label", this.#say("items"));
    this.#items.setAttribute("role", "group");
    this.#root.replaceChildren(this.#banner, this.#attention, h("div", { class: "desk" }, this.#items, this.#entry));
  }

  #say(name: string, values: Record<string, string | number> = {}): string {
    return fill(this.#book.page.texts[name] ?? name, values);
  }

  draw(screen: Screen): void {
    this.#drawAttention();
    this.#drawItems(screen);
    this.#drawEntry(screen);
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

  // --- items --------------------------------------------------------------------------------------

  #drawItems({ sheet, index }: Screen): void {
    const items = this.#book.items(sheet);
    const rows: Node[] = [];
    let heading = "";
    items.forEach((item, position) => {
      if (item.heading !== heading) rows.push(h("h2", { class: "items-heading" }, item.heading));
      heading = item.heading;
      rows.push(this.#row(sheet, item, position, position === index));
    });
    renew(this.#items, ...rows);
    this.#items.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  #row(sheet: Sheet, item: Item, position: number, isCurrent: boolean): Node {
    const blank = this.#book.isBlank(sheet, item);
    const waits = this.#book.queue.some((one) => one.sheet === sheet.id && one.aspect === item.aspect && holds(item, one.kind));
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
      h("span", { class: "item-hint" }, item.hint, item.needed ? null : ` · ${this.#say("optional")}`),
    );
  }

  #shown(sheet: Sheet, item: Item): string {
    if (isList(item)) {
      const sum = this.#book.marks(sheet, item).reduce((all, mark) => all + (read(mark.value ?? "") ?? 0n), 0n);
      return sum === 0n ? "–" : entriesShown(item.method, sum, this.#book.marks(sheet, item).length);
    }
    const mark = this.#book.mark(sheet, item);
    if (!mark) return this.#book.isBlank(sheet, item) ? this.#say("blank") : "–";
    return this.#value(item, mark.value, mark.state);
  }

  #value(item: Item | undefined, value: string | null, state: MarkState): string {
    if (value === null) return this.#say(state);
    if (item?.method.type === "binary") return this.#say(value === "0" ? "not_fulfilled" : "fulfilled");
    return value;
  }

  // --- entry --------------------------------------------------------------------------------------

  #drawEntry(screen: Screen): void {
    const { sheet, index } = screen;
    const item = this.#book.items(sheet)[index];
    if (!item) return this.#entry.replaceChildren();
    this.#entry.setAttribute("aria-label", item.title);
    const head = [h("h2", {}, `${item.aspect} ${item.title}`), item.extra ? h("p", { class: "entry-hint" }, item.extra) : null, h("p", { class: "entry-hint" }, item.hint)];
    if (this.isLocked(sheet)) {
      const why = this.#book.page.is_open ? this.#say("locked", { state: sheet.state_says }) : this.#say("closed");
      return renew(this.#entry, ...head, h("p", { class: "entry-locked" }, this.#shown(sheet, item)), h("p", {}, why));
    }
    const refused = screen.refused ? h("p", { class: "entry-refused", role: "alert" }, screen.refused) : null;
    const others = this.#others(sheet, item);
    const before = sheet.levels[item.aspect]?.shown === true;
    renew(this.#entry, ...head, ...(before ? others : []), ...this.#controls(screen, item), refused, ...(before ? [] : others));
  }

  #controls(screen: Screen, item: Item): (Node | null)[] {
    switch (item.method.type) {
      case "level":
        return [...this.#reason(screen, item), this.#levels(screen, item), this.#ways(item)];
      case "binary":
        return [this.#binary(screen, item), this.#ways(item)];
      case "deduction":
      case "adjustments":
        return this.#entries(screen, item);
      default:
        return [this.#number(screen, item), this.#keypad(item), this.#failures(screen, item)];
    }
  }

  #number(screen: Screen, item: Item): Node {
    return h("input", {
      class: "entry-number",
      inputmode: "none",
      autocomplete: "off",
      enterkeyhint: "next",
      "aria-label": item.title,
      "data-focus": "number",
      "data-number": true,
      value: screen.text,
      input: (event) => this.#desk.type((event.target as HTMLInputElement).value),
    });
  }

  #keypad(item: Item): Node {
    const key = (label: string, value = label, name = "") =>
      h("button", { type: "button", class: `key ${name}`, "data-focus": `key-${value}`, "data-key": value, click: () => this.#desk.key(value) }, label);
    const erase = key("⌫", "Backspace");
    erase.setAttribute("aria-label", this.#say("delete"));
    const digits = ["7", "8", "9", "4", "5", "6", "1", "2", "3"].map((digit) => key(digit));
    const low = mayBeNegative(item.method);
    return h(
      "div",
      { class: "keypad", role: "group", "aria-label": this.#say("keypad") },
      ...digits,
      key("."),
      key("0"),
      erase,
      low ? key("−", "-") : null,
      isMark(item) ? key(this.#say("not_attempted"), "/", low ? "" : "key-wide") : h("button", { type: "button", class: `key ${low ? "" : "key-wide"}`, "data-focus": "clear", click: () => this.#desk.clear() }, this.#say("clear")),
      key(this.#say("next"), "Enter", "key-next"),
    );
  }

  // What can be recorded instead of a number, where a try or a time may fail.
  #failures({ sheet }: Screen, item: Item): Node | null {
    const states = item.states.filter((state) => state !== "not_attempted");
    if (states.length === 0) return null;
    const recorded = this.#book.mark(sheet, item)?.state;
    return h(
      "div",
      { class: "failures", role: "group", "aria-label": this.#say("no_number") },
      ...states.map((state) =>
        h(
          "button",
          { type: "button", class: "key", "aria-pressed": recorded === state ? "true" : "false", "data-focus": `state-${state}`, "data-state-of-mark": state, click: () => this.#desk.without(state) },
          this.#say(state),
        ),
      ),
    );
  }

  #ways(item: Item): Node {
    return h(
      "div",
      { class: "ways" },
      isMark(item) && h("button", { type: "button", class: "key", "data-focus": "not-attempted", "data-key": "/", click: () => this.#desk.notAttempted() }, this.#say("not_attempted")),
      h("button", { type: "button", class: "key", "data-focus": "clear", click: () => this.#desk.clear() }, this.#say("clear")),
      h("button", { type: "button", class: "key key-next", "data-focus": "next", "data-key": "Enter", click: () => this.#desk.next() }, this.#say("next")),
    );
  }

  #levels({ sheet }: Screen, item: Item): Node {
    const chosen = this.#book.mark(sheet, item)?.value;
    const words = item.method.type === "level" ? item.method.descriptors : [];
    return h(
      "div",
      { class: "levels", role: "group", "aria-label": item.title },
      ...["0", "1", "2", "3"].map((level) =>
        h(
          "button",
          { type: "button", class: "level", "aria-pressed": chosen === level ? "true" : "false", "data-focus": `level-${level}`, "data-level": level, click: () => this.#desk.level(level) },
          h("span", { class: "level-number" }, level),
          h("span", { class: "level-words" }, words[Number(level)] ?? this.#say("level", { n: level })),
        ),
      ),
    );
  }

  #binary({ sheet }: Screen, item: Item): Node {
    const chosen = this.#book.mark(sheet, item)?.value;
    const button = (value: string, words: string, sign: string) =>
      h(
        "button",
        { type: "button", class: "level", "aria-pressed": chosen === value ? "true" : "false", "data-focus": `level-${value}`, "data-level": value, click: () => this.#desk.level(value) },
        h("span", { class: "level-number", "aria-hidden": "true" }, sign),
        h("span", { class: "level-words" }, words),
      );
    return h("div", { class: "levels", role: "group", "aria-label": item.title }, button("1", this.#say("fulfilled"), "✓"), button("0", this.#say("not_fulfilled"), "✗"));
  }

  #reason({ sheet, reason }: Screen, item: Item): (Node | null)[] {
    if (!this.#book.needsReason(sheet, item)) return [];
    return [
      h("label", { class: "field-label", for: "level-reason" }, this.#say("reason")),
      h("input", { class: "input", id: "level-reason", maxlength: "500", value: reason, "data-focus": "reason", "data-reason": true, autocomplete: "off" }),
    ];
  }

  #others(sheet: Sheet, item: Item): (Node | null)[] {
    const levels = item.kind === "mark" ? sheet.levels[item.aspect] : undefined;
    if (!levels || levels.seats < 2) return [];
    if (levels.agreed) return [h("p", { class: "entry-hint" }, this.#say("agreed_stands"))];
    if (!levels.shown) return [h("p", { class: "entry-hint" }, this.#say("waiting", { given: levels.given, seats: levels.seats }))];
    return [
      h("p", { class: levels.discussion ? "entry-discussion" : "entry-hint" }, this.#say(levels.discussion ? "discussion" : "together")),
      h(
        "ul",
        { class: "others" },
        ...levels.others.map((other) =>
          h("li", {}, this.#say("seat", { seat: other.seat, level: other.level ?? this.#say("not_attempted") }), other.reason ? ` · ${other.reason}` : null),
        ),
      ),
      levels.discussion ? null : h("p", { class: "entry-hint" }, this.#say("change_needs_reason")),
    ];
  }

  #entries(screen: Screen, item: Item): (Node | null)[] {
    const marks = this.#book.marks(screen.sheet, item);
    const { method } = item;
    const kinds = method.type === "adjustments" ? method.kinds : [];
    const isVoid = method.type === "deduction" && method.effect === "void";
    const kind = h("select", { class: "input", id: "entry-kind", "data-focus": "entry-kind" }, ...kinds.map(([name, words]) => h("option", { value: name, selected: name === this.#kind }, words)));
    kind.addEventListener("change", () => {
      this.#kind = kind.value;
    });
    const value = h("input", { class: "input", id: "entry-value", inputmode: "decimal", autocomplete: "off", value: screen.text, "data-focus": "entry-value", "data-number": true, input: (event) => this.#desk.type((event.target as HTMLInputElement).value) });
    const reason = h("input", { class: "input", id: "entry-reason", maxlength: "500", autocomplete: "off", value: screen.reason, "data-focus": "entry-reason", "data-reason": true });
    return [
      marks.length === 0 ? h("p", { class: "entry-hint" }, this.#say(kinds.length > 0 ? "no_adjustments" : "no_entries")) : null,
      h(
        "ul",
        { class: "entries" },
        ...marks.map((mark) =>
          h("li", {}, h("span", {}, `${entryShown(method, mark)} · ${mark.reason}`), h("button", { type: "button", class: "key", click: () => this.#desk.removeEntry(mark) }, this.#say("remove"))),
        ),
      ),
      ...(kinds.length > 0 ? [h("label", { class: "field-label", for: "entry-kind" }, this.#say("kind")), kind] : []),
      ...(isVoid ? [] : [h("label", { class: "field-label", for: "entry-value" }, this.#say(kinds.length > 0 ? "seconds" : "measured")), value]),
      h("label", { class: "field-label", for: "entry-reason" }, this.#say("reason")),
      reason,
      h(
        "div",
        { class: "ways" },
        h("button", { type: "button", class: "key", "data-focus": "add", click: () => this.#desk.addEntry(isVoid ? "1" : value.value, reason.value, kinds.length > 0 ? kind.value : item.kind) }, this.#say(kinds.length > 0 ? "add_entry" : "add")),
        h("button", { type: "button", class: "key key-next", "data-focus": "next", "data-key": "Enter", click: () => this.#desk.next() }, this.#say("next")),
      ),
    ];
  }

  // --- foot ---------------------------------------------------------------------------------------

  #drawFoot({ sheet }: Screen): void {
    const { page } = this.#book;
    const items = this.#book.items(sheet);
    const sum = total(items, (item) => this.#book.marks(sheet, item));
    const blanks = items.filter((item) => this.#book.isBlank(sheet, item));
    const here = page.order.findIndex((one) => one.id === sheet.id);
    const [before, after] = [page.order[here - 1], page.order[here + 1]];
    const first = blanks[0];
    renew(
      this.#foot,
      this.#way(before, "previous", "←"),
      h(
        "p",
        { class: "total" },
        h("span", { class: "total-label" }, this.#say("points")),
        h("strong", { "data-total": true }, rounded(sum.points)),
        h("span", { class: "total-of" }, this.#say("of", { max: rounded(sum.max) })),
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
    const waits = this.#book.queue.some((one) => one.sheet === sheet.id);
    if (waits) return h("span", { class: "button", "aria-disabled": "true", title: this.#say("sign_wait") }, this.#say("sign"));
    return h("a", { class: "button", href: this.#book.page.addresses.sign.replace("{sheet}", sheet.id), "data-focus": "sign" }, this.#say("sign"));
  }

  // --- attention ----------------------------------------------------------------------------------

  #drawAttention(): void {
    const { attention } = this.#book;
    this.#attention.hidden = attention.length === 0;
    if (attention.length === 0) return this.#attention.replaceChildren();
    renew(
      this.#attention,
      h("h2", { tabindex: "-1", id: "attention" }, this.#say("attention_title")),
      h("ul", {}, ...attention.map((one) => this.#attentionRow(one))),
    );
  }

  #attentionRow(one: Attention): Node {
    const { operation, answer } = one;
    const sheet = this.#book.sheet(operation.sheet);
    const item = sheet && this.#book.items(sheet).find((each) => each.aspect === operation.aspect && holds(each, operation.kind));
    const mine = operation.state === "blank" ? this.#say("blank") : this.#value(item, operation.value, operation.state);
    const theirs = answer.theirs && (answer.theirs.state === "blank" ? this.#say("blank") : this.#value(item, answer.theirs.value, answer.theirs.state));
    const isConflict = answer.outcome === "conflict";
    return h(
      "li",
      {},
      h("p", {}, h("strong", {}, `${sheet ? this.#say("code", { code: sheet.code }) : ""} ${item?.title ?? operation.aspect}`)),
      h("p", {}, answer.sentence),
      h("p", {}, this.#say("mine", { value: mine }), theirs && answer.theirs ? ` · ${this.#say("theirs", { value: theirs, device: answer.theirs.device, time: clock(answer.theirs.received_at) })}` : null),
      h(
        "div",
        { class: "row" },
        isConflict && h("button", { type: "button", class: "button", "data-mine": true, click: () => this.#desk.settle(one, true) }, this.#say("keep_mine", { value: mine })),
        isConflict && theirs !== undefined && h("button", { type: "button", class: "button button-secondary", "data-theirs": true, click: () => this.#desk.settle(one, false) }, this.#say("take_theirs", { value: theirs })),
        !isConflict && h("button", { type: "button", class: "button button-secondary", click: () => this.#desk.settle(one, false) }, this.#say("understood")),
      ),
    );
  }
}

function mayBeNegative(method: Method): boolean {
  if (method.type === "range" || method.type === "try") return method.low.startsWith("-");
  if (method.type === "linear" || method.type === "record") return method.low === null || method.low.startsWith("-");
  return method.type === "free" || method.type === "tolerance";
}

/** Entries together: points and percents are taken off, violations are counted, of seconds only the number of entries says something. */
function entriesShown(method: Method, sum: bigint, count: number): string {
  if (method.type !== "deduction" || method.effect === "void") return `× ${count}`;
  return `−${spelled(sum)}${method.effect === "percent" ? " %" : ""}`;
}

function entryShown(method: Method, mark: Mark): string {
  const value = mark.value ?? "";
  if (method.type === "adjustments") {
    const base = mark.kind.split(":")[0] ?? "";
    const words = method.kinds.find(([name]) => name === base)?.[1] ?? base;
    return `${base === "penalty" ? "+" : "−"}${value} s · ${words}`;
  }
  if (method.type === "deduction" && method.effect === "void") return "✗";
  return `−${value}${method.type === "deduction" && method.effect === "percent" ? " %" : ""}`;
}

/** The time of day of a moment, as the venue's clocks show it. */
export function clock(moment: string): string {
  return new Date(moment).toLocaleTimeString("en-GB", { timeZone: document.querySelector<HTMLElement>("[data-time-zone]")?.dataset.timeZone });
}

