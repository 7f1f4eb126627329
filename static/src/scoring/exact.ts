// Exact decimals as whole numbers of 10^-12: marks are never floating-point numbers.

const PLACES = 12;
const SCALE = 10n ** BigInt(PLACES);
const WRITTEN = /^-?\d{1,9}(\.\d{1,8})?$/;

/** ８．５, 8。5 and 8,5 are all 8.5: what an input method types for a number. */
export function halfWidth(text: string): string {
  return text.normalize("NFKC").trim().replace(/[。，,、]/g, ".");
}

/** The number of a text, or null for anything that is not a plain decimal. */
export function read(text: string): bigint | null {
  const plain = halfWidth(text);
  if (!WRITTEN.test(plain)) return null;
  const negative = plain.startsWith("-");
  const [whole = "0", fraction = ""] = plain.replace("-", "").split(".");
  const value = BigInt(whole) * SCALE + BigInt(fraction.padEnd(PLACES, "0"));
  return negative ? -value : value;
}

/** A number of the rule set, which is known to be one. */
export function exact(text: string): bigint {
  const value = read(text);
  if (value === null) throw new Error(`not a number: ${text}`);
  return value;
}

/** The shortest spelling: 8.50 and 08.5 are 8.5. */
export function spelled(value: bigint): string {
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(PLACES + 1, "0");
  const fraction = digits.slice(-PLACES).replace(/0+$/, "");
  return (negative ? "-" : "") + digits.slice(0, -PLACES) + (fraction ? `.${fraction}` : "");
}

/** Two places, half up, for a running total. */
export function rounded(value: bigint): string {
  const unit = SCALE / 100n;
  const negative = value < 0n;
  const size = negative ? -value : value;
  const cents = (size + unit / 2n) / unit;
  const fraction = (cents % 100n).toString().padStart(2, "0").replace(/0+$/, "");
  return (negative && cents > 0n ? "-" : "") + (cents / 100n).toString() + (fraction ? `.${fraction}` : "");
}

export const ONE = SCALE;
