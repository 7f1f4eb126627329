// A JSON document that is changed step by step; every step makes a new document, so that it can be undone.

export type Json = null | boolean | number | string | Json[] | Members;
export type Members = { [name: string]: Json };
export type Place = readonly (string | number)[];

export const isMembers = (value: Json | undefined): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The JSON pointer (RFC 6901) of a place, as the checker writes it. */
export function pointer(place: Place): string {
  return place.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** What stands at a place; undefined where there is nothing. */
export function at(document: Json | undefined, place: Place): Json | undefined {
  let value = document;
  for (const step of place) {
    if (Array.isArray(value)) value = value[Number(step)];
    else if (isMembers(value)) value = value[step];
    else return undefined;
  }
  return value;
}

/** The document with another value at a place; undefined takes the member or item away. */
export function put(document: Json, place: Place, value: Json | undefined): Json {
  const [step, ...rest] = place;
  if (step === undefined) return value ?? null;
  if (Array.isArray(document)) {
    const index = Number(step);
    if (rest.length === 0 && value === undefined) return document.filter((_, each) => each !== index);
    const items = [...document];
    items[index] = put(items[index] ?? {}, rest, value);
    return items;
  }
  const members = isMembers(document) ? { ...document } : {};
  if (rest.length === 0 && value === undefined) delete members[step];
  else members[step] = put(members[step] ?? (typeof rest[0] === "number" ? [] : {}), rest, value);
  return members;
}

/** The list with an item put in before `index`. */
export function inserted(list: readonly Json[], index: number, item: Json): Json[] {
  return [...list.slice(0, index), item, ...list.slice(index)];
}

/** The list with an item moved to another index. */
export function moved(list: readonly Json[], from: number, to: number): Json[] {
  const rest = list.filter((_, index) => index !== from);
  return inserted(rest, to, list[from] ?? null);
}

/** The document now, what it was before, and what was undone. */
export class History {
  #past: Json[] = [];
  #future: Json[] = [];
  #now: Json;

  constructor(document: Json) {
    this.#now = document;
  }

  get now(): Json {
    return this.#now;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  change(document: Json): void {
    if (document === this.#now || JSON.stringify(document) === JSON.stringify(this.#now)) return;
    this.#past = [...this.#past.slice(-199), this.#now];
    this.#future = [];
    this.#now = document;
  }

  undo(): void {
    const before = this.#past.pop();
    if (before === undefined) return;
    this.#future.push(this.#now);
    this.#now = before;
  }

  redo(): void {
    const after = this.#future.pop();
    if (after === undefined) return;
    this.#past.push(this.#now);
    this.#now = after;
  }
}
