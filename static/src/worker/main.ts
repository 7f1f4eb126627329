// The service worker of the judges' pages. It answers GET only, with what belongs to its own build: the scripts, the styles and the empty shell of
// the desk. A new build brings a new worker, which fetches everything anew before the old one goes. The marks are none of its business.
import { type Build, deskOf, isDesk, isShell, kindOf } from "./rules.ts";

declare const BUILD: Build;

interface LifeEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface AskEvent extends LifeEvent {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Worker {
  addEventListener(type: "install" | "activate", listener: (event: LifeEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: AskEvent) => void): void;
  addEventListener(type: "message", listener: (event: LifeEvent & { data: unknown }) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void>; matchAll(wanted: { type: "window"; includeUncontrolled: true }): Promise<readonly { url: string }[]> };
}

const worker = self as unknown as Worker;
const PREFIX = "scoring-";
const NAME = PREFIX + BUILD.version;
const PATIENCE = 6000;

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("message", (event) => {
  const path = (event.data as { keep?: unknown } | null)?.keep;
  if (typeof path === "string" && isDesk(path)) event.waitUntil(caches.open(NAME).then((cache) => keep(cache, path)));
});
worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const kind = kindOf(event.request.method, event.request.mode, url, location.origin, BUILD);
  if (kind === "asset") event.respondWith(asset(event.request));
  else if (kind !== "pass") event.respondWith(page(event.request, url, kind));
});

async function install(): Promise<void> {
  const cache = await caches.open(NAME);
  await cache.addAll(BUILD.assets);
  for (const path of await desksBefore()) await keep(cache, path);
  for (const path of await desksOpen()) await keep(cache, path).catch((error: unknown) => console.warn("the page is asked to send it again", error));
  await worker.skipWaiting();
}

// The desks that are on the screen while the worker comes: it is in charge of them only when it can answer for them without a network.
async function desksOpen(): Promise<string[]> {
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  return [...new Set(windows.map(({ url }) => new URL(url).pathname).filter(isDesk))];
}

// The desks that the worker before this one kept.
async function desksBefore(): Promise<string[]> {
  const found = new Set<string>();
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX) || name === NAME) continue;
    const requests = await (await caches.open(name)).keys();
    for (const { url } of requests) if (isDesk(new URL(url).pathname)) found.add(new URL(url).pathname);
  }
  return [...found];
}

/** Fetch a shell and keep it. What is gone is left out; when it cannot be fetched now, the worker before stays in charge. */
async function keep(cache: Cache, path: string): Promise<void> {
  const response = await fetch(path, { cache: "no-store", redirect: "manual" });
  if (response.status === 403 || response.status === 404) return;
  const text = response.ok ? await response.clone().text() : "";
  if (!isShell(text, BUILD)) throw new Error(`no shell at ${path}`);
  await cache.put(path, response);
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== NAME).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

async function asset(request: Request): Promise<Response> {
  return (await (await caches.open(NAME)).match(request)) ?? (await fetch(request));
}

async function page(request: Request, url: URL, kind: "desk" | "sheet" | "home"): Promise<Response> {
  try {
    const response = await soon(fetch(request));
    if (response.status < 500) return response;
    return (await kept(url, kind)) ?? response;
  } catch (error) {
    const shell = await kept(url, kind);
    if (shell) return shell;
    throw error;
  }
}

async function kept(url: URL, kind: "desk" | "sheet" | "home"): Promise<Response | undefined> {
  const cache = await caches.open(NAME);
  if (kind === "desk") return await cache.match(url.pathname);
  if (kind === "sheet") return (await cache.match(deskOf(url).split("#")[0] ?? "")) && Response.redirect(deskOf(url));
  const desk = (await cache.keys()).map((one) => new URL(one.url).pathname).find(isDesk);
  return desk === undefined ? undefined : Response.redirect(desk);
}

async function soon<Thing>(work: Promise<Thing>): Promise<Thing> {
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error("too slow")), PATIENCE));
  return await Promise.race([work, late]);
}
