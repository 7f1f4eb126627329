// The judge's sheet. One page, all sheets of the module in it, so that a lost network is no reason to stop.
import { Book, type Edit, holds, isAdded, isList, isMark } from "./book.ts";
import { fill } from "../js/dom.ts";
import { Comfort } from "./comfort.ts";
import { Database } from "./database.ts";
import { isNamed, start, wanted } from "./desk.ts";
import { conferring } from "./entry.ts";
import { halfWidth, read, spelled } from "./exact.ts";
import { nextInGroup } from "./grid.ts";
import { endSession, isLeaving } from "./hand-over.ts";
import { oddity } from "./oddity.ts";
import type { Problem } from "./outbox.ts";
import { refusal } from "./points.ts";
import { offer, practicePage, PracticeStore } from "./practice.ts";
import { Remarks } from "./remarks.ts";
import { delay, type State, stateOf } from "./save-state.ts";
import "./scoring.css";
import { keepShell } from "./shell.ts";
import "./device.css";
import { Store } from "./store.ts";
import type { Attention, Item, Mark, MarkState, Page, Sheet } from "./types.ts";
import { Uplink } from "./uplink.ts";
import { standing, stands, type Step, Trail } from "./undo.ts";
import { clock, type Desk, type Screen, View } from "./view.ts";

const LOOK_AGAIN = 15_000;
const TRY_AGAIN = 10_000;

