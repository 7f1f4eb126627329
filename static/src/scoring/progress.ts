// The chief judge's page brings itself up to date: it asks for itself, and takes over the parts that have changed.
const EVERY = 5_000;
const PATIENCE = 8_000;

let tag = "";
let answeredAt = new Date();

async function look(): Promise<void> {
  if (document.hidden) return;
  const headers: Record<string, string> = tag ? { "If-None-Match": tag } : {};
  const answer = await fetch(location.href, { headers, cache: "no-store", redirect: "manual", signal: AbortSignal.timeout?.(PATIENCE) ?? null });
  if (answer.status === 304) return;
  if (!answer.ok) throw new Error(String(answer.status));
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!fresh.querySelector("[data-live]")) throw new Error("not the page");
  tag = answer.headers.get("ETag") ?? "";
  for (const part of document.querySelectorAll<HTMLElement>("[data-live]")) take(part, fresh);
}

// Only what differs is replaced, never a form that somebody is in, and whatever link had the focus has it again.
function take(part: HTMLElement, fresh: Document): void {
  const now = fresh.querySelector<HTMLElement>(`[data-live="${CSS.escape(part.dataset.live ?? "")}"]`);
  if (!now || now.outerHTML === part.outerHTML) return;
  if (part.contains(document.activeElement) && document.activeElement?.closest("form")) return;
  const focused = part.contains(document.activeElement) ? document.activeElement?.getAttribute("href") : null;
  const replacement = document.importNode(now, true);
  part.replaceWith(replacement);
  if (focused) replacement.querySelector<HTMLElement>(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

async function round(): Promise<void> {
  const state = document.querySelector<HTMLElement>("[data-progress-state]");
  try {
    await look();
    answeredAt = new Date();
    say(state, state?.dataset.fresh ?? "");
  } catch {
    say(state, (state?.dataset.lost ?? "").replace("{time}", answeredAt.toLocaleTimeString("en-GB")));
  }
  setTimeout(() => void round(), EVERY * (0.9 + Math.random() * 0.2));
}

function say(state: HTMLElement | null, words: string): void {
  if (state && state.textContent !== words) state.textContent = words;
}

void round();
