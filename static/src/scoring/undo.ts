// What the judge did, step by step, so that it can be taken back and done again. An undo changes nothing that was sent: it is a new operation.
import type { Mark, MarkState } from "./types.ts";

const MOST_STEPS = 200;

/** What stands in a cell: a value with its reason, a state, or nothing. */
export interface Standing {
  value: string | null;
  state: MarkState;
  reason: string;
}

/** One change of one cell. */
export interface Step {
  sheet: string;
  aspect: string;
  kind: string;
  before: Standing;
  after: Standing;
}

const BLANK: Standing = { value: null, state: "blank", reason: "" };

/** What a cell holds, as a step keeps it. */
export function standing(mark: Mark | undefined): Standing {
  return mark ? { value: mark.value, state: mark.state, reason: mark.reason } : BLANK;
}

/** Whether a cell still holds what a step left there: if not, somebody else changed it, and taking back would hide that. */
export function stands(now: Standing, then: Standing): boolean {
  return now.state === then.state && now.value === then.value;
}

/** What was done and what was taken back, as it is kept on the device. */
export interface Steps {
  done: Step[];
  undone: Step[];
}

export class Trail {
  #done: Step[] = [];
  #undone: Step[] = [];

  /** Go on where the judge was before the page was closed. */
  resume({ done, undone }: Steps): void {
    this.#done = done.slice(-MOST_STEPS);
    this.#undone = undone.slice(-MOST_STEPS);
  }

  get steps(): Steps {
    return { done: this.#done, undone: this.#undone };
  }

  /** Something new was done: what was taken back before cannot be done again. */
  record(step: Step): void {
    if (stands(step.before, step.after)) return;
    this.#done = [...this.#done, step].slice(-MOST_STEPS);
    this.#undone = [];
  }

  get last(): Step | undefined {
    return this.#done.at(-1);
  }

  get next(): Step | undefined {
    return this.#undone.at(-1);
  }

  /** The last step is taken back. */
  back(): void {
    const step = this.#done.pop();
    if (step) this.#undone.push(step);
  }

  /** The step that was taken back last is done again. */
  again(): void {
    const step = this.#undone.pop();
    if (step) this.#done.push(step);
  }

  /** The last step (or the one to do again) can no longer be retraced. */
  drop(which: "last" | "next"): void {
    (which === "last" ? this.#done : this.#undone).pop();
  }
}
