// The browser's own database on this device: what is kept where, how an older one is carried over, and how a connection that the system
// has closed is opened again.
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { newSealingKey, type Sealed, Sealer } from "./sealing.ts";
import type { Answer, Attention, Operation, Unnumbered } from "./types.ts";

export const NAME = "skillsladder-scoring";
const VERSION = 2;

/** A row that belongs to one scope (event and account). Outside the seal stands only what is needed to find and order it. */
interface Row {
  op_id: string;
  scope: string;
  seq: number;
  kept_at: number;
  sealed: Sealed;
}

export interface Scope {
  scope: string;
  device: string | null;
  next: number;
  bound?: boolean;
  left?: Leave;
}

/** Who let a judge leave the tablet although something was not sent, and why. */
export interface Leave {
  supervisor: string;
  reason: string;
  at: string;
}

export interface Copy {
  operation: Operation;
  answer: Answer;
  server_time: string;
  receipt: string;
}

export interface Schema extends DBSchema {
  keys: { key: string; value: CryptoKey | CryptoKeyPair };
  scopes: { key: string; value: Scope };
  operations: { key: string; value: Row; indexes: { scope: string } };
  attentions: { key: string; value: Row; indexes: { scope: string } };
  recent: { key: string; value: Row & { device: string }; indexes: { age: [string, number] } };
  typing: { key: string; value: Sealed };
  desks: { key: string; value: { scope: string; event: string; used_at: number; sealed: Sealed }; indexes: { event: string } };
  photos: { key: string; value: { id: string; scope: string; kept_at: number; about: Sealed; bytes: Sealed }; indexes: { scope: string } };
  // As version 1 kept them, in the open. They are carried over once and stay empty.
  queue: { key: string; value: { scope: string; operation: Operation } };
  attention: { key: string; value: { scope: string; attention: Attention } };
  copies: { key: number; value: Copy & { scope: string } };
  drafts: { key: string; value: unknown };
}

type Connection = IDBPDatabase<Schema>;

export class Database {
  #connection: Connection | null;
  #sealer: Sealer = new Sealer(null);

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Open it, with the key that seals its rows; what an older build left in the open is sealed first. */
  static async open(): Promise<Database> {
    const database = new Database(await connect(() => database.#forget()));
    database.#sealer = new Sealer(await database.#key());
    await database.#carryOver();
    return database;
  }

  get sealer(): Sealer {
    return this.#sealer;
  }

  /** Work on the database. A connection that the system has closed (iPads do, short of memory) is opened again, once. */
  async use<Result>(work: (db: Connection) => Promise<Result>): Promise<Result> {
    try {
      return await work(await this.#open());
    } catch (error) {
      if (!isClosed(error)) throw error;
      this.#forget();
      return await work(await this.#open());
    }
  }

  #forget(): void {
    this.#connection?.close();
    this.#connection = null;
  }

  async #open(): Promise<Connection> {
    this.#connection ??= await connect(() => this.#forget());
    return this.#connection;
  }

  // Two tabs may both make a key: the first that is written down is the one.
  async #key(): Promise<CryptoKey | null> {
    const fresh = await newSealingKey();
    if (!fresh) return null;
    try {
      return await this.use(async (db) => {
        const tx = db.transaction("keys", "readwrite", { durability: "strict" });
        const known = (await tx.store.get("sealing")) as CryptoKey | undefined;
        if (!known) await tx.store.put(fresh, "sealing");
        await tx.done;
        return known ?? fresh;
      });
    } catch (error) {
      console.warn("this browser keeps no keys", error);
      return null;
    }
  }

  // Sealing takes longer than a transaction lasts: everything is sealed first, then moved in one transaction.
  async #carryOver(): Promise<void> {
    await this.use(async (db) => {
      if (!db.objectStoreNames.contains("queue")) return;
      const [queued, attentions] = await Promise.all([db.getAll("queue"), db.getAll("attention")]);
      const rows = await Promise.all(queued.map(({ scope, operation }) => this.row("operation", scope, operation, operation)));
      const others = await Promise.all(attentions.map(({ scope, attention }) => this.row("attention", scope, attention.operation, attention)));
      const tx = db.transaction(["queue", "attention", "copies", "drafts", "operations", "attentions"], "readwrite", { durability: "strict" });
      const [old, oldAttention] = [tx.objectStore("queue"), tx.objectStore("attention")];
      for (const row of rows) {
        if ((await old.getKey(row.op_id)) === undefined) continue;
        await tx.objectStore("operations").put(row);
        await old.delete(row.op_id);
      }
      for (const row of others) {
        if ((await oldAttention.getKey(row.op_id)) === undefined) continue;
        await tx.objectStore("attentions").put(row);
        await oldAttention.delete(row.op_id);
      }
      await tx.objectStore("copies").clear();
      await tx.objectStore("drafts").clear();
      await tx.done;
    });
  }

  /** A sealed row for what belongs to an operation. */
  async row(kind: string, scope: string, operation: Unnumbered & { seq?: number }, thing: unknown): Promise<Row> {
    const { op_id, seq = 0 } = operation;
    return { op_id, scope, seq, kept_at: Date.now(), sealed: await this.#sealer.seal(`${kind} ${op_id}`, thing) };
  }

  /** What rows hold. One that does not open (its key is gone) is left out; it cannot be read by anybody. */
  async things<Thing>(kind: string, rows: Row[]): Promise<(readonly [Row, Thing])[]> {
    const opened = await Promise.all(
      rows.map(async (row) => {
        try {
          return [row, await this.#sealer.open<Thing>(`${kind} ${row.op_id}`, row.sealed)] as const;
        } catch (error) {
          console.error("a row on this device does not open", error);
          return null;
        }
      }),
    );
    return opened.filter((one) => one !== null);
  }
}

async function connect(closed: () => void): Promise<Connection> {
  return await openDB<Schema>(NAME, VERSION, {
    upgrade(db) {
      db.createObjectStore("keys");
      if (!db.objectStoreNames.contains("scopes")) db.createObjectStore("scopes", { keyPath: "scope" });
      db.createObjectStore("operations", { keyPath: "op_id" }).createIndex("scope", "scope");
      db.createObjectStore("attentions", { keyPath: "op_id" }).createIndex("scope", "scope");
      db.createObjectStore("recent", { keyPath: "op_id" }).createIndex("age", ["scope", "kept_at"]);
      db.createObjectStore("typing");
      db.createObjectStore("desks", { keyPath: "scope" }).createIndex("event", "event");
      db.createObjectStore("photos", { keyPath: "id" }).createIndex("scope", "scope");
    },
    blocking: closed,
    terminated: closed,
  });
}

const CLOSED = ["InvalidStateError", "AbortError", "UnknownError", "TransactionInactiveError"];

const isClosed = (error: unknown): boolean => error instanceof DOMException && CLOSED.includes(error.name);
