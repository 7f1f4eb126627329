// What this device keeps for one scope (event and account) until the server has acknowledged it, all of it sealed: the queue, what needs
// attention, a second copy of the last operations, what is being typed, the sheets, photos. Whoever signs in next neither sees nor sends it.
import type { IDBPTransaction } from "idb";
import { uuid } from "./book.ts";
import { type Copy, Database, type Leave, type Schema, type Scope } from "./database.ts";
import { newPair } from "./keys.ts";
import { alone } from "./tabs.ts";
import { noteWaiting } from "./unsent.ts";
import type { Answer, Attention, Operation, Page, Reply, Unnumbered } from "./types.ts";
import type { Steps } from "./undo.ts";

const COPIES = 200;
const COPIES_LAST = 7 * 24 * 3600 * 1000;

export interface Draft {
  sheet: string;
  item: string;
  text: string;
}

/** What the server said about an operation, and whether the judge has to look at it. */
export interface Settled {
  operation: Operation;
  answer: Answer;
  needsAttention: boolean;
}

/** Whose name the operations carry: the id the server gave (or will take over), and the pair that signs, if the browser has one. */
export interface Sender {
  device: string;
  pair: CryptoKeyPair | null;
}

/** Operations that another judge of this device has not sent yet. */
export interface Held {
  scope: string;
  count: number;
  left: Leave | null;
}

/** A photo that waits for the network. `about` is whatever the server must be told with it. */
export interface KeptPhoto<About> {
  id: string;
  about: About;
  image: Blob;
}

export class Store {
  readonly #database: Database;
  readonly #scope: string;

  constructor(database: Database, scope: string) {
    this.#database = database;
    this.#scope = scope;
  }

  static async open(scope: string): Promise<Store> {
    return new Store(await Database.open(), scope);
  }

  // --- the queue ------------------------------------------------------------------------------------

  /** Keep a new operation under the next running number of this device; durable when this resolves. */
  async add(made: Unnumbered): Promise<Operation> {
    const row = await this.#database.row("operation", this.#scope, made, made);
    const seq = await this.#database.use(async (db) => {
      const tx = db.transaction(["scopes", "operations"], "readwrite", { durability: "strict" });
      const scope = (await tx.objectStore("scopes").get(this.#scope)) ?? this.#fresh();
      await tx.objectStore("operations").put({ ...row, seq: scope.next });
      await tx.objectStore("scopes").put({ ...scope, next: scope.next + 1 });
      await tx.done;
      return scope.next;
    });
    noteWaiting(this.#scope, await this.#waiting());
    return { ...made, seq };
  }

  #fresh(): Scope {
    return { scope: this.#scope, device: null, next: 1 };
  }

  async queue(): Promise<Operation[]> {
    const rows = await this.#database.use((db) => db.getAllFromIndex("operations", "scope", this.#scope));
    const opened = await this.#database.things<Operation>("operation", rows);
    return opened.map(([row, operation]) => ({ ...operation, seq: row.seq })).sort((a, b) => a.seq - b.seq);
  }

  /** When the oldest operation that waits was made, or null. */
  async waitingSince(): Promise<number | null> {
    const rows = await this.#database.use((db) => db.getAllFromIndex("operations", "scope", this.#scope));
    return rows.length === 0 ? null : Math.min(...rows.map((row) => row.kept_at));
  }

  async #waiting(): Promise<number> {
    return await this.#database.use((db) => db.countFromIndex("operations", "scope", this.#scope));
  }

  async attention(): Promise<Attention[]> {
    const rows = await this.#database.use((db) => db.getAllFromIndex("attentions", "scope", this.#scope));
    const opened = await this.#database.things<Attention>("attention", rows);
    return opened.map(([, attention]) => attention).sort((a, b) => a.operation.seq - b.operation.seq);
  }

