export interface Answer {
  state: string;
  done: number;
  total: number | null;
  sentence: string;
  result_href: string | null;
}

export type Next = { go: "on" } | { go: "reload" } | { go: "to"; href: string };

/** What the page does after an answer: wait, follow the result, or load itself again to show how the work ended. */
export function afterAnswer(answer: Answer): Next {
  if (answer.state === "queued" || answer.state === "running") return { go: "on" };
  return answer.result_href ? { go: "to", href: answer.result_href } : { go: "reload" };
}

/** The counter in the page's language: the pattern carries the words, e.g. "{done} of {total}". */
export function counter(pattern: string, answer: Answer): string {
  return pattern.replace("{done}", String(answer.done)).replace("{total}", String(answer.total ?? ""));
}
