// The rules of the outbox, without a browser: what goes into a batch, what an answer means, how long to wait.
import type { Answer, Operation, Reply } from "./types.ts";

export const MOST_OPERATIONS = 50;
export const MOST_BYTES = 60 * 1024;
const LONGEST_WAIT = 300;
const PATIENCE = [30, 60, 120];

/** The next operations to send, in order: at most 50 (fewer after the server found a batch too large) and at most 60 KiB of them. */
export function batch(queue: readonly Operation[], most = MOST_OPERATIONS): Operation[] {
  const chosen: Operation[] = [];
  let size = 0;
  for (const operation of [...queue].sort((a, b) => a.seq - b.seq)) {
    size += new TextEncoder().encode(JSON.stringify(operation)).length + 1;
    if (chosen.length === most || (size > MOST_BYTES && chosen.length > 0)) break;
    chosen.push(operation);
  }
  return chosen;
}

/** Seconds to wait after so many failures in a row: 1, 2, 4 … 300, give or take half. `chance` is from 0 to 1. */
export function wait(failures: number, chance: number): number {
  return Math.min(2 ** Math.max(0, failures - 1), LONGEST_WAIT) * (0.5 + chance);
}

/** Seconds after which an answer is not waited for any longer: more patience with a server that was too slow before. */
export function patience(failures: number): number {
  return PATIENCE[Math.min(failures, PATIENCE.length - 1)] ?? 30;
}

export type Verdict = "done" | "attention" | "keep" | "gap";

/** What becomes of a queued operation. It leaves the queue only on an answer that carries its own id; after a gap it is sent again. */
export function verdict(operation: Operation, answers: readonly Answer[]): Verdict {
  const answer = answers.find((one) => one.op_id === operation.op_id);
  if (!answer) return "keep";
  if (answer.answer === "rejected" && answer.reason === "gap") return "gap";
  return answer.outcome === "applied" ? "done" : "attention";
}

/**
 * What to offer a server that knows less than this device was told (it was restored from an older backup): every acknowledged operation
 * after the last it knows. `isWhole` says whether they join up with what it knows; if not, this device must begin under a new number.
 */
export function missing(copies: readonly Operation[], last: number, next: number): { operations: Operation[]; isWhole: boolean } {
  if (last >= next - 1) return { operations: [], isWhole: true };
  const operations = copies.filter((one) => one.seq > last && one.seq < next).sort((a, b) => a.seq - b.seq);
  return { operations, isWhole: operations.length === next - last - 1 };
}

export type Problem = "offline" | "portal" | "sign_in" | "refused" | "revoked" | "another" | "barred" | "too_large";

/** Whether this is the server's answer to a batch, and not a portal's page, a proxy's error or half an answer. */
export function isReply(body: unknown, device: string): body is Reply {
  if (typeof body !== "object" || body === null) return false;
  const reply = body as Partial<Reply>;
  return (
    reply.device === device &&
    typeof reply.receipt === "string" &&
    /^[0-9a-f]{64}$/.test(reply.receipt) &&
    typeof reply.server_time === "string" &&
    Array.isArray(reply.answers) &&
    reply.answers.every((answer) => typeof answer?.op_id === "string" && typeof answer.outcome === "string")
  );
}

/** What an answer that is no receipt means for the person. `code` is what the server's own refusals carry. */
export function problem(status: number, isJson: boolean, code = ""): Problem {
  if (status === 401) return "sign_in";
  if (status === 413) return "too_large";
  if ((status >= 200 && status < 400) || status === 511 || (status === 0 && !isJson)) return "portal";
  if (isJson && code === "device-revoked") return "revoked";
  if (isJson && code === "not-your-device") return "another";
  if (isJson && (status === 400 || status === 403 || status === 404)) return "refused";
  return "offline";
}
