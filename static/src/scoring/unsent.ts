// A mark beside the database that says how many operations wait on this device, and for whom. Other pages read it before somebody signs
// out; and when the database has been cleared while the mark is still there, the next start can say what happened.

const NAME = "skillsladder.unsent";

interface Waiting {
  count: number;
  /** The judge has left the tablet under supervision: what waits is held until that judge is back. */
  left?: boolean;
}

function read(): Record<string, Waiting> {
  try {
    return JSON.parse(localStorage.getItem(NAME) ?? "{}") as Record<string, Waiting>;
  } catch {
    return {};
  }
}

function write(all: Record<string, Waiting>): void {
  try {
    if (Object.keys(all).length === 0) localStorage.removeItem(NAME);
    else localStorage.setItem(NAME, JSON.stringify(all));
  } catch {
    // A browser that keeps nothing here still has the queue itself.
  }
}

/** Note how many operations of a scope (event and account) wait. */
export function noteWaiting(scope: string, count: number, left = false): void {
  const { [scope]: _before, ...others } = read();
  write(count === 0 ? others : { ...others, [scope]: left ? { count, left } : { count } });
}

/** How many operations of a scope waited when this was last noted. */
export const waitingOf = (scope: string): number => read()[scope]?.count ?? 0;

/** The event whose sheets on this device keep somebody from signing out; null when nothing does. */
export function eventThatWaits(): string | null {
  const found = Object.entries(read()).find(([, waiting]) => waiting.count > 0 && !waiting.left);
  return found?.[0].split(":")[0] ?? null;
}
