// What several tries come to so far. The server decides; this only says it at once.
import { exact, read } from "./exact.ts";
import type { Mark, MarkState, Try } from "./types.ts";

const ENDING: readonly MarkState[] = ["dns", "dsq", "not_attempted"];
const NOT_STARTED: readonly MarkState[] = ["dns", "not_attempted"];

/** Whether nothing need be recorded any more: the last try before it that is recorded ended them. */
export function isOver(before: (Mark | undefined)[]): boolean {
  const last = before.filter((mark) => mark !== undefined).at(-1);
  return last !== undefined && ENDING.includes(last.state);
}

/** The points of the tries that are recorded; 0 while there is no result. */
export function triesPoints(method: Try, marks: (Mark | undefined)[]): bigint {
  const given = marks.filter((mark) => mark !== undefined);
  const results = given.filter((mark) => mark.state === "value").map((mark) => read(mark.value ?? "") ?? 0n);
  if (method.counts === null || results.length === 0) return 0n;
  if (method.counts === "best") return results.reduce((best, value) => (value > best ? value : best));
  if (method.counts === "last") {
    const last = given.filter((mark) => !NOT_STARTED.includes(mark.state)).at(-1);
    return last?.state === "value" ? (read(last.value ?? "") ?? 0n) : 0n;
  }
  if (given.length - results.length > method.failures) return 0n;
  const worst = Array.from({ length: method.tries - results.length }, () => exact(method.low));
  const all = [...results, ...worst].sort((one, other) => (one < other ? -1 : one > other ? 1 : 0));
  const kept = method.counts === "middle_mean" ? all.slice(method.drop[0], all.length - method.drop[1]) : all;
  const sum = kept.reduce((total, value) => total + value, 0n);
  return method.counts === "sum" ? sum : sum / BigInt(kept.length);
}

/** The highest points that the tries can come to. */
export function triesMost(method: Try): bigint {
  if (method.counts === null) return 0n;
  return method.counts === "sum" ? exact(method.high) * BigInt(method.tries) : exact(method.high);
}
