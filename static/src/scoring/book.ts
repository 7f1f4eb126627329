// What the judge has in hand: the sheets as the server last told them, with what waits in the queue laid over them.
import { isOver } from "./tries.ts";
import type { Answer, Attention, Item, Mark, MarkState, Operation, Page, Sheet, Unnumbered } from "./types.ts";

export interface Edit {
  kind: string;
  value: string | null;
  state: MarkState;
  reason: string;
  agreed?: string[];
}

const LISTS: readonly string[] = ["entry", "penalty"];

/** Whether any number of entries belongs to the item: the entries of a deduction, or what is added to and taken off a time. */
export const isList = (item: Item) => LISTS.includes(item.kind);

// Entries from this number on are the chief judge's rulings: they count like the others, and no device changes them.
const RULED_FROM = 900;

export const isRuled = (kind: string) => kind.startsWith("entry:") && Number(kind.split(":")[1]) >= RULED_FROM;

/** Whether a cell of this kind belongs to the item. */
export function holds(item: Item, kind: string): boolean {
  const base = kind.split(":")[0] ?? "";
  if (item.method.type === "adjustments") return item.method.kinds.some(([name]) => name === base);
  return isList(item) ? base === item.kind : kind === item.kind;
}

/** Whether an operation adds an entry to a list. Two tablets may add their first one apart: then both can be meant. */
export const isAdded = (item: Item, operation: Operation) => isList(item) && operation.base_version === 0 && operation.state === "value";

/** Whether the item is a mark of its own, which can also be said not to have been attempted. */
export const isMark = (item: Item) => item.kind.split(":")[0] === "mark";

const cellOf = (one: { aspect: string; kind: string }) => `${one.aspect}/${one.kind}`;

export class Book {
  readonly page: Page;
  queue: Operation[] = [];
  /** What is being written on this device now: shown at once, and gone again if it cannot be kept. */
  writing: Unnumbered[] = [];
  attention: Attention[] = [];

  constructor(page: Page) {
    this.page = page;
  }

  sheet(id: string): Sheet | undefined {
    return this.page.sheets.find((one) => one.id === id);
  }

  items(sheet: Sheet): Item[] {
    return this.page.items[`${sheet.module}/${sheet.seat}`] ?? [];
  }

  /** Whether anything of the sheet has not reached the server yet. */
  waits(sheet: Sheet): boolean {
    return [...this.queue, ...this.writing].some((one) => one.sheet === sheet.id);
  }

  /** The sheets beside this one: the same seat of the same module, in the order of start. */
  group(sheet: Sheet): Sheet[] {
    return this.page.sheets.filter((one) => one.seat === sheet.seat && one.module === sheet.module);
  }

  /** What this judge recorded for an item on the other sheets of the group. */
  elsewhere(sheet: Sheet, item: Item): string[] {
    return this.group(sheet)
      .filter((one) => one.id !== sheet.id)
      .flatMap((one) => this.marks(one, item).flatMap((mark) => (mark.value === null ? [] : [mark.value])));
  }

  /** The items that need a value, and how many of them have one. */
  completeness(sheet: Sheet): { done: number; needed: number } {
    const needed = this.items(sheet).filter((item) => item.needed);
    return { done: needed.filter((item) => !this.isBlank(sheet, item)).length, needed: needed.length };
  }

  /** The cells of a sheet as the judge sees them. */
  cells(sheet: Sheet): Map<string, Mark> {
    const cells = new Map(sheet.marks.map((mark) => [cellOf(mark), mark]));
    for (const operation of [...this.queue, ...this.writing]) {
      if (operation.sheet !== sheet.id) continue;
      const { aspect, kind, value, state, round, reason, agreed = [] } = operation;
      const version = cells.get(cellOf(operation))?.version ?? 0;
      cells.set(cellOf(operation), { aspect, kind, value, state, round, reason, agreed, version });
    }
    return cells;
  }

  /** What is recorded for an item: one mark, none, or the entries of a deduction. */
  marks(sheet: Sheet, item: Item): Mark[] {
    return [...this.cells(sheet).values()].filter(
      (mark) => mark.aspect === item.aspect && holds(item, mark.kind) && mark.state !== "blank",
    );
  }

