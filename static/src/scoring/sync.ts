// Sends the queue: one flight at a time over all tabs, in order, again and again until the server has answered.
import { batch, isReply, type Problem, problem, verdict, wait } from "./outbox.ts";
import { uuid } from "./book.ts";
import type { Store } from "./store.ts";
import type { Answer, Operation, Page, Reply, Sheet } from "./types.ts";

const PATIENCE = 30_000;

interface Told {
  settled(operation: Operation, answer: Answer, reply: Reply): Promise<void>;
  problem(problem: Problem | null): void;
  renumbered(): Promise<void>;
}

export class Sync {
  readonly #page: Page;
  readonly #store: Store;
  readonly #told: Told;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #token: string;
  #busy = false;
  #again = false;

  constructor(page: Page, store: Store, told: Told) {
    this.#page = page;
    this.#store = store;
    this.#told = told;
    this.#token = page.csrf_token;
    addEventListener("online", () => this.now());
    addEventListener("offline", () => told.problem("offline"));
  }

  /** Send at once; the waiting begins anew. */
  now(): void {
    this.#failures = 0;
    void this.#start();
  }

  /** Something new is in the queue. While a wait is on, it goes with the next try. */
  soon(): void {
    if (this.#timer === undefined) void this.#start();
  }

  async #start(): Promise<void> {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      await alone(`scoring:${this.#page.event}:${this.#page.account}`, () => this.#flush());
    } finally {
      this.#busy = false;
      if (this.#again && this.#timer === undefined) {
        this.#again = false;
        void this.#start();
      }
    }
  }

  async #flush(): Promise<void> {
    for (;;) {
      const chosen = batch(await this.#store.queue());
      if (chosen.length === 0) break;
      const device = (await this.#store.device()) ?? (await this.#register());
      if (device === null) return;
      const answered = await this.#post(this.#page.addresses.operations, { device, operations: await this.#chosen(chosen) });
      if (answered.body === null || !isReply(answered.body, device)) return await this.#fail(answered);
      if (!(await this.#take(chosen, answered.body))) return await this.#fail({ status: 503, isJson: false, body: null });
      this.#failures = 0;
      this.#told.problem(null);
    }
  }

  // A registration may just have numbered the queue anew: read it again.
  async #chosen(chosen: Operation[]): Promise<Operation[]> {
    const fresh = new Map((await this.#store.queue()).map((operation) => [operation.op_id, operation]));
    return chosen.map((operation) => fresh.get(operation.op_id) ?? operation);
  }

  async #take(chosen: Operation[], reply: Reply): Promise<boolean> {
    let moved = false;
    for (const [index, operation] of chosen.entries()) {
      const answer = reply.answers.find((one) => one.op_id === operation.op_id);
      const what = verdict(operation, reply.answers, index === 0);
      if (what === "renumber") return (await this.#register()) !== null;
      if (what === "keep" || answer === undefined) continue;
      await this.#store.settle(operation, answer, reply, what === "attention");
      await this.#told.settled(operation, answer, reply);
      moved = true;
    }
    return moved;
  }

  async #register(): Promise<string | null> {
    const label = `${platform()} ${uuid().slice(0, 4)}`;
    const answered = await this.#post(this.#page.addresses.devices, { label });
    const device = (answered.body as { device?: unknown } | null)?.device;
    if (typeof device !== "string") {
      await this.#fail(answered);
      return null;
    }
    await this.#store.begin(device);
    await this.#told.renumbered();
    return device;
  }

  // A 400 or 401 may only mean that the session has changed: whoever signed in again has a new token.
  async #fail(answered: Answered): Promise<void> {
    let what: Problem | null = problem(answered.status, answered.isJson);
    if (answered.status === 400 || answered.status === 401) {
      const before = this.#token;
      const state = await this.#state(this.#page.current);
      if (state.status === 401) what = "sign_in";
      else if (this.#token !== before) what = null;
    }
    this.#told.problem(what);
    this.#failures += 1;
    this.#timer = setTimeout(() => void this.#start(), wait(this.#failures, Math.random()) * 1000);
  }

  async #post(address: string, body: object): Promise<Answered> {
    return await ask(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.#token },
      body: JSON.stringify(body),
    });
  }

  async #state(id: string): Promise<Answered> {
    const answered = await ask(this.#page.addresses.state.replace("{sheet}", id), { cache: "no-store" });
    const body = answered.body as { csrf_token?: string } | null;
    if (typeof body?.csrf_token === "string") this.#token = body.csrf_token;
    return answered;
  }

  /** A sheet as the server has it, or null. */
  async sheet(id: string): Promise<Sheet | null> {
    const body = (await this.#state(id)).body as { sheet?: Sheet } | null;
    return body?.sheet?.id === id ? body.sheet : null;
  }
}

interface Answered {
  status: number;
  isJson: boolean;
  body: unknown;
}

async function ask(address: string, options: RequestInit): Promise<Answered> {
  try {
    const response = await fetch(address, { ...options, redirect: "manual", signal: AbortSignal.timeout?.(PATIENCE) ?? null });
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json") ?? false;
    const isPortal = response.type === "opaqueredirect";
    const body: unknown = isJson ? await response.json().catch(() => null) : null;
    return { status: isPortal ? 302 : response.status, isJson: isJson && body !== null, body: response.ok ? body : null };
  } catch {
    return { status: 599, isJson: false, body: null };
  }
}

async function alone(name: string, work: () => Promise<void>): Promise<void> {
  if (navigator.locks) await navigator.locks.request(name, work);
  else await work();
}

function platform(): string {
  const found = /iPad|iPhone|Android|Windows|Macintosh|Linux/.exec(navigator.userAgent);
  return found ? found[0] : "Tablet";
}
