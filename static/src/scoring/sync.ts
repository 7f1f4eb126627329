// Sends the queue: one flight at a time over all tabs, in order, again and again until the server has answered.
import { uuid } from "./book.ts";
import { publicHalf, signature } from "./keys.ts";
import { dated, isEmpty, lacking, MOST_TOLD } from "./lacking.ts";
import { batch, isReply, missing, MOST_OPERATIONS, patience, type Problem, problem, verdict, wait } from "./outbox.ts";
import type { Sender, Settled, Store } from "./store.ts";
import type { Operation, Page, Reply, Sheet } from "./types.ts";

const SCHEMA = 2;

/** The build of this script, from its hashed name. */
export const BUILD = /\.([0-9a-f]{12})\.js/.exec((document.currentScript as HTMLScriptElement | null)?.src ?? "")?.[1] ?? "";

/** What a device learns when it registers, or registers again. */
export interface Joined {
  device: string;
  last_sequence: number;
  bound: boolean;
  receipts?: number;
  /** The server had no device of this id before. */
  is_new?: boolean;
  /** On which other tablets the sheets are open. */
  beside?: Beside[];
  server_time?: string;
}

/** Another tablet on which the same judge has the sheets open. */
interface Beside {
  device: string;
  label: string;
}

export interface Told {
  /** The server has answered these; they are still in the queue. What this changes on the sheets must be kept before they leave it. */
  answered(settled: Settled[], reply: Reply): Promise<void>;
  /** They have left the queue. */
  settled(): Promise<void>;
  /** What stands between this device and the server; null when it is reached. */
  problem(problem: Problem | null): void;
  /** The queue was numbered anew, or holds again what the server has forgotten. */
  changed(): Promise<void>;
  /** The server knows this device. */
  joined(joined: Joined): void;
  /** On which other tablets the sheets are open. */
  beside(tablets: string[]): void;
  /** So many marks were acknowledged and are not on the server any more, and cannot be sent again; it knows which. */
  lost(count: number): void;
}

export class Sync {
  readonly #page: Page;
  readonly #store: Store;
  readonly #told: Told;
  #failures = 0;
  #most = MOST_OPERATIONS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #token: string;
  #busy = false;
  #again = false;
  #joined = false;
  /** The numbers that this tablet had before it began anew: they are no other tablet. */
  readonly #former = new Set<string>();

