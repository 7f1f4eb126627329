// What the worker does with a request, without a browser.

export interface Build {
  version: string;
  assets: string[];
}

/**
 * asset: one of this build, from what is kept. desk: the shell of an event, from the server, else from what is kept. sheet: the old address of
 * a sheet, and home: the list of events; without a server they lead to a desk. pass: not the worker's business.
 */
export type Kind = "asset" | "desk" | "sheet" | "home" | "pass";

const ID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const DESK = new RegExp(`^/judging/${ID}/desk$`);
const SHEET = new RegExp(`^/judging/(${ID})/sheets/(${ID})$`);

/** Only what is fetched with GET from this host is touched: never the marks on their way, never a page with names. */
export function kindOf(method: string, mode: string, url: URL, origin: string, build: Build): Kind {
  if (method !== "GET" || url.origin !== origin) return "pass";
  if (build.assets.includes(url.pathname)) return "asset";
  if (mode !== "navigate") return "pass";
  if (DESK.test(url.pathname)) return "desk";
  if (SHEET.test(url.pathname)) return "sheet";
  return url.pathname === "/judging" ? "home" : "pass";
}

/** Where the sheet of an old address is found on the desk. */
export function deskOf(url: URL): string {
  const [, event = "", sheet = ""] = SHEET.exec(url.pathname) ?? [];
  return `/judging/${event}/desk#${sheet}`;
}

/** Whether a page is the empty shell of this build, and not somebody's sign-in page, a portal or the shell of another build. */
export function isShell(page: string, build: Build): boolean {
  const own = build.assets.filter((path) => path.includes("/scoring."));
  return page.includes("data-marking") && page.includes("data-desk") && own.length > 0 && own.every((path) => page.includes(path));
}

export const isDesk = (path: string): boolean => DESK.test(path);
