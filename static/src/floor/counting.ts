// How a clock of the floor runs on between two words of the server. The device's own time of day is never asked.

/** A clock as the server says it; spans in milliseconds. */
export interface Told {
  state: "waiting" | "running" | "paused" | "stopped";
  elapsed: number;
  allowed: number;
  extra: number;
  station?: number;
  moved?: boolean;
}

export type Face = Told["state"] | "last" | "up";

export interface Shown {
  text: string;
  face: Face;
  /** Whole minutes that are left, for announcing the last five; null where nothing is announced. */
  minutes: number | null;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
export const LAST = 5 * MINUTE;
/** Without an answer for so long the page says that it is not connected. */
export const LOST_AFTER = 8_000;

/** What a clock shows `since` milliseconds after the server told it. Only a running clock moves on. */
export function shownAfter(told: Told, since: number): Shown {
  const elapsed = told.elapsed + (told.state === "running" ? Math.max(0, since) : 0);
  const left = told.allowed - elapsed;
  const begun = told.state !== "waiting";
  const isUp = begun && told.state !== "stopped" && left <= 0;
  const isLast = told.state === "running" && left > 0 && left <= LAST;
  return {
    text: left < 0 ? `+${spelled(Math.floor(-left / SECOND))}` : spelled(Math.ceil(left / SECOND)),
    face: isUp ? "up" : isLast ? "last" : told.state,
    minutes: isLast ? Math.ceil(left / MINUTE) : null,
  };
}

/** h:mm:ss */
export function spelled(seconds: number): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

export function isLost(answeredAt: number, now: number): boolean {
  return now - answeredAt > LOST_AFTER;
}