  constructor(page: Page, store: Store, told: Told) {
    this.#page = page;
    this.#store = store;
    this.#told = told;
    this.#token = page.csrf_token;
    addEventListener("online", () => this.now());
    addEventListener("offline", () => told.problem("offline"));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.#failures > 0) this.now();
    });
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

  /** The server knows less than it acknowledged: ask it how far it has come, and offer the rest again. */
  lookBack(): void {
    this.#joined = false;
    this.now();
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
      await this.#store.inFlight(() => this.#flush());
    } catch (error) {
      console.error(error);
      this.#later();
    } finally {
      this.#busy = false;
      if (this.#again && this.#timer === undefined) {
        this.#again = false;
        void this.#start();
      }
    }
  }

  #later(): void {
    this.#failures += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#start(), wait(this.#failures, Math.random()) * 1000);
  }

  async #flush(): Promise<void> {
    const sender = await this.#join();
    if (!sender) return;
    for (;;) {
      const chosen = batch(await this.#store.queue(), this.#most);
      if (chosen.length === 0) break;
      const answered = await this.#send(this.#page.addresses.operations, sender, chosen);
      if (answered.status === 413 && chosen.length > 1) {
        this.#most = Math.ceil(chosen.length / 2);
        continue;
      }
      if (!isReply(answered.body, sender.device)) return await this.#fail(answered);
      if (!(await this.#take(chosen, sender, answered.body))) return;
      this.#failures = 0;
      this.#most = Math.min(MOST_OPERATIONS, this.#most * 2);
      this.#told.problem(null);
    }
    this.#failures = 0;
    this.#told.problem(null);
    await this.#tellLoss();
  }

  async #send(address: string, sender: Sender, operations: Operation[]): Promise<Answered> {
    return await this.#signed(address, sender, encoded({ schema: SCHEMA, device: sender.device, operations }));
  }

  async #signed(address: string, sender: Sender, body: Uint8Array<ArrayBuffer>): Promise<Answered> {
    const signed = sender.pair ? { "X-Device-Signature": await signature(sender.pair, body) } : {};
    return await this.#post(address, body, signed);
  }

  // Once everything that is here was sent again: what the server still lacks of what it had acknowledged, in parts.
  async #tellLoss(): Promise<void> {
    const { marks, acknowledged, again } = await this.#store.loss();
    const sender = await this.#store.sender();
    if (isEmpty({ marks, acknowledged, again }) || !sender || !this.#page.addresses.lacking) return;
    const address = this.#page.addresses.lacking.replace("{device}", sender.device);
    let noted = 0;
    for (let first = 0; first === 0 || first < marks.length; first += MOST_TOLD) {
      const counts = first === 0 ? { acknowledged, again } : {};
      const answered = await this.#signed(address, sender, encoded({ ...counts, marks: marks.slice(first, first + MOST_TOLD) }));
      const found = (answered.body as { noted?: unknown } | null)?.noted;
      if (typeof found !== "number") return; // told at the next occasion; what was told already is not noted twice
      noted += found;
    }
    await this.#store.forgetLoss();
    if (noted > 0) this.#told.lost(noted);
  }

  // The server knows less than this device was told: what its sheets lack is kept, before they take the place of those here.
  async #noteLoss(joined: Joined): Promise<void> {
    const copies = await this.#store.copies();
    const next = (await this.#store.queue())[0]?.seq ?? (await this.#store.next());
    const acknowledged = next - 1 - (joined.is_new ? 0 : joined.last_sequence);
    if (acknowledged <= 0) return;
    const answered = await ask(this.#page.addresses.data, { cache: "no-store" }, patience(0));
    const told = answered.body as { account?: string; sheets?: Sheet[] } | null;
    const marks = told?.account === this.#page.account ? dated(lacking(this.#page.sheets, told?.sheets ?? []), copies) : [];
    await this.#store.keepLoss({ marks, acknowledged, again: copies.filter((one) => one.seq < next && one.seq >= next - acknowledged).length });
  }

  /** Settle what was answered. False when nothing of it was: the server expects another number, and another round has to begin. */
  async #take(chosen: Operation[], sender: Sender, reply: Reply): Promise<boolean> {
    const settled: Settled[] = [];
    for (const operation of chosen) {
      const answer = reply.answers.find((one) => one.op_id === operation.op_id);
      const what = verdict(operation, reply.answers);
      if (answer && (what === "done" || what === "attention")) settled.push({ operation, answer, needsAttention: what === "attention" });
    }
    if (settled.length > 0) {
      await this.#told.answered(settled, reply);
      await this.#store.settle(settled, sender.device, reply);
      await this.#told.settled();
      return true;
    }
    this.#joined = false;
    this.#later();
    return false;
  }

  // --- whose name the operations carry --------------------------------------------------------------

  /** The sender, known to the server. It is asked once after every start, and again when it has lost what it once acknowledged. */
  async #join(): Promise<Sender | null> {
    const known = await this.#store.sender();
    if (known && this.#joined) return known;
    const pair = known?.pair ?? (await this.#store.pair());
    const answered = await this.#register(pair, known);
    const joined = answered.body as Joined | null;
    if (typeof joined?.device !== "string") {
      const code = problem(answered.status, answered.isJson, answered.code);
      if (code === "another" && (await this.#who()) === "same") return await this.#beginAnew();
      await this.#fail(answered);
      return null;
    }
    if (joined.device !== known?.device) await this.#store.begin(joined.device, joined.bound ? pair : null);
    else if (joined.bound && !known.pair) await this.#store.bind(joined.device, pair);
    if (known?.device === joined.device) await this.#noteLoss(joined);
    this.#joined = true;
    this.#told.joined(joined);
    this.#sayBeside(joined.beside ?? []);
    if (joined.device !== known?.device) await this.#told.changed();
    return (await this.#catchUp(joined.last_sequence)) ? await this.#store.sender() : await this.#beginAnew();
  }

  async #register(pair: CryptoKeyPair | null, known: Sender | null): Promise<Answered> {
    const label = `${platform()} ${uuid().slice(0, 4)}`;
    const first = [...(await this.#store.copies()), ...(await this.#store.queue())][0];
    const before = known ? { device: known.device, after: (first?.seq ?? (await this.#store.next())) - 1 } : {};
    const key = pair ? { public_key: await publicHalf(pair) } : {};
    const leave = await this.#store.left();
    const left = leave ? { left: { supervisor: leave.supervisor, reason: leave.reason, left_at: leave.at } } : {};
    return await this.#post(this.#page.addresses.devices, encoded({ label, build: BUILD, ...key, ...before, ...left }));
  }

  /** Put back into the queue what the server has forgotten. False when the second copies do not reach back far enough. */
  async #catchUp(last: number): Promise<boolean> {
    const next = (await this.#store.queue())[0]?.seq ?? (await this.#store.next());
    const { operations, isWhole } = missing(await this.#store.copies(), last, next);
    if (!isWhole) return false;
    if (operations.length > 0) {
      await this.#store.offerAgain(operations);
      await this.#told.changed();
    }
    return true;
  }

  // Under a new number, with the second copies first: what the server still has of them is not taken twice.
  async #beginAnew(): Promise<Sender | null> {
    const former = await this.#store.sender();
    if (former) this.#former.add(former.device);
    const copies = await this.#store.copies();
    const pair = await this.#store.pair();
    const answered = await this.#register(pair, null);
    const joined = answered.body as Joined | null;
    if (typeof joined?.device !== "string") {
      await this.#fail(answered);
      return null;
    }
    await this.#store.begin(joined.device, joined.bound ? pair : null, copies);
    this.#joined = true;
    this.#told.joined(joined);
    this.#sayBeside(joined.beside ?? []);
    await this.#told.changed();
    return await this.#store.sender();
  }

  #sayBeside(beside: Beside[]): void {
    this.#told.beside(beside.filter((one) => !this.#former.has(one.device)).map((one) => one.label));
  }

  // --- when it did not work -------------------------------------------------------------------------

  async #fail(answered: Answered): Promise<void> {
    let what: Problem | null = problem(answered.status, answered.isJson, answered.code);
    if (what === "sign_in" || what === "another" || what === "refused") {
      const before = this.#token;
      const who = await this.#who();
      if (who === "nobody") what = "sign_in";
      else if (who === "other") what = "another";
      else if (who === "barred") what = "barred";
      else if (who === "unknown") what = "offline";
      else if (what === "another") [what, this.#joined] = [null, false];
      else if (this.#token !== before) what = null;
    }
    if (what === "revoked") await this.surrender(this.#store);
    if (what) this.#told.problem(what);
    this.#later();
  }

  /** Who is signed in here now. Whoever signed in again has a new token against forgery, which is taken over. */
  async #who(): Promise<Who> {
    const answered = await ask(this.#page.addresses.data, { cache: "no-store" }, patience(0));
    if (answered.status === 401) return "nobody";
    const body = answered.body as { account?: string; csrf_token?: string } | null;
    if (typeof body?.account !== "string") return answered.isJson && [403, 404].includes(answered.status) ? "barred" : "unknown";
    if (body.account !== this.#page.account) return "other";
    if (typeof body.csrf_token === "string") this.#token = body.csrf_token;
    return "same";
  }

  /** The token against forgery of a session that has just begun. */
  async renew(): Promise<Who> {
    const who = await this.#who();
    if (who === "same") this.now();
    return who;
  }

  /**
   * Hand to the chief judge what this device may not send any more: signed with the key of the device that made it, it is kept for them and
   * counts nowhere. False when the server does not take it (yet): it stays here.
   */
  async surrender(store: Store): Promise<boolean> {
    const address = this.#page.addresses.quarantine;
    const sender = await store.sender();
    if (!address || !sender?.pair) return false;
    for (;;) {
      const chosen = batch(await store.queue());
      if (chosen.length === 0) return true;
      const answered = await this.#send(address, sender, chosen);
      if (!isReply(answered.body, sender.device)) return false;
      if (store === this.#store) {
        if (!(await this.#take(chosen, sender, answered.body))) return false;
        continue;
      }
      const reply = answered.body;
      const settled = chosen.flatMap((operation) => {
        const answer = reply.answers.find((one) => one.op_id === operation.op_id);
        return answer ? [{ operation, answer, needsAttention: true }] : [];
      });
      if (settled.length === 0) return false;
      await store.settle(settled, sender.device, reply);
    }
  }

  // --- asking ---------------------------------------------------------------------------------------

  async #post(address: string, body: Uint8Array<ArrayBuffer>, more: Record<string, string> = {}): Promise<Answered> {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.#token, ...more };
    return await ask(address, { method: "POST", headers, body }, patience(this.#failures));
  }

  /** Say that this device is there, and learn how far the server has come. */
  async present(battery: number | null): Promise<void> {
    const sender = await this.#store.sender();
    if (!sender || !this.#joined || !this.#page.addresses.presence) return;
    const queue = await this.#store.queue();
    const body = encoded({ queue: queue.length, battery, build: BUILD });
    const answered = await this.#post(this.#page.addresses.presence.replace("{device}", sender.device), body);
    const { last_sequence: last, beside } = (answered.body ?? {}) as { last_sequence?: unknown; beside?: Beside[] };
    if (Array.isArray(beside)) this.#sayBeside(beside);
    if (typeof last !== "number") {
      const what = problem(answered.status, answered.isJson, answered.code);
      if (what === "revoked" || what === "sign_in" || what === "another") await this.#fail(answered);
      return;
    }
    const next = queue[0]?.seq ?? (await this.#store.next());
    if (last < next - 1 && !this.#busy) this.lookBack();
  }

  /** End the session here. Without a network it goes on until the next start, which ends it first. */
  async signOut(address: string): Promise<boolean> {
    return await signOut(address, this.#token);
  }

  /** Send something that is no operation (a note, a photo, a request), with this session's token. */
  async post(address: string, thing: object): Promise<Answered> {
    return await this.#post(address, encoded(thing));
  }

  /** A sheet as the server has it, or null. */
  async sheet(id: string): Promise<Sheet | null> {
    const answered = await ask(this.#page.addresses.state.replace("{sheet}", id), { cache: "no-store" }, patience(0));
    const body = answered.body as { sheet?: Sheet; csrf_token?: string } | null;
    if (typeof body?.csrf_token === "string") this.#token = body.csrf_token;
    return body?.sheet?.id === id ? body.sheet : null;
  }
}

/** Whose session it is: this judge's, another's, nobody's, or that of somebody who has nothing to mark here (any more). */
export type Who = "same" | "other" | "nobody" | "barred" | "unknown";

export interface Answered {
  status: number;
  isJson: boolean;
  code: string;
  body: unknown;
}

/** Ask the server. Nothing is followed elsewhere, and what is not its JSON has no body. */
export async function ask(address: string, options: RequestInit, seconds: number): Promise<Answered> {
  try {
    const signal = AbortSignal.timeout?.(seconds * 1000) ?? null;
    const response = await fetch(address, { ...options, redirect: "manual", signal });
    if (response.type === "opaqueredirect") return { status: 302, isJson: false, code: "", body: null };
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json") ?? false;
    if (!isJson) return { status: response.status, isJson, code: "", body: null };
    const body = (await response.json()) as { code?: unknown } | null;
    const code = typeof body?.code === "string" ? body.code : "";
    return { status: response.status, isJson: true, code, body: response.ok ? body : null };
  } catch {
    return { status: 599, isJson: false, code: "", body: null };
  }
}

export async function signOut(address: string, token: string): Promise<boolean> {
  const answered = await ask(address, { method: "POST", body: new URLSearchParams({ csrf_token: token }) }, patience(0));
  return answered.status === 302;
}

const encoded = (thing: object): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(thing));

function platform(): string {
  const found = /iPad|iPhone|Android|Windows|Macintosh|Linux/.exec(navigator.userAgent);
  return found ? found[0] : "Tablet";
}
