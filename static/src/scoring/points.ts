// What a recorded value is worth, and whether it may be recorded at all. The server decides; this only says it at once.
import { exact, ONE, read, spelled } from "./exact.ts";
import { triesMost, triesPoints } from "./tries.ts";
import type { Item, Mark, Method } from "./types.ts";

export interface Refusal {
  text: "not_a_number" | "range" | "step";
  values: Record<string, string>;
}

/** Why a value cannot be recorded here, or null. */
export function refusal(method: Method, text: string): Refusal | null {
  const value = read(text);
  if (value === null) return { text: "not_a_number", values: {} };
  const [low, high, step] = bounds(method);
  if ((low !== null && value < low) || (high !== null && value > high)) {
    return { text: "range", values: { value: spelled(value), low: spelled(low ?? 0n), high: high === null ? "∞" : spelled(high) } };
  }
  if (step !== null && (value - (low ?? 0n)) % step !== 0n) {
    return { text: "step", values: { value: spelled(value), step: spelled(step) } };
  }
  if ((method.type === "deduction" || method.type === "adjustments") && value <= 0n) {
    return { text: "range", values: { value: spelled(value), low: "0", high: high === null ? "∞" : spelled(high) } };
  }
  return null;
}

function bounds(method: Method): [bigint | null, bigint | null, bigint | null] {
  const maybe = (text: string | null) => (text === null ? null : exact(text));
  switch (method.type) {
    case "level":
      return [0n, 3n * ONE, ONE];
    case "binary":
      return [0n, ONE, ONE];
    case "range":
      return [exact(method.low), exact(method.high), maybe(method.step)];
    case "count":
      return [0n, exact(method.possible), ONE];
    case "time":
      return [0n, maybe(method.high), null];
    case "linear":
    case "record":
      return [maybe(method.low), maybe(method.high), maybe(method.step)];
    case "try":
      return [exact(method.low), exact(method.high), maybe(method.step)];
    case "deduction":
      return method.effect === "void" ? [ONE, ONE, null] : [0n, maybe(method.high), maybe(method.step)];
    case "converted":
    case "adjustments":
    case "multiplier":
      return [0n, null, null];
    default:
      return [null, null, null];
  }
}

/** The points of one recorded value, in the units of exact.ts; null where a value has no points of its own. */
export function points(method: Method, text: string): bigint | null {
  const value = read(text);
  if (value === null) return null;
  switch (method.type) {
    case "level":
      return (exact(method.max) * value) / (3n * ONE);
    case "binary":
      return value === 0n ? 0n : exact(method.max);
    case "tolerance":
      return tolerated(value, exact(method.target), method.bands);
    case "count":
      return (exact(method.max) * value) / exact(method.possible);
    case "linear":
      return limited(exact(method.base) + (exact(method.rate) * value) / ONE, exact(method.floor), exact(method.max));
    case "converted":
      return converted(value, exact(method.max), exact(method.full_within), exact(method.none_after));
    case "deduction":
      return method.effect === "points" ? -value : null;
    case "free":
    case "range":
      return value;
    default:
      return null;
  }
}

function limited(value: bigint, floor: bigint, max: bigint): bigint {
  const risen = value < floor ? floor : value;
  return risen > max ? max : risen;
}

function converted(seconds: bigint, max: bigint, full: bigint, none: bigint): bigint {
  if (seconds <= full) return max;
  return seconds >= none ? 0n : (max * (none - seconds)) / (none - full);
}

function tolerated(value: bigint, target: bigint, bands: [string, string][]): bigint {
  const deviation = value > target ? value - target : target - value;
  const band = bands.find(([upTo]) => deviation <= exact(upTo));
  return band ? exact(band[1]) : 0n;
}

/** The highest points of an item; null where it has none. */
export function most(method: Method): bigint | null {
  switch (method.type) {
    case "level":
    case "binary":
    case "count":
    case "linear":
    case "converted":
      return exact(method.max);
    case "range":
      return exact(method.high);
    case "tolerance":
      return method.bands.reduce((best, [, award]) => (exact(award) > best ? exact(award) : best), 0n);
    default:
      return null;
  }
}

/** What this sheet comes to so far, and what it could come to. Agreed values stand for levels elsewhere and are not added. */
export function total(items: Item[], marksOf: (item: Item) => Mark[]): { points: bigint; max: bigint } {
  const groups = new Map<string, Group>();
  let max = 0n;
  for (const item of items) {
    const group = groupAt(groups, item.path ?? []);
    if (item.kind === "agreed") continue;
    if (item.method.type === "try") {
      if (item.kind !== "mark:1") continue;
      const tries = items.filter((one) => one.aspect === item.aspect && one.method.type === "try");
      group.marks += triesPoints(item.method, tries.map((one) => marksOf(one)[0]));
      max += triesMost(item.method);
      continue;
    }
    const given = marksOf(item).filter((mark) => mark.state === "value");
    if (item.method.type === "deduction") deduct(group, item.method, given);
    else group.marks += given.reduce((all, mark) => all + (points(item.method, mark.value ?? "") ?? 0n), 0n);
    max += most(item.method) ?? 0n;
  }
  return { points: standing(groups, ""), max };
}

// A group of the rules as far as it stands on this sheet. Violations and percentages act on what the group's own parts make.
interface Group {
  children: string[];
  marks: bigint;
  taken: bigint;
  percent: bigint;
  isVoid: boolean;
}

function groupAt(groups: Map<string, Group>, path: readonly string[]): Group {
  const key = path.join("/");
  const known = groups.get(key);
  if (known) return known;
  const group: Group = { children: [], marks: 0n, taken: 0n, percent: 0n, isVoid: false };
  groups.set(key, group);
  if (path.length > 0) groupAt(groups, path.slice(0, -1)).children.push(key);
  return group;
}

function deduct(group: Group, method: Method & { type: "deduction" }, given: Mark[]): void {
  const sum = given.reduce((all, mark) => all + (read(mark.value ?? "") ?? 0n), 0n);
  const cap = method.cap === null ? null : exact(method.cap);
  const most = cap === null ? sum : min(sum, cap < 0n ? -cap : cap);
  if (method.effect === "void") group.isVoid ||= given.length > 0;
  else if (method.effect === "percent") group.percent += most;
  else group.taken += most;
}

const min = (one: bigint, other: bigint) => (one < other ? one : other);

function standing(groups: Map<string, Group>, key: string): bigint {
  const group = groups.get(key);
  if (!group) return 0n;
  const parts = group.children.map((child) => standing(groups, child));
  // A group below that only takes points off is a deduction of this one: nothing is taken off it in proportion.
  const marked = parts.filter((part) => part > 0n).reduce((all, part) => all + part, group.marks);
  const taken = parts.filter((part) => part < 0n).reduce((all, part) => all - part, group.taken);
  return lessProportional(marked, group) - taken;
}

function lessProportional(marked: bigint, group: Group): bigint {
  if (marked <= 0n) return marked;
  if (group.isVoid) return 0n;
  return (marked * (100n * ONE - min(group.percent, 100n * ONE))) / (100n * ONE);
}
