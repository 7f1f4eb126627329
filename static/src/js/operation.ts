// data-poll-operation: shows how far long work is, and moves on when it has ended.
import { afterAnswer, type Answer, counter } from "./operation-answer.ts";

const EVERY_MS = 1000;
const AFTER_A_LOST_CONNECTION_MS = 4000;

export function pollOperations(root: Document): void {
  for (const box of root.querySelectorAll<HTMLElement>("[data-poll-operation]")) void poll(box);
}

async function poll(box: HTMLElement): Promise<void> {
  const words = box.querySelector<HTMLElement>("[data-operation-sentence]");
  let wait = EVERY_MS;
  try {
    // "no-cache" asks with the entity tag of the last answer, so an unchanged state costs a 304.
    const response = await fetch(box.dataset.url ?? "", { cache: "no-cache", headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const answer = (await response.json()) as Answer;
    show(box, words, answer);
    const next = afterAnswer(answer);
    if (next.go === "to") return location.assign(next.href);
    if (next.go === "reload") return location.reload();
  } catch {
    say(words, box.dataset.lost ?? "");
    wait = AFTER_A_LOST_CONNECTION_MS;
  }
  setTimeout(() => void poll(box), wait);
}

function show(box: HTMLElement, words: HTMLElement | null, answer: Answer): void {
  const bar = box.querySelector("progress");
  const text = box.querySelector("[data-progress-text]");
  if (answer.total) {
    if (bar) {
      bar.max = answer.total;
      bar.value = answer.done;
    }
    if (text) text.textContent = counter(box.dataset.pattern ?? "", answer);
  }
  say(words, answer.sentence);
}

// Writing the same words again would make a screen reader say them every second.
function say(where: HTMLElement | null, sentence: string): void {
  if (where && sentence && where.textContent !== sentence) where.textContent = sentence;
}