class Marking implements Desk {
  readonly #book: Book;
  readonly #store: Store | PracticeStore | null;
  readonly #view: View;
  readonly #trail = new Trail();
  readonly #remarks: Remarks;
  readonly #sync: Uplink | null;
  readonly #indicator: HTMLElement;
  #screen: Screen;
  #unsafe = false;
  #answered = 0;
  #writingSince = 0;
  #shown: State | null = null;
  #shownAt = 0;
  #uploadedAt: string;
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(page: Page, store: Store | PracticeStore | null, root: HTMLElement, foot: HTMLElement, indicator: HTMLElement) {
    this.#book = new Book(page);
    this.#store = store;
    this.#unsafe = store === null;
    this.#indicator = indicator;
    this.#uploadedAt = page.server_time;
    this.#remarks = new Remarks(this.#book, store);
    const comfort = new Comfort((name, values) => this.#text(name, values));
    this.#view = new View(this.#book, this, root, foot, { comfort, remarks: this.#remarks, offer: offer(page) });
    this.#view.onChange(() => this.#draw());
    this.#remarks.onChange(() => this.#draw());
    this.#screen = { sheet: this.#sheet(page.current), index: 0, text: "", reason: "", refused: "", odd: "", isGroup: false, agreeing: [] };
    const notices = document.createElement("div");
    root.before(notices);
    this.#sync = store instanceof Store ? new Uplink(page, store, root.dataset.signOut ?? "/sign-out", {
      answered: (settled, reply) => {
        for (const { operation, answer } of settled) this.#book.settle(operation, answer);
        this.#answered += 1;
        this.#uploadedAt = reply.server_time;
      },
      changed: async () => {
        await this.#load();
        this.#draw();
        void this.#look();
      },
      elsewhere: async () => {
        await this.#look();
        await this.#load();
        this.#draw();
      },
      banner: (text, action) => this.#view.banner(text, action),
      notices,
    }) : null;
  }

  /** `problem` is what kept the sheets from coming from the server. */
  async begin(problem: Problem | null): Promise<void> {
    await this.#load();
    const [draft, steps] = await Promise.all([this.#store?.draft(), this.#store?.steps()]);
    if (steps) this.#trail.resume(steps);
    const left = !isNamed(location) && draft ? this.#book.sheet(draft.sheet) : undefined;
    if (left?.state === "open") this.#screen.sheet = left;
    const items = this.#book.items(this.#screen.sheet);
    const named = items.findIndex((item) => location.hash.endsWith(`${this.#screen.sheet.id}/${keyOf(item)}`));
    const drafted = items.findIndex((item) => draft?.sheet === this.#screen.sheet.id && draft.item === keyOf(item));
    const index = named >= 0 ? named : drafted;
    this.#select(index >= 0 ? index : Math.max(0, items.findIndex((item) => this.#book.isBlank(this.#screen.sheet, item))));
    if (index >= 0 && index === drafted && draft?.text) this.type(draft.text);
    await this.#remarks.load();
    this.#draw();
    this.#focus();
    document.addEventListener("keydown", (event) => this.#keyboard(event));
    addEventListener("hashchange", () => this.#goToAddress());
    document.addEventListener("visibilitychange", () => void this.#look());
    addEventListener("beforeunload", (event) => {
      if (this.#book.writing.length > 0) event.preventDefault(); // it is painted, and not on this device yet
    });
    if (this.#sync) document.querySelector("[data-way-out]")?.before(this.#sync.handOverButton());
    setInterval(() => void this.#look(), LOOK_AGAIN);
    setInterval(() => this.#indicate(), 200);
    await this.#sync?.begin(problem);
  }

  #goToAddress(): void {
    const id = wanted(this.#book.page);
    if (location.hash.length > 36 && id !== this.#screen.sheet.id) this.go(id);
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
    const store = this.#store;
    if (!store) return;
    await this.#inTurn(async () => {
      this.#book.queue = await store.queue();
      this.#book.attention = await store.attention();
    });
  }

  // Reading the queue and adding to it take turns, so that neither overtakes the other.
  async #inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    await mine;
  }

  #turn: Promise<void> = Promise.resolve();

  // The sheet as the server has it: other judges' levels, another device's marks, a signature.
  async #look(): Promise<void> {
    if (document.hidden || !navigator.onLine) return;
    const before = this.#answered;
    const fresh = await this.#sync?.sheet(this.#screen.sheet.id);
    if (before !== this.#answered) return; // it may be from before that answer, which is followed by a look of its own
    if (!fresh || JSON.stringify(fresh) === JSON.stringify(this.#screen.sheet)) return;
    const known = this.#book.sheet(fresh.id);
    if (known) this.#sync?.noteLoss(known, fresh);
    this.#book.refresh(fresh);
    this.#sync?.keep();
    if (this.#screen.sheet.id === fresh.id) this.#screen.sheet = fresh;
    this.#keepReason();
    this.#draw();
  }

  #draw(): void {
    if (!this.#typed) this.#showMark();
    this.#view.draw(this.#screen);
    this.#indicate();
  }

  // --- what the judge does --------------------------------------------------------------------------

  choose(index: number): void {
    if (this.#isMoving) return void this.#ahead.push(() => this.choose(index));
    this.#move(this.#commit(), (done) => {
      if (done) this.#select(index);
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
    const { isGroup, agreeing } = this.#screen;
    this.#screen = { sheet, index, text: "", reason: "", refused: "", odd: "", isGroup, agreeing };
    this.#typed = false;
    const item = this.#item;
    if (!item) return;
    const mark = this.#book.mark(sheet, item);
    this.#showMark();
    if (mark?.agreed?.length) this.#screen.agreeing = mark.agreed;
    this.#keepDraft();
  }

  // The field follows the mark, whoever changes it, until somebody types: only what was typed is ever recorded.
  #showMark(): void {
    const item = this.#item;
    this.#typed = false;
    if (item && !isList(item)) this.#screen.text = this.#book.mark(this.#screen.sheet, item)?.value ?? "";
  }

  #keepDraft(): void {
    const [item, store] = [this.#item, this.#store];
    if (!item || !store) return;
    const draft = { sheet: this.#screen.sheet.id, item: keyOf(item), text: this.#typed ? this.#screen.text : "" };
    // One after the other, so that the last is the one that stays.
    this.#drafts = this.#drafts.then(() => store.keepDraft(draft)).catch((error: unknown) => console.warn("what is being typed is not kept", error));
  }

  #drafts: Promise<void> = Promise.resolve();

  #keepSteps(): void {
    void this.#store?.keepSteps(this.#trail.steps).catch((error: unknown) => console.warn("what can be taken back is not kept", error));
  }

  type(text: string): void {
    this.#screen.text = text;
    this.#typed = true;
    this.#screen.refused = this.#screen.odd = "";
    this.#keepDraft();
  }

  because(reason: string): void {
    this.#screen.reason = reason;
  }

  key(key: string): void {
    if (this.#isMoving) return void this.#ahead.push(() => this.#press(key));
    if (key === "Enter") return this.next();
    if (key === "/") return this.notAttempted();
    const { text } = this.#screen;
    if (key === "Backspace") this.type(text.slice(0, -1));
    else this.type((this.#typed ? text : "") + key);
    this.#draw();
  }

  // The first key on a recorded value begins a new one, as on a pocket calculator.
  #typed = false;

  level(value: string): void {
    if (this.#isMoving) return void this.#ahead.push(() => this.level(value));
    void this.#record({ kind: "", value, state: "value", reason: this.#reason() });
  }

  notAttempted(): void {
    this.without("not_attempted");
  }

  without(state: MarkState): void {
    if (this.#isMoving) return void this.#ahead.push(() => this.without(state));
    if (!this.#item || !isMark(this.#item)) return;
    this.#move(this.#record({ kind: "", value: null, state, reason: this.#reason() }), (done) => {
      if (done) this.#showMark();
      if (done && this.#item?.method.type !== "level") this.#forward();
    });
  }

  clear(): void {
    if (this.#isMoving) return void this.#ahead.push(() => this.clear());
    const item = this.#item;
    this.#showMark();
    if (item && this.#book.mark(this.#screen.sheet, item)) this.#move(this.#record({ kind: "", value: null, state: "blank", reason: this.#reason() }), () => undefined);
    else this.#draw();
  }

  // A second "next" before the first has moved on waits like a digit: it belongs to the item that comes.
  next(): void {
    if (this.#isMoving) return void this.#ahead.push(() => this.next());
    this.#move(this.#commit(), (done) => {
      if (done) this.#forward();
      else this.#draw();
    });
  }

  // Whoever types fast is ahead of the storage: keys wait until the mark before them is kept and the next item is there.
  #move(kept: Promise<boolean>, then: (done: boolean) => void): void {
    this.#moving += 1;
    const moved = kept.then((done) => {
      if (!done) this.#ahead = []; // refused: what was pressed ahead belonged to the item that did not come
      then(done);
    });
    void moved.finally(() => {
      this.#moving -= 1;
      while (this.#ahead.length > 0 && !this.#isMoving) this.#ahead.shift()?.();
      if (this.#typed) this.#caretToEnd();
    });
  }

  // What follows on the keyboard goes behind what was pressed ahead.
  #caretToEnd(): void {
    const number = document.querySelector<HTMLInputElement>("[data-focus=number]");
    number?.setSelectionRange(number.value.length, number.value.length);
  }

  #press(key: string): void {
    const method = this.#item?.method.type;
    if ((method === "level" && /^[0-3]$/.test(key)) || (method === "binary" && /^[01]$/.test(key))) this.level(key);
    else this.key(key);
  }

  #moving = 0;

  get #isMoving(): boolean {
    return this.#moving > 0;
  }

  #ahead: (() => void)[] = [];

  #forward(): void {
    if (this.#screen.isGroup) return this.#onward();
    const { sheet, index } = this.#screen;
    const items = this.#book.items(sheet);
    const blank = items.findIndex((item) => this.#book.isBlank(sheet, item));
    if (index + 1 < items.length) this.#select(index + 1);
    else if (blank >= 0) this.#select(blank);
    this.#draw();
    this.#focus();
    if (index + 1 >= items.length && blank < 0) document.querySelector<HTMLElement>("[data-focus=sign]")?.focus();
  }

  // With many entrants on one item, the way on leads to the next entrant.
  #onward(): void {
    const to = nextInGroup(this.#book, this.#screen);
    if (to) this.#open(to, this.#screen.index);
    else this.#draw();
  }

  showGroup(isGroup: boolean): void {
    if (this.#isMoving) return void this.#ahead.push(() => this.showGroup(isGroup));
    this.#move(this.#commit(), (done) => {
      if (done) {
        this.#screen.isGroup = isGroup;
        this.#select(this.#screen.index);
      }
      this.#draw();
      if (done) this.#focus();
    });
  }

  agree(seat: string): void {
    const { agreeing } = this.#screen;
    this.#screen.agreeing = agreeing.includes(seat) ? agreeing.filter((one) => one !== seat) : [...agreeing, seat].sort();
    this.#screen.refused = "";
    this.#draw();
  }

  tell(words: string): void {
    this.#refuse(words);
  }

  correct(): void {
    this.type("");
    this.#draw();
    this.#focus();
  }

  recordAnyway(reason: string): void {
    if (this.#isMoving) return; // tapped twice
    this.#move(this.#record({ kind: "", value: spelledOr(this.#screen.text), state: "value", reason }), (done) => {
      if (done) this.#forward();
    });
  }

  // --- back and again -------------------------------------------------------------------------------

  get canUndo(): boolean {
    return this.#trail.last !== undefined;
  }

  get canRedo(): boolean {
    return this.#trail.next !== undefined;
  }

  undo(): void {
    this.#goBack("last");
  }

  redo(): void {
    this.#goBack("next");
  }

  // In its turn among the keys: after what was pressed and what is still being recorded, before what is pressed meanwhile.
  #goBack(which: "last" | "next"): void {
    if (this.#isMoving) return void this.#ahead.push(() => this.#goBack(which));
    const retraced = this.#recording.then(() => this.#retrace(which));
    this.#move(retraced.then(() => true), () => undefined);
  }

  #recording: Promise<unknown> = Promise.resolve();

  // Nothing that was sent is changed: the cell gets a new operation with what stood there before (or after).
  async #retrace(which: "last" | "next"): Promise<void> {
    const step = this.#trail[which];
    const sheet = step && this.#book.sheet(step.sheet);
    const index = sheet ? this.#book.items(sheet).findIndex((one) => one.aspect === step.aspect && holds(one, step.kind)) : -1;
    const item = sheet && this.#book.items(sheet)[index];
    if (!step || !sheet || !item) return this.#trail.drop(which);
    const [from, to] = which === "last" ? [step.after, step.before] : [step.before, step.after];
    const reason = this.#book.needsReason(sheet, item) ? this.#reason() : to.reason;
    if (sheet.id !== this.#screen.sheet.id) this.#show(sheet);
    this.#select(index);
    const now = standing(this.#book.cells(sheet).get(`${step.aspect}/${step.kind}`));
    if (this.#view.isLocked(sheet) || !stands(now, from)) {
      this.#trail.drop(which);
      return this.#refuse(this.#text(this.#view.isLocked(sheet) ? "undo_locked" : "undo_changed"));
    }
    if (this.#book.needsReason(sheet, item) && !reason) return this.#refuse(this.#text("reason_first"));
    if (!(await this.#keep(sheet, item, { kind: step.kind, value: to.value, state: to.state, reason, agreed: conferring(item) }))) return this.#refuse(this.#text("unsafe"));
    if (which === "last") this.#trail.back();
    else this.#trail.again();
    this.#keepSteps();
    this.#select(index);
    this.#draw();
    flash(this.#screen.isGroup ? sheet.code : keyOf(item));
    this.#sync?.soon();
  }

  addEntry(value: string, reason: string, chosen: string): void {
    const item = this.#item;
    if (!item || this.#isMoving) return; // tapped twice, it is one entry
    this.#screen.text = value;
    this.#screen.reason = reason;
    if (!value.trim()) return this.#refuse(this.#text("value_first"));
    if (!reason.trim()) return this.#refuse(this.#text("reason_first"));
    const kind = this.#book.nextEntry(this.#screen.sheet, item, chosen);
    this.#move(this.#record({ kind, value: spelledOr(value), state: "value", reason: reason.trim() }), (done) => {
      if (!done) return;
      this.#screen.text = this.#screen.reason = "";
      this.#typed = false;
      this.#keepDraft();
      this.#draw();
    });
  }

  removeEntry(mark: Mark): void {
    if (this.#isMoving) return void this.#ahead.push(() => this.removeEntry(mark));
    void this.#record({ kind: mark.kind, value: null, state: "blank", reason: "" });
  }

  settle(attention: Attention, mine: boolean): void {
    void this.#settle(attention, mine);
  }

  async #settle(attention: Attention, mine: boolean): Promise<void> {
    const { operation, answer } = attention;
    const sheet = this.#book.sheet(operation.sheet);
    const item = sheet && this.#book.items(sheet).find((one) => one.aspect === operation.aspect && holds(one, operation.kind));
    if (sheet && item && answer.outcome === "conflict") {
      const chosen = mine || !answer.theirs ? operation : answer.theirs;
      const kind = mine && isAdded(item, operation) ? this.#book.nextEntry(sheet, item, operation.kind.split(":")[0] ?? "") : operation.kind;
      const kept = await this.#keep(sheet, item, { kind, value: chosen.value, state: chosen.state, reason: operation.reason, agreed: operation.agreed ?? [] });
      if (!kept) return this.#refuse(this.#text("unsafe"));
    }
    await this.#store?.forget(attention);
    await this.#load();
    this.#draw();
    this.#sync?.now();
  }

  /** To the page where the sheet is signed: with what was typed recorded and uploaded, or not at all. */
  sign(address: string): void {
    if (this.#isMoving) return void this.#ahead.push(() => this.sign(address));
    this.#move(this.#commit(), (done) => {
      if (done && this.#book.waits(this.#screen.sheet)) this.#refuse(this.#text("sign_wait"));
      else if (done) location.assign(address);
      else this.#draw();
    });
  }

  go(id: string): void {
    if (this.#isMoving) return void this.#ahead.push(() => this.go(id));
    this.#move(this.#commit(), (done) => {
      if (!done) return this.#draw();
      const to = this.#sheet(id);
      const blank = this.#book.items(to).findIndex((item) => this.#book.isBlank(to, item));
      this.#open(to, this.#screen.isGroup ? this.#screen.index : Math.max(0, blank));
    });
  }

  #open(sheet: Sheet, index: number): void {
    this.#show(sheet);
    this.#select(index);
    this.#draw();
    this.#focus();
    if (!this.#screen.isGroup) scrollTo({ top: 0 });
    void this.#look();
  }

  #show(sheet: Sheet): void {
    this.#screen.sheet = sheet;
    this.#screen.agreeing = [];
    this.#book.page.current = sheet.id;
    if (!this.#book.page.practice) history.replaceState(null, "", `#${sheet.id}`);
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
    if (!this.#typed || !text.trim() || halfWidth(text) === (mark?.value ?? "")) {
      this.#showMark();
      return true;
    }
    return await this.#record({ kind: "", value: spelledOr(text), state: "value", reason: "" });
  }

  #record(edit: Edit): Promise<boolean> {
    const recorded = this.#put(edit);
    this.#recording = Promise.allSettled([this.#recording, recorded]);
    return recorded;
  }

  async #put(edit: Edit): Promise<boolean> {
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
    const seats = conferring(item);
    if (chosen.state === "value" && this.#screen.agreeing.filter((seat) => seats.includes(seat)).length < seats.length) {
      this.#refuse(this.#text("agree_first", { n: seats.length }));
      return false;
    }
    const odd = chosen.value === null || chosen.reason || isList(item) ? null : oddity(item.method, chosen.value, this.#book.elsewhere(sheet, item));
    if (odd) {
      this.#screen.odd = this.#text(`odd_${odd}`);
      this.#draw();
      document.querySelector<HTMLInputElement>("[data-focus=number]")?.select();
      return false;
    }
    const kept = await this.#keep(sheet, item, { ...chosen, agreed: seats });
    this.#screen.refused = kept ? "" : this.#text("unsafe");
    this.#screen.odd = "";
    if (kept) {
      this.#screen.reason = "";
      const { value, state, reason } = chosen;
      this.#trail.record({ sheet: sheet.id, aspect: item.aspect, kind: chosen.kind, before: standing(before), after: { value, state, reason } } satisfies Step);
      this.#keepSteps();
    }
    if (kept && this.#screen.sheet.id === sheet.id && this.#item === item) this.#showMark();
    this.#draw();
    flash(this.#screen.isGroup ? sheet.code : keyOf(item));
    this.#sync?.soon();
    return kept;
  }

  async #keep(sheet: Sheet, item: Item, edit: Edit): Promise<boolean> {
    if (this.#book.writing.length === 0) this.#writingSince = performance.now();
    const made = this.#book.operation(sheet, item, edit);
    this.#book.writing.push(made);
    this.#draw();
    try {
      const store = this.#store;
      if (!store) throw new Error("no store");
      await this.#inTurn(async () => {
        const kept = await store.add(made);
        this.#book.queue.push(kept); // the queue of now: an answer may have come meanwhile
      });
      this.#unsafe = false;
    } catch (error) {
      console.error(error);
      this.#unsafe = true;
    } finally {
      this.#book.writing = this.#book.writing.filter((one) => one !== made);
    }
    return !this.#unsafe;
  }

  #refuse(words: string): void {
    this.#keepReason();
    if (this.#screen.refused === words) {
      this.#screen.refused = ""; // said again, it is read out again
      this.#draw();
    }
    this.#screen.refused = words;
    this.#draw();
    document.querySelector(".entry > .entry-refused")?.scrollIntoView({ block: "nearest" });
  }

  // --- the keyboard ---------------------------------------------------------------------------------

  #keyboard(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (this.#backAndAgain(event, target)) return event.preventDefault();
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const isField = target.matches("input, textarea, select");
    const isNumber = target.matches("[data-number]");
    if (this.#isMoving && (!isField || isNumber) && /^([0-9.,/-]|Enter|Backspace)$/.test(event.key)) {
      this.#ahead.push(() => this.#press(event.key));
      return event.preventDefault();
    }
    if (event.key === "Enter" && !isField && target.matches("button, a") && !target.matches(".item")) return;
    if (event.key === "Enter" && target.matches("#entry-value, #entry-reason")) {
      document.querySelector<HTMLElement>("[data-focus=add]")?.click();
    } else if (event.key === "Enter" && target.matches("#odd-reason")) document.querySelector<HTMLElement>("[data-anyway]")?.click();
    else if (event.key === "Enter" && target.matches("textarea, select")) return;
    else if (event.key === "Enter") this.next();
    else if (this.#screen.isGroup && !target.matches("select, textarea") && this.#inGroup(event.key)) {
      // Arrows lead from entrant to entrant.
    } else if (target.matches("select, textarea")) return;
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

  // Ctrl+Z and Ctrl+Y; a field of words keeps its own.
  #backAndAgain(event: KeyboardEvent, target: HTMLElement): boolean {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return false;
    if (target.matches("input:not([data-number]), textarea")) return false;
    const key = event.key.toLowerCase();
    const isRedo = key === "y" || (key === "z" && event.shiftKey);
    if (isRedo) this.redo();
    else if (key === "z") this.undo();
    return isRedo || key === "z";
  }

  #inGroup(key: string): boolean {
    const group = this.#book.group(this.#screen.sheet);
    const here = group.findIndex((sheet) => sheet.id === this.#screen.sheet.id);
    const to = key === "ArrowDown" ? group[here + 1] : key === "ArrowUp" ? group[here - 1] : undefined;
    const item = key === "PageDown" ? this.#screen.index + 1 : key === "PageUp" ? this.#screen.index - 1 : -1;
    if (to) this.go(to.id);
    else if (this.#book.items(this.#screen.sheet)[item]) this.choose(item);
    return ["ArrowDown", "ArrowUp", "PageDown", "PageUp"].includes(key);
  }

  // --- the save state -------------------------------------------------------------------------------

  #indicate(): void {
    const now = performance.now();
    const isWriting = this.#book.writing.length > 0;
    this.#indicator.ariaBusy = String(isWriting);
    const writingFor = isWriting ? Math.max(1, now - this.#writingSince) : 0;
    const next = stateOf({ unsafe: this.#unsafe, attention: this.#book.attention.length, queued: this.#book.queue.length + this.#remarks.toSend, writingFor });
    clearTimeout(this.#later);
    const pause = delay(this.#shown, next, now - this.#shownAt);
    if (pause > 0) {
      this.#later = setTimeout(() => this.#indicate(), pause);
      return;
    }
    const words = this.#indicator.dataset[next] ?? "";
    const count = next === "attention" ? this.#book.attention.length : this.#book.queue.length + this.#remarks.toSend;
    const text = fill(words, { n: count, time: clock(this.#uploadedAt) });
    if (next !== this.#shown) this.#shownAt = now;
    this.#shown = next;
    this.#indicator.dataset.state = next;
    const place = this.#indicator.querySelector("[data-words]");
    if (place && place.textContent !== text) place.textContent = text;
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
  const row = document.querySelector(`[data-item="${CSS.escape(key)}"], [data-row="${CSS.escape(key)}"]`);
  row?.classList.add("is-flashing");
  setTimeout(() => row?.classList.remove("is-flashing"), 600);
  navigator.vibrate?.(20);
}

async function begin(): Promise<void> {
  const root = document.querySelector<HTMLElement>("[data-marking]");
  const foot = document.querySelector<HTMLElement>("[data-foot]");
  const indicator = document.querySelector<HTMLElement>("[data-save-state]");
  const { desk = "", shell = "", worker = "", signIn = "", signOut = "" } = root?.dataset ?? {};
  const event = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(desk)?.[0];
  const practice = practicePage();
  if (root && foot && indicator && practice) return await new Marking(practice, new PracticeStore(), root, foot, indicator).begin(null);
  if (!root || !foot || !indicator || !event) return;
  const database = await Database.open().catch((error: unknown) => {
    console.error(error);
    return null;
  });
  void navigator.storage?.persist?.();
  if (isLeaving() && (await endSession(desk, signOut))) return location.assign(signIn);
  const started = isLeaving() ? "handed_over" : await start(database, event, desk);
  if (started === "sign_in") return location.assign(`${signIn}?next=${encodeURIComponent(location.pathname + location.hash)}`);
  if (typeof started === "string") return sayNothing(root, started);
  indicator.dataset.timeZone = started.page.time_zone;
  await new Marking(started.page, started.store, root, foot, indicator).begin(started.problem);
  await keepShell(worker, shell);
}

// Nothing to mark can be shown: why, in the words of the page.
function sayNothing(root: HTMLElement, why: string): void {
  const { unreachable = "", nothing = "", handedOver = "", portal = "" } = root.dataset;
  const words = why === "handed_over" ? handedOver : why === "portal" ? portal : why === "offline" ? unreachable : nothing;
  const place = root.querySelector("[data-loading]");
  if (place) place.textContent = words;
  if (words !== nothing) setTimeout(() => location.reload(), TRY_AGAIN);
}

void begin();
