// Which of the five states is shown. It never says "uploaded" while anything is only here, and never flickers back and forth.

export type State = "writing" | "local" | "server" | "attention" | "unsafe";

export interface Facts {
  unsafe: boolean;
  attention: number;
  queued: number;
  writingFor: number;
}

const NOTICEABLE = 400;
const STEADY = 2000;

/** The state that is true now. */
export function stateOf(facts: Facts): State {
  if (facts.unsafe) return "unsafe";
  if (facts.attention > 0) return "attention";
  if (facts.writingFor > NOTICEABLE) return "writing";
  return facts.queued > 0 ? "local" : "server";
}

/**
 * How many milliseconds to wait before showing `next`: bad news and "stored here" at once, "uploaded" only when what was shown before
 * has stood for two seconds, so that a flapping network does not flicker.
 */
export function delay(shown: State | null, next: State, shownFor: number): number {
  if (shown === null || shown === next || next !== "server") return 0;
  return Math.max(0, STEADY - shownFor);
}
