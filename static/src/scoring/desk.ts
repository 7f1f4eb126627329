// Where the sheets come from at a start: from the server, or, without it, from this device.
import { type Database, type Scope } from "./database.ts";
import { lacking, NO_LOSS } from "./lacking.ts";
import { type Problem, problem } from "./outbox.ts";
import { lastDesk, Store } from "./store.ts";
import { ask } from "./sync.ts";
import type { Item, Page } from "./types.ts";

const PATIENCE = 15;
const SHEET = /[0-9a-f]{8}-[0-9a-f-]{27}/;

/** The desk as the server tells it: items by module and seat. */
type Told = Omit<Page, "items" | "current" | "module"> & { items: Record<string, Record<string, Item[]>> };

export interface Start {
  page: Page;
  store: Store | null;
  /** Why the sheets are those of this device, and not the server's. */
  problem: Problem | null;
}

/** The sheets to begin with; null when there are none to be had, here or there. */
export async function start(database: Database | null, event: string, address: string): Promise<Start | Problem> {
  const answered = await ask(address, { cache: "no-store" }, PATIENCE);
  const told = answered.body as Told | null;
  if (typeof told?.account === "string" && told.event === event) {
    const page = arranged(told);
    const store = database && new Store(database, scopeOf(page));
    if (database && store) await noteLoss(database, store, page).catch((error: unknown) => console.error(error));
    await store?.keepDesk(page).catch((error: unknown) => console.error(error));
    return { page, store, problem: null };
  }
  const why = problem(answered.status, answered.isJson, answered.code);
  if (why === "refused" || why === "another" || why === "revoked") return why;
  const kept = database && (await lastDesk(database, event));
  if (!kept) return why;
  return { page: { ...kept, current: wanted(kept) }, store: new Store(database, scopeOf(kept)), problem: why };
}

// The sheets that are kept here are about to be replaced: what stands on them and not on those of the server was lost there.
async function noteLoss(database: Database, store: Store, page: Page): Promise<void> {
  const kept = await lastDesk(database, page.event);
  if (kept?.account === page.account) await store.keepLoss({ ...NO_LOSS, marks: lacking(kept.sheets, page.sheets) });
}

export const scopeOf = (page: { event: string; account: string }): Scope["scope"] => `${page.event}:${page.account}`;

function arranged(told: Told): Page {
  const items = Object.entries(told.items).flatMap(([module, seats]) => Object.entries(seats).map(([seat, all]) => [`${module}/${seat}`, all] as const));
  const page = { ...told, items: Object.fromEntries(items), module: "", current: "" };
  return { ...page, current: wanted(page) };
}

/** The sheet that the address names, else the first that is still open. */
export function wanted(page: Pick<Page, "sheets">): string {
  const id = namedBy(location);
  const found = page.sheets.find((sheet) => sheet.id === id) ?? page.sheets.find((sheet) => sheet.state === "open") ?? page.sheets[0];
  return found?.id ?? "";
}

const namedBy = (address: Location): string | undefined => SHEET.exec(address.hash)?.[0] ?? SHEET.exec(address.pathname.split("/sheets/")[1] ?? "")?.[0];

/** Whether the address names a sheet; else the judge goes on where they were. */
export const isNamed = (address: Location): boolean => namedBy(address) !== undefined;
