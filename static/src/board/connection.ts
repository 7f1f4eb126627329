// When a board counts as cut off, and how it says so.

/** Milliseconds without an answer after which what is shown may be old. */
export const LOST_AFTER = 6_000;

export function isLost(answeredAt: number, now: number): boolean {
  return now - answeredAt > LOST_AFTER;
}

/** "连接中断，显示 {time} 数据" with the hour and minute of the last answer. */
export function words(template: string, answeredAt: number, lost: boolean): string {
  if (!lost) return "";
  const at = new Date(answeredAt);
  const two = (number: number): string => String(number).padStart(2, "0");
  return template.replace("{time}", `${two(at.getHours())}:${two(at.getMinutes())}`);
}

/** The page after this one, counted from 0; the first after the last. */
export function pageAfter(current: number, pages: number, step = 1): number {
  return pages > 0 ? (((current + step) % pages) + pages) % pages : 0;
}
