// The judge's sheet. One page, all sheets of the module in it, so that a lost network is no reason to stop.
import { Book, type Edit, holds, isList, isMark } from "./book.ts";
import { fill } from "../js/dom.ts";
import { halfWidth, read, spelled } from "./exact.ts";
import { refusal } from "./points.ts";
import { delay, type State, stateOf } from "./save-state.ts";
import "./scoring.css";
import { Store } from "./store.ts";
import { Sync } from "./sync.ts";
import type { Attention, Item, Mark, MarkState, Page, Sheet } from "./types.ts";
import { clock, type Desk, type Screen, View } from "./view.ts";

const LOOK_AGAIN = 15_000;

class Marking implements Desk {
  readonly #book: Book;
  readonly #store: Store | null;
  readonly #view: View;
  readonly #sync: Sync | null;
  readonly #indicator: HTMLElement;
  #screen: Screen;
  #unsafe = false;
  #writingSince = 0;
  #shown: State | null = null;
  #shownAt = 0;
  #uploadedAt: string;
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(page: Page, store: Store | null, root: HTMLElement, foot: HTMLElement, indicator: HTMLElement) {
    this.#book = new Book(page);
    this.#store = store;
    this.#unsafe = store === null;
    this.#indicator = indicator;
    this.#uploadedAt = page.server_time;
    this.#view = new View(this.#book, this, root, foot);
    this.#screen = { sheet: this.#sheet(page.current), index: 0, text: "", reason: "", refused: "" };
    this.#sync = store && new Sync(page, store, {
      settled: async (operation, answer, reply) => {
        this.#book.settle(operation, answer);
        this.#uploadedAt = reply.server_time;
        if (answer.outcome !== "applied") await this.#load();
        this.#draw();
        void this.#look();
      },
      problem: (problem) => this.#say(problem),
      renumbered: () => this.#load(),
    });
  }

  async begin(): Promise<void> {
    await this.#load();
    const draft = await this.#store?.draft();
    const items = this.#book.items(this.#screen.sheet);
    const index = items.findIndex((item) => draft?.sheet === this.#screen.sheet.id && draft.item === keyOf(item));
    this.#select(index >= 0 ? index : Math.max(0, items.findIndex((item) => this.#book.isBlank(this.#screen.sheet, item))));
    if (index >= 0 && draft?.text) this.#screen.text = draft.text;
    this.#draw();
    this.#focus();
    document.addEventListener("keydown", (event) => this.#keyboard(event));
    addEventListener("popstate", () => location.reload());
    setInterval(() => void this.#look(), LOOK_AGAIN);
    setInterval(() => this.#indicate(), 200);
    this.#sync?.now();
  }

  #sheet(id: string): Sheet {
    const found = this.#book.sheet(id);
    if (!found) throw new Error(`no sheet ${id}`);
    return found;
  }

  get #item(): Item | undefined {
    return this.#book.items(this.#screen.sheet)[this.#screen.index];
  }

  async #load(): Promise<void> {
    if (!this.#store) return;
    this.#book.queue = await this.#store.queue();
    this.#book.attention = await this.#store.attention();
  }

  // The sheet as the server has it: other judges' levels, another device's marks, a signature.
  async #look(): Promise<void> {
    if (document.hidden || !navigator.onLine) return;
    const fresh = await this.#sync?.sheet(this.#screen.sheet.id);
    if (!fresh || JSON.stringify(fresh) === JSON.stringify(this.#screen.sheet)) return;
    this.#book.refresh(fresh);
    if (this.#screen.sheet.id === fresh.id) this.#screen.sheet = fresh;
    this.#keepReason();
    this.#draw();
  }

  #draw(): void {
    this.#view.draw(this.#screen);
    this.#indicate();
  }

  // --- what the judge does --------------------------------------------------------------------------

  choose(index: number): void {
    void this.#commit().then((done) => {
      if (done) this.#select(index);
      this.#typed = false;
      this.#draw();
      if (done) this.#focus();
    });
  }

  // Where the keyboard goes on: the number, or the row of the item. A field that calls up the tablet's own keyboard is left alone.
  #focus(): void {
    const number = document.querySelector<HTMLInputElement>("[data-focus=number]");
    number?.select();
    (number ?? document.querySelector<HTMLElement>(".item[aria-current]"))?.focus({ preventScroll: true });
  }

  #select(index: number): void {
    const { sheet } = this.#screen;
    this.#screen = { sheet, index, text: "", reason: "", refused: "" };
    const item = this.#item;
    if (!item) return;
    const mark = this.#book.mark(sheet, item);
    if (!isList(item)) this.#screen.text = mark?.value ?? "";
    this.#keepDraft();
  }

  #keepDraft(): void {
    const item = this.#item;
    if (item) void this.#store?.keepDraft({ sheet: this.#screen.sheet.id, item: keyOf(item), text: this.#screen.text });
  }

  type(text: string): void {
    this.#screen.text = text;
    this.#screen.refused = "";
    this.#keepDraft();
  }

  key(key: string): void {
    if (key === "Enter") return this.next();
    if (key === "/") return this.notAttempted();
    const { text } = this.#screen;
    const item = this.#item;
    const isFresh = item !== undefined && text === (this.#book.mark(this.#screen.sheet, item)?.value ?? "") && !this.#typed;
    if (key === "Backspace") this.type(text.slice(0, -1));
    else this.type((isFresh ? "" : text) + key);
    this.#typed = true;
    this.#draw();
  }

  // The first key on a recorded value begins a new one, as on a pocket calculator.
  #typed = false;

  level(value: string): void {
    void this.#record({ kind: "", value, state: "value", reason: this.#reason() });
  }

  notAttempted(): void {
    this.without("not_attempted");
  }

  without(state: MarkState): void {
    if (!this.#item || !isMark(this.#item)) return;
    void this.#record({ kind: "", value: null, state, reason: this.#reason() }).then((done) => {
      if (done && this.#item?.method.type !== "level") this.#forward();
    });
  }

  clear(): void {
    this.#screen.text = "";
    const item = this.#item;
    if (item && this.#book.mark(this.#screen.sheet, item)) void this.#record({ kind: "", value: null, state: "blank", reason: this.#reason() });
    else this.#draw();
  }

  next(): void {
    void this.#commit().then((done) => {
      if (done) this.#forward();
      else this.#draw();
    });
  }

  #forward(): void {
    const { sheet, index } = this.#screen;
    const items = this.#book.items(sheet);
    const blank = items.findIndex((item) => this.#book.isBlank(sheet, item));
    if (index + 1 < items.length) this.#select(index + 1);
    else if (blank >= 0) this.#select(blank);
    this.#typed = false;
    this.#draw();
    this.#focus();
    if (index + 1 >= items.length && blank < 0) document.querySelector<HTMLElement>("[data-focus=sign]")?.focus();
  }

  addEntry(value: string, reason: string, chosen: string): void {
    const item = this.#item;
    if (!item) return;
    this.#screen.text = value;
    this.#screen.reason = reason;
    if (!value.trim()) return this.#refuse(this.#text("value_first"));
    if (!reason.trim()) return this.#refuse(this.#text("reason_first"));
    const kind = this.#book.nextEntry(this.#screen.sheet, item, chosen);
    void this.#record({ kind, value: spelledOr(value), state: "value", reason: reason.trim() }).then((done) => {
      if (!done) return;
      this.#screen.text = this.#screen.reason = "";
      this.#draw();
    });
  }

  removeEntry(mark: Mark): void {
    void this.#record({ kind: mark.kind, value: null, state: "blank", reason: "" });
  }

  settle(attention: Attention, mine: boolean): void {
    void this.#settle(attention, mine);
  }

  async #settle(attention: Attention, mine: boolean): Promise<void> {
    const { operation, answer } = attention;
    const sheet = this.#book.sheet(operation.sheet);
    const item = sheet && this.#book.items(sheet).find((one) => one.aspect === operation.aspect && holds(one, operation.kind));
    await this.#store?.forget(attention);
    if (sheet && item && answer.outcome === "conflict") {
      const chosen = mine || !answer.theirs ? operation : answer.theirs;
      await this.#keep(sheet, item, { kind: operation.kind, value: chosen.value, state: chosen.state, reason: operation.reason });
    }
    await this.#load();
    this.#select(this.#screen.index);
    this.#draw();
    this.#sync?.now();
  }

  go(id: string): void {
    void this.#commit().then((done) => {
      if (!done) return this.#draw();
      this.#screen.sheet = this.#sheet(id);
      this.#book.page.current = id;
      history.replaceState(null, "", this.#book.page.addresses.sheet.replace("{sheet}", id));
      this.#select(Math.max(0, this.#book.items(this.#screen.sheet).findIndex((item) => this.#book.isBlank(this.#screen.sheet, item))));
      this.#typed = false;
      this.#draw();
      this.#focus();
      scrollTo({ top: 0 });
      void this.#look();
    });
  }

  // --- recording ------------------------------------------------------------------------------------

  #reason(): string {
    return (document.querySelector<HTMLInputElement>("[data-reason]")?.value ?? "").trim();
  }

  #keepReason(): void {
    this.#screen.reason = document.querySelector<HTMLInputElement>("[data-reason]")?.value ?? this.#screen.reason;
  }

  /** Record what was typed, if it is new. False when it cannot be recorded: the typing stays. */
  async #commit(): Promise<boolean> {
    const item = this.#item;
    const { sheet, text } = this.#screen;
    if (!item || this.#view.isLocked(sheet) || isList(item) || ["level", "binary"].includes(item.method.type)) return true;
    const mark = this.#book.mark(sheet, item);
    if (!text.trim() || halfWidth(text) === (mark?.value ?? "")) return true;
    return await this.#record({ kind: "", value: spelledOr(text), state: "value", reason: "" });
  }

  async #record(edit: Edit): Promise<boolean> {
    const item = this.#item;
    const { sheet } = this.#screen;
    if (!item || this.#view.isLocked(sheet)) return true;
    const refused = edit.value === null ? null : refusal(item.method, edit.value);
    if (refused) {
      this.#refuse(this.#text(refused.text, refused.values));
      return false;
    }
    const chosen = { ...edit, kind: edit.kind || item.kind };
    const before = this.#book.cells(sheet).get(`${item.aspect}/${chosen.kind}`);
    if (before && before.state === chosen.state && before.value === chosen.value) return true;
    if (before && this.#book.needsReason(sheet, item) && !chosen.reason) {
      this.#refuse(this.#text("reason_first"));
      document.querySelector<HTMLElement>("[data-reason]")?.focus();
      return false;
    }
    const kept = await this.#keep(sheet, item, chosen);
    this.#screen.refused = kept ? "" : this.#text("unsafe");
    if (kept) this.#screen.reason = "";
    this.#typed = false;
    this.#draw();
    flash(keyOf(item));
    this.#sync?.soon();
    return kept;
  }

  async #keep(sheet: Sheet, item: Item, edit: Edit): Promise<boolean> {
    this.#writingSince = performance.now();
    try {
      if (!this.#store) throw new Error("no store");
      this.#book.queue.push(await this.#store.add(this.#book.operation(sheet, item, edit)));
      this.#unsafe = false;
      return true;
    } catch (error) {
      console.error(error);
      this.#unsafe = true;
      return false;
    } finally {
      this.#writingSince = 0;
    }
  }

  #refuse(words: string): void {
    this.#keepReason();
    this.#screen.refused = words;
    this.#draw();
  }

  // --- the keyboard ---------------------------------------------------------------------------------

  #keyboard(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const target = event.target as HTMLElement;
    const isField = target.matches("input, textarea, select");
    const isNumber = target.matches("[data-number]");
    if (event.key === "Enter" && !isField && target.matches("button, a") && !target.matches(".item")) return;
    if (event.key === "Enter" && target.matches("#entry-value, #entry-reason")) {
      document.querySelector<HTMLElement>("[data-focus=add]")?.click();
    } else if (event.key === "Enter") this.next();
    else if (event.key === "ArrowDown") this.choose(Math.min(this.#screen.index + 1, this.#book.items(this.#screen.sheet).length - 1));
    else if (event.key === "ArrowUp") this.choose(Math.max(this.#screen.index - 1, 0));
    else if (event.key === "/" && (!isField || isNumber)) this.notAttempted();
    else if (isField) return;
    else if (/^[0-3]$/.test(event.key) && this.#item?.method.type === "level") this.level(event.key);
    else if (/^[01]$/.test(event.key) && this.#item?.method.type === "binary") this.level(event.key);
    else if ((/^[0-9.-]$/.test(event.key) || event.key === "Backspace") && this.#item !== undefined && !isList(this.#item)) this.key(event.key);
    else return;
    event.preventDefault();
  }

  // --- the save state -------------------------------------------------------------------------------

  #indicate(): void {
    const now = performance.now();
    const writingFor = this.#writingSince ? now - this.#writingSince : 0;
    const next = stateOf({ unsafe: this.#unsafe, attention: this.#book.attention.length, queued: this.#book.queue.length, writingFor });
    clearTimeout(this.#later);
    const pause = delay(this.#shown, next, now - this.#shownAt);
    if (pause > 0) {
      this.#later = setTimeout(() => this.#indicate(), pause);
      return;
    }
    const words = this.#indicator.dataset[next] ?? "";
    const count = next === "attention" ? this.#book.attention.length : this.#book.queue.length;
    const text = fill(words, { n: count, time: clock(this.#uploadedAt) });
    if (next !== this.#shown) this.#shownAt = now;
    this.#shown = next;
    this.#indicator.dataset.state = next;
    const place = this.#indicator.querySelector("[data-words]");
    if (place && place.textContent !== text) place.textContent = text;
  }

  #say(problem: "offline" | "portal" | "sign_in" | "refused" | null): void {
    if (problem === null) return this.#view.banner("");
    const { addresses } = this.#book.page;
    if (problem === "sign_in") {
      const href = `${addresses.sign_in}?next=${encodeURIComponent(location.pathname)}`;
      return this.#view.banner(this.#text("sign_in"), { label: this.#text("sign_in_again"), href });
    }
    this.#view.banner(this.#text(problem), { label: this.#text("send_now"), run: () => this.#sync?.now() });
  }

  #text(name: string, values: Record<string, string | number> = {}): string {
    return fill(this.#book.page.texts[name] ?? name, values);
  }
}

const keyOf = (item: Item) => `${item.aspect}/${item.kind}`;

function spelledOr(text: string): string {
  const value = read(text);
  return value === null ? halfWidth(text) : spelled(value);
}

// The whole row lights up, so that the corner of the eye sees that the mark was taken.
function flash(key: string): void {
  const row = document.querySelector(`[data-item="${CSS.escape(key)}"]`);
  row?.classList.add("is-flashing");
  setTimeout(() => row?.classList.remove("is-flashing"), 600);
  navigator.vibrate?.(20);
}

async function begin(): Promise<void> {
  const root = document.querySelector<HTMLElement>("[data-marking]");
  const foot = document.querySelector<HTMLElement>("[data-foot]");
  const indicator = document.querySelector<HTMLElement>("[data-save-state]");
  const data = document.getElementById("marking-data")?.textContent;
  if (!root || !foot || !indicator || !data) return;
  const page = JSON.parse(data) as Page;
  const store = await Store.open(`${page.event}:${page.account}`).catch((error: unknown) => {
    console.error(error);
    return null;
  });
  void navigator.storage?.persist?.();
  await new Marking(page, store, root, foot, indicator).begin();
}

void begin();
