// What this device keeps until the server has acknowledged it: the queue, what needs attention, the last receipts, the draft.
// Everything belongs to one scope (event and account): whoever signs in next neither sees nor sends it.
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Answer, Attention, Operation, Reply } from "./types.ts";

const NAME = "skillsladder-scoring";
const COPIES = 200;

export interface Draft {
  sheet: string;
  item: string;
  text: string;
}

interface Schema extends DBSchema {
  scopes: { key: string; value: { scope: string; device: string | null; next: number } };
  queue: { key: string; value: { scope: string; operation: Operation }; indexes: { scope: string } };
  attention: { key: string; value: { scope: string; attention: Attention }; indexes: { scope: string } };
  copies: { key: number; value: { scope: string; operation: Operation; answer: Answer; server_time: string; receipt: string } };
  drafts: { key: string; value: Draft };
}

export class Store {
  readonly #db: IDBPDatabase<Schema>;
  readonly #scope: string;

  private constructor(db: IDBPDatabase<Schema>, scope: string) {
    this.#db = db;
    this.#scope = scope;
  }

  static async open(scope: string): Promise<Store> {
    const db = await openDB<Schema>(NAME, 1, {
      upgrade(fresh) {
        fresh.createObjectStore("scopes", { keyPath: "scope" });
        fresh.createObjectStore("queue", { keyPath: "operation.op_id" }).createIndex("scope", "scope");
        fresh.createObjectStore("attention", { keyPath: "attention.op_id" }).createIndex("scope", "scope");
        fresh.createObjectStore("copies", { autoIncrement: true });
        fresh.createObjectStore("drafts");
      },
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    return new Store(db, scope);
  }

  /** Keep a new operation under the next running number of this device; durable when this resolves. */
  async add(made: Omit<Operation, "seq">): Promise<Operation> {
    const tx = this.#db.transaction(["scopes", "queue"], "readwrite", { durability: "strict" });
    const scope = (await tx.objectStore("scopes").get(this.#scope)) ?? { scope: this.#scope, device: null, next: 1 };
    const operation = { ...made, seq: scope.next };
    await tx.objectStore("queue").put({ scope: this.#scope, operation });
    await tx.objectStore("scopes").put({ ...scope, next: scope.next + 1 });
    await tx.done;
    return operation;
  }

  async queue(): Promise<Operation[]> {
    const rows = await this.#db.getAllFromIndex("queue", "scope", this.#scope);
    return rows.map((row) => row.operation).sort((a, b) => a.seq - b.seq);
  }

  async attention(): Promise<Attention[]> {
    const rows = await this.#db.getAllFromIndex("attention", "scope", this.#scope);
    return rows.map((row) => row.attention).sort((a, b) => a.operation.seq - b.operation.seq);
  }

  /** The server has answered an operation: it leaves the queue, and stays in view when it needs attention. */
  async settle(operation: Operation, answer: Answer, reply: Reply, needsAttention: boolean): Promise<void> {
    const tx = this.#db.transaction(["queue", "attention", "copies"], "readwrite", { durability: "strict" });
    await tx.objectStore("queue").delete(operation.op_id);
    const { server_time, receipt } = reply;
    const copies = tx.objectStore("copies");
    const newest = await copies.put({ scope: this.#scope, operation, answer, server_time, receipt });
    await copies.delete(IDBKeyRange.upperBound(newest - COPIES));
    if (needsAttention) {
      const attention = { op_id: operation.op_id, operation, answer };
      await tx.objectStore("attention").put({ scope: this.#scope, attention });
    }
    await tx.done;
  }

  async forget(attention: Attention): Promise<void> {
    await this.#db.delete("attention", attention.op_id);
  }

  async device(): Promise<string | null> {
    return (await this.#db.get("scopes", this.#scope))?.device ?? null;
  }

  /** Begin under a new device id: what waits is numbered from 1. Only while nothing is in flight. */
  async begin(device: string): Promise<void> {
    const tx = this.#db.transaction(["scopes", "queue"], "readwrite", { durability: "strict" });
    const rows = await tx.objectStore("queue").index("scope").getAll(this.#scope);
    rows.sort((a, b) => a.operation.seq - b.operation.seq);
    for (const [index, row] of rows.entries()) {
      await tx.objectStore("queue").put({ ...row, operation: { ...row.operation, seq: index + 1 } });
    }
    await tx.objectStore("scopes").put({ scope: this.#scope, device, next: rows.length + 1 });
    await tx.done;
  }

  async draft(): Promise<Draft | null> {
    return (await this.#db.get("drafts", this.#scope)) ?? null;
  }

  async keepDraft(draft: Draft): Promise<void> {
    await this.#db.put("drafts", draft, this.#scope);
  }
}