  mark(sheet: Sheet, item: Item): Mark | undefined {
    return this.marks(sheet, item)[0];
  }

  isBlank(sheet: Sheet, item: Item): boolean {
    if (!item.needed || this.marks(sheet, item).length > 0) return false;
    if (item.method.type === "try" && isOver(this.#triesBefore(sheet, item))) return false;
    return !(item.kind === "mark" && this.isAgreed(sheet, item));
  }

  #triesBefore(sheet: Sheet, item: Item): (Mark | undefined)[] {
    const tries = this.items(sheet).filter((one) => one.aspect === item.aspect && one.method.type === "try");
    return tries.slice(0, tries.indexOf(item)).map((one) => this.mark(sheet, one));
  }

  isAgreed(sheet: Sheet, item: Item): boolean {
    const agreed = this.cells(sheet).get(`${item.aspect}/agreed`);
    return (agreed !== undefined && agreed.state === "value") || (sheet.levels[item.aspect]?.agreed ?? false);
  }

  /** Whether changing this level takes a reason: all levels are in, so the others can be seen. */
  needsReason(sheet: Sheet, item: Item): boolean {
    return item.kind === "mark" && (sheet.levels[item.aspect]?.shown ?? false);
  }

  /** The cell of the next entry of this kind (entry, penalty …). */
  nextEntry(sheet: Sheet, item: Item, kind: string): string {
    const used = [...this.cells(sheet).values()]
      .filter((mark) => mark.aspect === item.aspect && mark.kind.split(":")[0] === kind)
      .map((mark) => Number(mark.kind.split(":")[1] ?? 0))
      .filter((number) => number < RULED_FROM);
    return `${kind}:${Math.max(0, ...used) + 1}`;
  }

  /** A new operation for an edit. It names the version of the cell that the server last told, and the round it belongs to. */
  operation(sheet: Sheet, item: Item, edit: Edit): Unnumbered {
    const key = `${item.aspect}/${edit.kind}`;
    const told = sheet.marks.find((mark) => cellOf(mark) === key);
    const seen = this.cells(sheet).get(key);
    return {
      op_id: uuid(),
      sheet: sheet.id,
      aspect: item.aspect,
      kind: edit.kind,
      base_version: told?.version ?? 0,
      value: edit.value,
      state: edit.state,
      round: seen && this.needsReason(sheet, item) ? seen.round + 1 : (seen?.round ?? 1),
      reason: edit.reason,
      device_time: new Date().toISOString(),
      ...(edit.agreed?.length && edit.state === "value" ? { agreed: edit.agreed } : {}),
    };
  }

  /** The server has answered: its version of the cell is the one to build on. */
  settle(operation: Operation, answer: Answer): void {
    this.queue = this.queue.filter((one) => one.op_id !== operation.op_id);
    const sheet = this.sheet(operation.sheet);
    if (!sheet) return;
    if (answer.outcome === "applied") {
      const { aspect, kind, value, state, round, reason, agreed = [] } = operation;
      put(sheet, { aspect, kind, value, state, round, reason, agreed, version: answer.version });
    } else if (answer.theirs) {
      const { value, state } = answer.theirs;
      const { aspect, kind, round } = operation;
      put(sheet, { aspect, kind, value, state, round, reason: "", version: answer.version });
    }
  }

  /** The sheet as the server has it now takes the place of what was known; what waits in the queue stays on top. */
  refresh(fresh: Sheet): void {
    const index = this.page.sheets.findIndex((one) => one.id === fresh.id);
    if (index >= 0) this.page.sheets[index] = fresh;
  }
}

function put(sheet: Sheet, mark: Mark): void {
  const known = sheet.marks.find((one) => cellOf(one) === cellOf(mark));
  if (known && known.version > mark.version) return;
  sheet.marks = [...sheet.marks.filter((one) => one !== known), mark];
}

// randomUUID is there in secure contexts only; a venue server reached by its bare address is none.
export function uuid(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
