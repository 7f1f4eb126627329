// Values that may be recorded and are hardly meant: a slip of the finger, a point forgotten. The judge is asked, never stopped.
import { exact, ONE, read } from "./exact.ts";
import type { Method } from "./types.ts";

/** How many other marks of the item it takes before a value is compared with them. */
export const ENOUGH = 4;

export type Oddity = "far" | "low" | "target";

/**
 * Why a value looks like a slip, or null. `others` are this judge's other marks of the item.
 *
 * far: more than four times as far from the middle of the others as they usually are, and at least a quarter of the range (of the middle,
 * where there is no range) away. low: above the bottom and within the lowest tenth of a range, while there is nothing to compare with: a digit
 * is missing. target: ten times as far from the target as the widest band.
 */
export function oddity(method: Method, text: string, others: readonly string[]): Oddity | null {
  const value = read(text);
  if (value === null || method.type === "level" || method.type === "binary") return null;
  if (method.type === "tolerance" && isWild(value, method)) return "target";
  const known = others.map((other) => read(other)).filter((other): other is bigint => other !== null);
  if (known.length >= ENOUGH) return isFar(value, known, range(method)) ? "far" : null;
  return isSmall(value, method) ? "low" : null;
}

function isWild(value: bigint, method: Method & { type: "tolerance" }): boolean {
  const widest = method.bands.reduce((most, [upTo]) => (exact(upTo) > most ? exact(upTo) : most), 0n);
  return distance(value, exact(method.target)) > 10n * widest;
}

function isFar(value: bigint, others: bigint[], width: bigint | null): boolean {
  const centre = median(others);
  const usual = median(others.map((other) => distance(other, centre)));
  const least = (width ?? distance(centre, 0n)) / 4n;
  return distance(value, centre) > 4n * usual && distance(value, centre) > least && least > 0n;
}

// A step of 5 on a scale to 100 has small values of its own, one to 3 has no tenth: below 20 units nothing is small.
function isSmall(value: bigint, method: Method): boolean {
  const width = range(method);
  if (width === null || width < 20n * ONE || method.type === "deduction" || method.type === "count") return false;
  const low = "low" in method && method.low !== null ? exact(method.low) : 0n;
  return value > low && (value - low) * 10n < width;
}

function range(method: Method): bigint | null {
  if (method.type === "count") return exact(method.possible);
  if (!("low" in method) || method.low === null || method.high === null) return null;
  return exact(method.high) - exact(method.low);
}

const distance = (one: bigint, other: bigint) => (one > other ? one - other : other - one);

function median(values: bigint[]): bigint {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0n;
  return sorted.length % 2 ? upper : (upper + (sorted[middle - 1] ?? 0n)) / 2n;
}
