// Typing a sheet from paper with nothing but the keyboard. The form works without this; the server decides what may stand where.
import { fill } from "../js/dom.ts";
import { rounded } from "../scoring/exact.ts";
import { shrunk } from "../scoring/photos.ts";
import { total } from "../scoring/points.ts";
import type { Item, Mark, MarkState } from "../scoring/types.ts";
import { Drafts } from "./drafts.ts";
import "./paper.css";

const STATES: Record<string, MarkState> = { "/": "not_attempted", DNF: "dnf", DNS: "dns", DSQ: "dsq" };

class Line {
  readonly element: HTMLElement;
  readonly item: Item;
  readonly value: HTMLInputElement;
  readonly check: HTMLInputElement | null;
  readonly rest: HTMLElement[];
  readonly row: number;

  constructor(element: HTMLElement) {
    this.element = element;
    this.item = JSON.parse(element.dataset.item ?? "{}") as Item;
    this.value = element.querySelector("[data-value]") as HTMLInputElement;
    this.check = element.querySelector("[data-check]");
    this.rest = [...element.querySelectorAll<HTMLElement>("select, [data-reason]")];
    this.row = Number(element.dataset.row ?? 0);
  }

  get isNeeded(): boolean {
    return "needed" in this.element.dataset;
  }

  /** What counts of the line: what was typed, or what the first person typed once it is confirmed. */
  get text(): string {
    const typed = this.value.value.trim();
    if (typed || !this.check?.checked) return typed;
    return this.element.querySelector("[data-first]")?.textContent?.trim() ?? "";
  }

  get isDone(): boolean {
    return this.text !== "" || Boolean(this.check?.checked);
  }

  mark(): Mark | null {
    const text = this.text.normalize("NFKC");
    if (!text) return null;
    const state = STATES[text.toUpperCase()];
    const { aspect, kind } = this.item;
    return { aspect, kind, value: state ? null : text, state: state ?? "value", round: 1, version: 0, reason: "" };
  }
}

class Form {
  private readonly form: HTMLFormElement;
  private readonly lines: Line[];
  private readonly drafts: Drafts | null;
  private readonly key: string;
  private hasWarned = false;

  constructor(form: HTMLFormElement, drafts: Drafts | null) {
    this.form = form;
    this.lines = [...form.querySelectorAll<HTMLElement>("[data-line]")].map((element) => new Line(element));
    this.drafts = drafts;
    this.key = form.dataset.draft ?? "";
    if ("fresh" in form.dataset) this.restore();
    form.addEventListener("keydown", (event) => this.onKey(event));
    form.addEventListener("input", () => this.changed());
    form.addEventListener("submit", (event) => this.onSubmit(event));
    const blank = form.querySelector<HTMLButtonElement>("[data-first-blank]");
    blank?.addEventListener("click", () => this.toFirstBlank());
    if (blank) blank.hidden = false;
    this.changed();
    if ("fresh" in form.dataset) (this.firstBlank() ?? this.lines[0])?.value.focus();
  }

  // --- keys ---------------------------------------------------------------------------------------------

