// The entry beside the items: a keypad, levels, or a list of entries, as the method of the item asks for.
import { type Book, isList, isMark, isRuled } from "./book.ts";
import { fill, h, redraw } from "../js/dom.ts";
import { spelled } from "./exact.ts";
import type { Remarks } from "./remarks.ts";
import type { Item, Mark, MarkState, Method, Sheet } from "./types.ts";
import type { Desk, Screen } from "./view.ts";

export class Entry {
  readonly element = h("section", { class: "entry" });
  readonly #book: Book;
  readonly #desk: Desk;
  readonly #remarks: Remarks;
  #kind = "";

  constructor(book: Book, desk: Desk, remarks: Remarks) {
    this.#book = book;
    this.#desk = desk;
    this.#remarks = remarks;
  }

  #say(name: string, values: Record<string, string | number> = {}): string {
    return fill(this.#book.page.texts[name] ?? name, values);
  }

  /** `locked` is what a sheet that is locked says of itself. */
  draw(screen: Screen, locked: Node | null): void {
    const { sheet, index } = screen;
    const item = this.#book.items(sheet)[index];
    if (!item) return this.element.replaceChildren();
    this.element.setAttribute("aria-label", item.title);
    const head = [
      h("h2", {}, screen.isGroup ? h("span", { class: "entry-code" }, `${this.#say("code", { code: sheet.code })} `) : null, `${item.aspect} ${item.title}`),
      item.extra ? h("p", { class: "entry-hint" }, item.extra) : null,
      h("p", { class: "entry-hint" }, item.hint),
    ];
    if (locked) return redraw(this.element, locked, ...head, ...this.#locked(sheet, item), h("div", { class: "entry-tools" }, this.#remarks.exposure(sheet, item), this.#remarks.opener(sheet, item, true)), this.#remarks.panel(sheet, item, true));
    const refused = screen.refused ? h("p", { class: "entry-refused", role: "alert" }, screen.refused) : null;
    const others = this.#others(sheet, item);
    const before = sheet.levels[item.aspect]?.shown === true;
    redraw(
      this.element,
      ...head,
      ...(before ? others : []),
      this.#agreement(screen, item),
      refused,
      ...this.#odd(screen),
      ...this.#controls(screen, item),
      ...(before ? [] : others),
      h("div", { class: "entry-tools" }, this.#tool("undo", "↶", !this.#desk.canUndo, () => this.#desk.undo()), this.#tool("redo", "↷", !this.#desk.canRedo, () => this.#desk.redo()), this.#remarks.opener(sheet, item, false), this.#remarks.exposure(sheet, item)),
      this.#remarks.panel(sheet, item, false),
    );
  }

  #tool(name: string, sign: string, isOff: boolean, click: () => void): Node {
    return h(
      "button",
      { type: "button", class: "tool", "aria-disabled": isOff ? "true" : undefined, "data-focus": name, "data-tool": name, click },
      h("span", { class: "sign", "aria-hidden": "true" }, sign),
      this.#say(name),
    );
  }

  // A locked sheet is text: nothing on it looks as if it could be typed into.
  #locked(sheet: Sheet, item: Item): (Node | null)[] {
    const marks = this.#book.marks(sheet, item);
    const shown = isList(item)
      ? h("ul", { class: "entries" }, ...marks.map((mark) => h("li", {}, `${entryShown(item.method, mark)} · ${mark.reason}`)))
      : h("p", { class: "entry-locked", "data-locked-value": true }, marks[0] ? this.value(item, marks[0].value, marks[0].state) : "–");
    return [shown, ...this.#others(sheet, item)];
  }

  /** A recorded value in words and figures. */
  value(item: Item | undefined, value: string | null, state: MarkState): string {
    if (value === null) return this.#say(state);
    if (item?.method.type === "binary") return this.#say(value === "0" ? "not_fulfilled" : "fulfilled");
    return value;
  }

  // What the judges measure together: one value, and who stands behind it.
  #agreement(screen: Screen, item: Item): Node | null {
    const seats = conferring(item);
    if (seats.length === 0) return null;
    return h(
      "div",
      { class: "agreement", role: "group", "aria-label": this.#say("who_agrees", { n: seats.length }) },
      h("p", { class: "entry-hint" }, this.#say("who_agrees", { n: seats.length })),
      ...seats.map((seat) => {
        const agrees = screen.agreeing.includes(seat);
        return h("button", { type: "button", class: "tool", "aria-pressed": String(agrees), "data-focus": `agree-${seat}`, "data-agree": seat, click: () => this.#desk.agree(seat) }, h("span", { class: "tick", "aria-hidden": "true" }, agrees ? "✓" : "○"), seat);
      }),
    );
  }

  // A value that looks like a slip is asked about, and recorded all the same when the judge says why.
  #odd(screen: Screen): (Node | null)[] {
    if (!screen.odd) return [];
    const given = () => screen.reason.trim() || this.#say("looked_again");
    return [
      h(
        "div",
        { class: "entry-odd", role: "alert", "data-odd": true },
        h("p", {}, h("strong", {}, `${this.#say("odd", { value: screen.text })} `), screen.odd),
        h("label", { class: "entry-hint", for: "odd-reason" }, this.#say("anyway_hint", { reason: this.#say("looked_again") })),
        h("input", { class: "input", id: "odd-reason", maxlength: "400", autocomplete: "off", "data-focus": "odd-reason", value: screen.reason, input: (event) => this.#desk.because(typed(event)) }),
        h(
          "div",
          { class: "row" },
          h("button", { type: "button", class: "key", "data-focus": "anyway", "data-anyway": true, click: () => this.#desk.recordAnyway(given()) }, this.#say("record_anyway")),
          h("button", { type: "button", class: "key", "data-focus": "correct", click: () => this.#desk.correct() }, this.#say("correct")),
        ),
      ),
    ];
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
      input: (event) => this.#desk.type(typed(event)),
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
      { class: "failures", role: "group", "aria-label": this.#say("no_number"), "data-of": `${sheet.id} ${item.aspect} ${item.kind}` },
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
      { class: "levels", role: "group", "aria-label": item.title, "data-of": `${sheet.id} ${item.aspect}` },
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
    return h("div", { class: "levels", role: "group", "aria-label": item.title, "data-of": `${sheet.id} ${item.aspect}` }, button("1", this.#say("fulfilled"), "✓"), button("0", this.#say("not_fulfilled"), "✗"));
  }

  #reason({ sheet, reason }: Screen, item: Item): (Node | null)[] {
    if (!this.#book.needsReason(sheet, item)) return [];
    return [
      h("label", { class: "field-label", for: "level-reason" }, this.#say("reason")),
      h("input", { class: "input", id: "level-reason", maxlength: "500", value: reason, "data-focus": "reason", "data-reason": true, autocomplete: "off", input: (event) => this.#desk.because(typed(event)) }),
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
    const kind = () => kinds.find(([name]) => name === this.#kind)?.[0] ?? kinds[0]?.[0] ?? item.kind;
    const choose = (event: Event) => {
      this.#kind = (event.target as HTMLSelectElement).value;
    };
    const select = h("select", { class: "input", id: "entry-kind", "data-focus": "entry-kind", change: choose }, ...kinds.map(([name, words]) => h("option", { value: name, selected: name === this.#kind }, words)));
    const value = h("input", { class: "input", id: "entry-value", inputmode: "decimal", autocomplete: "off", value: screen.text, "data-focus": "entry-value", "data-number": true, input: (event) => this.#desk.type(typed(event)) });
    const reason = h("input", { class: "input", id: "entry-reason", "aria-describedby": "entry-reason-hint", maxlength: "500", autocomplete: "off", value: screen.reason, "data-focus": "entry-reason", "data-reason": true, input: (event) => this.#desk.because(typed(event)) });
    return [
      marks.length === 0 ? h("p", { class: "entry-hint" }, this.#say(kinds.length > 0 ? "no_adjustments" : "no_entries")) : null,
      h(
        "ul",
        { class: "entries" },
        ...marks.map((mark) =>
          h("li", { "data-of": `${screen.sheet.id} ${item.aspect} ${mark.kind}` }, h("span", {}, `${entryShown(method, mark)} · ${mark.reason}`), isRuled(mark.kind) ? h("span", { class: "entry-hint" }, this.#say("ruled")) : h("button", { type: "button", class: "key", click: () => this.#desk.removeEntry(mark) }, this.#say("remove"))),
        ),
      ),
      ...(kinds.length > 0 ? [h("label", { class: "field-label", for: "entry-kind" }, this.#say("kind")), select] : []),
      ...(isVoid ? [] : [h("label", { class: "field-label", for: "entry-value" }, this.#say(kinds.length > 0 ? "seconds" : "measured")), value]),
      h("label", { class: "field-label", for: "entry-reason" }, this.#say("reason")),
      h("p", { class: "entry-hint", id: "entry-reason-hint" }, this.#say("reason_is_shown")),
      reason,
      h(
        "div",
        { class: "ways" },
        h("button", { type: "button", class: "key", "data-focus": "add", click: () => this.#desk.addEntry(isVoid ? "1" : screen.text, screen.reason, kind()) }, this.#say(kinds.length > 0 ? "add_entry" : "add")),
        h("button", { type: "button", class: "key key-next", "data-focus": "next", "data-key": "Enter", click: () => this.#desk.next() }, this.#say("next")),
      ),
    ];
  }
}

const typed = (event: Event) => (event.target as HTMLInputElement).value;

function mayBeNegative(method: Method): boolean {
  if (method.type === "range" || method.type === "try") return method.low.startsWith("-");
  if (method.type === "linear" || method.type === "record") return method.low === null || method.low.startsWith("-");
  return method.type === "free" || method.type === "tolerance";
}

/** Entries together: points and percents are taken off, violations are counted, of seconds only the number of entries says something. */
export function entriesShown(method: Method, sum: bigint, count: number): string {
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

/** The seats that measure an item together; [] where one judge does. */
export function conferring(item: Item): string[] {
  const judges = isMark(item) ? (item.judges ?? 0) : 0;
  return judges < 2 ? [] : Array.from({ length: judges }, (_, index) => `J${index + 1}`);
}
