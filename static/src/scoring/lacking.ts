// What this tablet was told is recorded and the server does not have: it was put back to an older state. Versions of a cell only grow, so
// a sheet on which one has become smaller is an older sheet.
import type { MarkState, Operation, Sheet } from "./types.ts";

/** A mark that the server had acknowledged, as a sheet of this tablet has it. `device_time` is "" where no copy says when it was made. */
export interface Lacking {
  sheet: string;
  aspect: string;
  kind: string;
  value: string | null;
  state: MarkState;
  version: number;
  device_time: string;
}

/** What is kept until it was told: the marks, and how many entries were acknowledged and are gone, and could be sent again. */
export interface Loss {
  marks: Lacking[];
  acknowledged: number;
  again: number;
}

export const NO_LOSS: Loss = { marks: [], acknowledged: 0, again: 0 };
export const MOST_TOLD = 200;

/** The marks of `kept` that stand on the same sheets of `told` with a smaller version or not at all. A sheet that is not told of is another's now. */
export function lacking(kept: readonly Sheet[], told: readonly Sheet[]): Lacking[] {
  const found: Lacking[] = [];
  for (const sheet of kept) {
    const now = told.find((one) => one.id === sheet.id);
    if (!now) continue;
    const versions = new Map(now.marks.map((mark) => [cellOf(mark), mark.version]));
    for (const mark of sheet.marks) {
      if (mark.version <= (versions.get(cellOf(mark)) ?? 0)) continue;
      const { aspect, kind, value, state, version } = mark;
      found.push({ sheet: sheet.id, aspect, kind, value, state, version, device_time: "" });
    }
  }
  return found;
}

/** Both together: of one cell the mark with the larger version, of the counts the larger one, for they may speak of the same entries. */
export function together(one: Loss, other: Loss): Loss {
  const marks = new Map<string, Lacking>();
  for (const mark of [...one.marks, ...other.marks]) {
    const name = `${mark.sheet} ${cellOf(mark)}`;
    const before = marks.get(name);
    if (!before || before.version <= mark.version) marks.set(name, mark);
  }
  return { marks: [...marks.values()], acknowledged: Math.max(one.acknowledged, other.acknowledged), again: Math.max(one.again, other.again) };
}

/** The same marks with the moments at which they were made, as far as operations that are still here say so. */
export function dated(marks: readonly Lacking[], operations: readonly Operation[]): Lacking[] {
  return marks.map((mark) => {
    const made = [...operations].reverse().find((one) => one.sheet === mark.sheet && cellOf(one) === cellOf(mark) && one.state === mark.state && one.value === mark.value);
    return made ? { ...mark, device_time: made.device_time } : mark;
  });
}

export const isEmpty = (loss: Loss): boolean => loss.marks.length === 0 && loss.acknowledged <= loss.again;

const cellOf = (mark: { aspect: string; kind: string }): string => `${mark.aspect} ${mark.kind}`;