  private onKey(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "F2") {
      event.preventDefault();
      this.toFirstBlank();
      return;
    }
    const place = event.target as HTMLElement;
    const line = this.lines.find((one) => one.element.contains(place));
    if (!line) return;
    if (event.key === "Enter") {
      event.preventDefault();
      this.onEnter(line, place);
    } else if (place === line.value && event.key === "/" && line.value.value === "") {
      event.preventDefault();
      line.value.value = "/";
      this.changed();
      this.on(line);
    } else if (place === line.value && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.shown(this.lines.indexOf(line) + step, step)?.value.focus();
    }
  }

  private onEnter(line: Line, place: HTMLElement): void {
    if (place === line.value && line.check) {
      line.check.checked = line.value.value.trim() === "";
      this.changed();
    }
    const parts = [line.value as HTMLElement, ...line.rest];
    const next = parts[parts.indexOf(place) + 1];
    if (next && line.value.value.trim() !== "") next.focus();
    else this.on(line);
  }

  /** To the next item; the lines of a list that stay empty are passed over. */
  private on(line: Line): void {
    let index = this.lines.indexOf(line) + 1;
    if (line.row && line.text === "" && !line.check) {
      while (this.lines[index]?.row && (this.lines[index]?.row ?? 0) > line.row) index += 1;
    }
    this.reveal();
    const next = this.shown(index, 1);
    const place = next ? next.value : this.form.querySelector<HTMLElement>(".paper-lines ~ .field input, .paper-lines ~ * input[type=checkbox]");
    place?.focus();
    if (next) next.value.select();
  }

  private shown(index: number, step: number): Line | undefined {
    let found = index;
    while (this.lines[found]?.element.hidden) found += step;
    return this.lines[found];
  }

  private firstBlank(): Line | undefined {
    return this.lines.find((line) => (line.check ? !line.isDone : line.isNeeded && line.text === ""));
  }

  private toFirstBlank(): void {
    const line = this.firstBlank();
    line?.value.focus();
    line?.value.select();
  }

  // --- what is shown --------------------------------------------------------------------------------------

  private changed(): void {
    this.reveal();
    const marks = this.lines.map((line) => [line.item, line.mark()] as const);
    const items = this.lines.filter((line) => line.row <= 1).map((line) => line.item);
    const sum = total(items, (item) => marks.flatMap(([at, mark]) => (mark && at.aspect === item.aspect && at.kind === item.kind ? [mark] : [])));
    const counted = this.lines.filter((line) => (line.check ? true : line.isNeeded));
    const { sum: withPoints = "", count: withoutPoints = "" } = this.form.dataset;
    const words = fill(sum.max > 0n ? withPoints : withoutPoints, {
      points: rounded(sum.points),
      max: rounded(sum.max),
      done: String(counted.filter((line) => line.isDone).length),
      all: String(counted.length),
    });
    const place = this.form.querySelector("[data-paper-sum]");
    if (place) place.textContent = words;
    this.drafts?.keep(this.key, this.fields());
  }

  /** Of a list, the lines that are filled and one more. */
  private reveal(): void {
    for (const [index, line] of this.lines.entries()) {
      if (line.row > 1 && line.element.classList.contains("paper-spare")) {
        const before = this.lines[index - 1];
        line.element.hidden = line.text === "" && (before?.text === "" || Boolean(before?.element.hidden)) && !line.element.classList.contains("field-invalid");
      }
    }
  }

  private say(words: string): void {
    const place = this.form.querySelector("[data-paper-says]");
    if (place) place.textContent = words;
  }

  // --- drafts and handing in --------------------------------------------------------------------------------

  private fields(): Record<string, string> {
    const found: Record<string, string> = {};
    for (const field of this.form.elements) {
      if (field instanceof HTMLInputElement && field.type === "hidden") continue;
      if (field instanceof HTMLInputElement && field.type === "checkbox") found[field.name] = field.checked ? "yes" : "";
      else if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) found[field.name] = field.value;
    }
    return found;
  }

  private restore(): void {
    const kept = this.drafts?.of(this.key);
    if (!kept) return;
    let hasAny = false;
    for (const field of this.form.elements) {
      if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement) || field.type === "hidden") continue;
      const value = kept[field.name];
      if (value === undefined) continue;
      if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = value === "yes";
      else field.value = value;
      hasAny ||= value !== "" && !(field instanceof HTMLSelectElement);
    }
    if (hasAny) this.say(this.form.dataset.restored ?? "");
  }

  private onSubmit(event: Event): void {
    const blank = this.firstBlank();
    if (!blank || this.hasWarned) return;
    // Said once: whoever hands it in again gets the answer of the server.
    this.hasWarned = true;
    event.preventDefault();
    event.stopPropagation();
    this.toFirstBlank();
    this.say(this.form.dataset.blank ?? "");
  }
}

function drafts(): Drafts | null {
  try {
    return new Drafts(localStorage);
  } catch {
    return null;
  }
}

async function makeSmall(field: HTMLInputElement): Promise<void> {
  const file = field.files?.[0];
  const small = file ? await shrunk(file) : null;
  if (!file || !small || small.size >= file.size) return;
  const transfer = new DataTransfer();
  transfer.items.add(new File([small], "paper.jpg", { type: "image/jpeg" }));
  field.files = transfer.files;
}

const kept = drafts();
kept?.forgetOld();
const done = document.querySelector<HTMLElement>("[data-paper-done]")?.dataset.paperDone;
if (done) kept?.forget(`${done}/`);
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-paper]")) new Form(form, kept);
for (const field of document.querySelectorAll<HTMLInputElement>("[data-photo]")) {
  field.addEventListener("change", () => void makeSmall(field));
}
if (!document.querySelector("[data-focus-first]") && !location.hash) document.querySelector<HTMLInputElement>("[data-paper-code]")?.focus();
