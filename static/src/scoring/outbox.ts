// The rules of the outbox, without a browser: what goes into a batch, what an answer means, how long to wait.
import type { Answer, Operation, Reply } from "./types.ts";

export const MOST_OPERATIONS = 50;
export const MOST_BYTES = 60 * 1024;
const LONGEST_WAIT = 300;

/** The next operations to send, in order: at most 50 and at most 60 KiB of them. */
export function batch(queue: readonly Operation[]): Operation[] {
  const chosen: Operation[] = [];
  let size = 0;
  for (const operation of [...queue].sort((a, b) => a.seq - b.seq)) {
    size += new TextEncoder().encode(JSON.stringify(operation)).length + 1;
    if (chosen.length === MOST_OPERATIONS || size > MOST_BYTES) break;
    chosen.push(operation);
  }
  return chosen;
}

/** Seconds to wait after so many failures in a row: 1, 2, 4 … 300, give or take half. `chance` is from 0 to 1. */
export function wait(failures: number, chance: number): number {
  return Math.min(2 ** Math.max(0, failures - 1), LONGEST_WAIT) * (0.5 + chance);
}

export type Verdict = "done" | "attention" | "keep" | "renumber";

/**
 * What becomes of a queued operation. It leaves the queue only on an answer that carries its own id; a gap is sent again, and a gap
 * before the first operation of the queue means that the server does not know this device's past: it begins anew.
 */
export function verdict(operation: Operation, answers: readonly Answer[], isFirst: boolean): Verdict {
  const answer = answers.find((one) => one.op_id === operation.op_id);
  if (!answer) return "keep";
  if (answer.answer === "rejected" && answer.reason === "gap") return isFirst ? "renumber" : "keep";
  return answer.outcome === "applied" ? "done" : "attention";
}

export type Problem = "offline" | "portal" | "sign_in" | "refused";

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

/** What an answer that is no receipt means for the person. */
export function problem(status: number, isJson: boolean): Problem {
  if (status === 401) return "sign_in";
  if (!isJson && (status === 200 || status === 0 || (status >= 300 && status < 400))) return "portal";
  if (isJson && (status === 400 || status === 403 || status === 404)) return "refused";
  return "offline";
}