  /** The server has answered: the operations leave the queue, keep a second copy, and stay in view when they need attention. */
  async settle(settled: Settled[], device: string, reply: Reply): Promise<void> {
    const { server_time, receipt } = reply;
    const rows = await Promise.all(
      settled.map(async ({ operation, answer, needsAttention }) => {
        const copy: Copy = { operation, answer, server_time, receipt };
        const attention: Attention = { op_id: operation.op_id, operation, answer };
        return {
          copy: await this.#database.row("copy", this.#scope, operation, copy),
          attention: needsAttention ? await this.#database.row("attention", this.#scope, operation, attention) : null,
        };
      }),
    );
    await this.#database.use(async (db) => {
      const tx = db.transaction(["operations", "attentions", "recent"], "readwrite", { durability: "strict" });
      for (const [index, { copy, attention }] of rows.entries()) {
        await tx.objectStore("operations").delete(copy.op_id);
        await tx.objectStore("recent").put({ ...copy, device, kept_at: copy.kept_at + index / 1000 });
        if (attention) await tx.objectStore("attentions").put(attention);
      }
      await this.#forgetOld(tx.objectStore("recent").index("age"), tx);
      await tx.done;
    });
    noteWaiting(this.#scope, await this.#waiting());
  }

  async #forgetOld(
    age: { getAllKeys(range: IDBKeyRange): Promise<string[]> },
    tx: IDBPTransaction<Schema, ("operations" | "attentions" | "recent")[], "readwrite">,
  ): Promise<void> {
    const all = await age.getAllKeys(IDBKeyRange.bound([this.#scope], [this.#scope, []]));
    const old = await age.getAllKeys(IDBKeyRange.bound([this.#scope], [this.#scope, Date.now() - COPIES_LAST]));
    for (const key of new Set([...old, ...all.slice(0, Math.max(0, all.length - COPIES))])) await tx.objectStore("recent").delete(key);
  }

  async forget(attention: Attention): Promise<void> {
    await this.#database.use((db) => db.delete("attentions", attention.op_id));
  }

  // --- the device -----------------------------------------------------------------------------------

  async sender(): Promise<Sender | null> {
    return await this.#database.use(async (db) => {
      const scope = await db.get("scopes", this.#scope);
      if (!scope?.device) return null;
      const pair = scope.bound ? ((await db.get("keys", `device ${scope.device}`)) as CryptoKeyPair | undefined) : undefined;
      return { device: scope.device, pair: pair ?? null };
    });
  }

  /** Do the work while no other tab of this browser sends what waits here, or changes whose name it carries. */
  async inFlight<T>(work: () => Promise<T>): Promise<T> {
    return await alone(`scoring:${this.#scope}`, work);
  }

  /** The sender; a device that the server has not met gives itself the number under which it will be registered. */
  async named(): Promise<Sender> {
    const known = await this.sender();
    return known ?? (await this.inFlight(async () => (await this.sender()) ?? (await this.begin(uuid(), await this.pair()))));
  }

  /** The running number that the next operation will have. */
  async next(): Promise<number> {
    return (await this.#database.use((db) => db.get("scopes", this.#scope)))?.next ?? 1;
  }

  /** The pair under which this device shall be registered, or null where the browser makes or keeps none. */
  async pair(): Promise<CryptoKeyPair | null> {
    const fresh = await newPair();
    if (!fresh) return null;
    try {
      return await this.#database.use(async (db) => {
        const name = `pair ${this.#scope}`;
        const tx = db.transaction("keys", "readwrite", { durability: "strict" });
        const known = (await tx.store.get(name)) as CryptoKeyPair | undefined;
        if (!known) await tx.store.put(fresh, name);
        await tx.done;
        return known ?? fresh;
      });
    } catch (error) {
      console.warn("this browser keeps no keys", error);
      return null;
    }
  }

  /** The server now knows the public half for the device that it knew already. */
  async bind(device: string, pair: CryptoKeyPair | null): Promise<void> {
    await this.#database.use(async (db) => {
      const tx = db.transaction(["scopes", "keys"], "readwrite", { durability: "strict" });
      const scope = await tx.objectStore("scopes").get(this.#scope);
      if (scope?.device === device && pair) {
        await tx.objectStore("keys").put(pair, `device ${device}`);
        await tx.objectStore("keys").delete(`pair ${this.#scope}`);
        await tx.objectStore("scopes").put({ ...scope, bound: true });
      }
      await tx.done;
    });
  }

  /** Begin under a new device id: what waits is numbered from 1, `before` first. Only while nothing is in flight. */
  async begin(device: string, pair: CryptoKeyPair | null, before: Operation[] = []): Promise<Sender> {
    const again = await Promise.all(before.map((operation) => this.#database.row("operation", this.#scope, operation, operation)));
    await this.#database.use(async (db) => {
      const tx = db.transaction(["scopes", "operations", "keys", "recent"], "readwrite", { durability: "strict" });
      const rows = await tx.objectStore("operations").index("scope").getAll(this.#scope);
      rows.sort((a, b) => a.seq - b.seq);
      const all = [...again, ...rows.filter((row) => !again.some((one) => one.op_id === row.op_id))];
      for (const [index, row] of all.entries()) await tx.objectStore("operations").put({ ...row, seq: index + 1 });
      for (const row of again) await tx.objectStore("recent").delete(row.op_id);
      if (pair) await tx.objectStore("keys").put(pair, `device ${device}`);
      await tx.objectStore("keys").delete(`pair ${this.#scope}`);
      const scope = (await tx.objectStore("scopes").get(this.#scope)) ?? this.#fresh();
      await tx.objectStore("scopes").put({ ...scope, device, next: all.length + 1, bound: pair !== null });
      await tx.done;
    });
    return { device, pair };
  }

  // --- the second copy ------------------------------------------------------------------------------

  /** Acknowledged operations that this device sent under its present id, oldest first. */
  async copies(): Promise<Operation[]> {
    const { rows, device } = await this.#database.use(async (db) => {
      const range = IDBKeyRange.bound([this.#scope], [this.#scope, []]);
      const scope = await db.get("scopes", this.#scope);
      return { rows: await db.getAllFromIndex("recent", "age", range), device: scope?.device };
    });
    const own = rows.filter((row) => row.device === device);
    const opened = await this.#database.things<Copy>("copy", own);
    return opened.map(([, copy]) => copy.operation).sort((a, b) => a.seq - b.seq);
  }

  /** The server has forgotten these (it was restored from an older backup): they wait again, under the numbers they had. */
  async offerAgain(operations: Operation[]): Promise<void> {
    const rows = await Promise.all(operations.map((operation) => this.#database.row("operation", this.#scope, operation, operation)));
    await this.#database.use(async (db) => {
      const tx = db.transaction(["operations", "recent"], "readwrite", { durability: "strict" });
      for (const row of rows) {
        await tx.objectStore("operations").put(row);
        await tx.objectStore("recent").delete(row.op_id);
      }
      await tx.done;
    });
    noteWaiting(this.#scope, await this.#waiting());
  }

  // --- what is on the screen ------------------------------------------------------------------------

  async draft(): Promise<Draft | null> {
    const sealed = await this.#database.use((db) => db.get("typing", this.#scope));
    return sealed ? await this.#database.sealer.open<Draft>(`draft ${this.#scope}`, sealed).catch(() => null) : null;
  }

  async keepDraft(draft: Draft): Promise<void> {
    const sealed = await this.#database.sealer.seal(`draft ${this.#scope}`, draft);
    await this.#database.use((db) => db.put("typing", sealed, this.#scope));
  }

  /** Keep what can be taken back and done again: a reload is no reason to lose it. */
  async keepSteps(steps: Steps): Promise<void> {
    const sealed = await this.#database.sealer.seal(`steps ${this.#scope}`, steps);
    await this.#database.use((db) => db.put("typing", sealed, `steps ${this.#scope}`));
  }

  async steps(): Promise<Steps | null> {
    const sealed = await this.#database.use((db) => db.get("typing", `steps ${this.#scope}`));
    return sealed ? await this.#database.sealer.open<Steps>(`steps ${this.#scope}`, sealed).catch(() => null) : null;
  }

  /** Keep the sheets as the server told them, for a start without a network. */
  async keepDesk(page: Page): Promise<void> {
    const sealed = await this.#database.sealer.seal(`desk ${this.#scope}`, page);
    await this.#database.use((db) => db.put("desks", { scope: this.#scope, event: page.event, used_at: Date.now(), sealed }));
  }

  // --- the login card -------------------------------------------------------------------------------

  /** Keep the token of the judge's login card: after a pause the PIN alone opens the session again. */
  async keepCard(token: string): Promise<void> {
    const sealed = await this.#database.sealer.seal(`card ${this.#scope}`, token);
    await this.#database.use((db) => db.put("typing", sealed, `card ${this.#scope}`));
  }

  async card(): Promise<string | null> {
    const sealed = await this.#database.use((db) => db.get("typing", `card ${this.#scope}`));
    return sealed ? await this.#database.sealer.open<string>(`card ${this.#scope}`, sealed).catch(() => null) : null;
  }

  // --- photos ---------------------------------------------------------------------------------------

  async keepPhoto<About>(photo: KeptPhoto<About>): Promise<void> {
    const { sealer } = this.#database;
    const about = await sealer.seal(`about ${photo.id}`, photo.about);
    const bytes = await sealer.sealBytes(`photo ${photo.id}`, new Uint8Array(await photo.image.arrayBuffer()));
    const row = { id: photo.id, scope: this.#scope, kept_at: Date.now(), about, bytes };
    await this.#database.use((db) => db.put("photos", row));
  }

  async photos<About>(): Promise<KeptPhoto<About>[]> {
    const rows = await this.#database.use((db) => db.getAllFromIndex("photos", "scope", this.#scope));
    const { sealer } = this.#database;
    return await Promise.all(
      rows
        .sort((a, b) => a.kept_at - b.kept_at)
        .map(async ({ id, about, bytes }) => ({
          id,
          about: await sealer.open<About>(`about ${id}`, about),
          image: new Blob([await sealer.openBytes(`photo ${id}`, bytes)], { type: "image/jpeg" }),
        })),
    );
  }

  async forgetPhoto(id: string): Promise<void> {
    await this.#database.use((db) => db.delete("photos", id));
  }

  // --- handing over ---------------------------------------------------------------------------------

  /** What other judges of this device have not sent. */
  async heldForOthers(): Promise<Held[]> {
    return await this.#database.use(async (db) => {
      const others = (await db.getAll("scopes")).filter(({ scope }) => scope !== this.#scope);
      const held = others.map(async ({ scope, left }) => ({ scope, count: await db.countFromIndex("operations", "scope", scope), left: left ?? null }));
      return (await Promise.all(held)).filter(({ count }) => count > 0);
    });
  }

  /** The same device as the judge of another scope sees it: to send or export what is held, never to show it. */
  of(scope: string): Store {
    return new Store(this.#database, scope);
  }

  /** The judge goes: the sheets and what was typed leave the device. What is not sent stays sealed until its judge is back. */
  async leave(left: Leave | null): Promise<void> {
    await this.#database.use(async (db) => {
      const tx = db.transaction(["typing", "desks", "scopes"], "readwrite", { durability: "strict" });
      await tx.objectStore("typing").delete(this.#scope);
      await tx.objectStore("typing").delete(`card ${this.#scope}`);
      await tx.objectStore("typing").delete(`steps ${this.#scope}`);
      await tx.objectStore("desks").delete(this.#scope);
      const scope = await tx.objectStore("scopes").get(this.#scope);
      if (scope && left) await tx.objectStore("scopes").put({ ...scope, left });
      await tx.done;
    });
    noteWaiting(this.#scope, await this.#waiting(), true);
  }

  /** Who let this judge go the last time with something unsent; the server keeps it once. */
  async left(): Promise<Leave | null> {
    return (await this.#database.use((db) => db.get("scopes", this.#scope)))?.left ?? null;
  }
}

/** The sheets of whoever used this event last on this device, for a start without a network; null when nobody did. */
export async function lastDesk(database: Database, event: string): Promise<Page | null> {
  const rows = await database.use((db) => db.getAllFromIndex("desks", "event", event));
  const [last] = rows.sort((a, b) => b.used_at - a.used_at);
  return last ? await database.sealer.open<Page>(`desk ${last.scope}`, last.sealed).catch(() => null) : null;
}
