// The judge's own order of the group, by the points given so far: a look from above that shows what is out of line.
import type { Book } from "./book.ts";
import { fill, h } from "../js/dom.ts";
import { rounded } from "./exact.ts";
import { total } from "./points.ts";
import type { Sheet } from "./types.ts";

interface Row {
  sheet: Sheet;
  points: bigint;
  place: number;
  done: number;
  needed: number;
}

/** The sheets of the group from the most points to the least; equal points share a place. */
export function ordered(book: Book, sheet: Sheet): Row[] {
  const rows = book.group(sheet).map((one) => ({
    sheet: one,
    points: total(book.items(one), (item) => book.marks(one, item)).points,
    place: 0,
    ...book.completeness(one),
  }));
  rows.sort((one, other) => (one.points > other.points ? -1 : one.points < other.points ? 1 : 0));
  return rows.map((row) => ({ ...row, place: 1 + rows.filter((other) => other.points > row.points).length }));
}

export function ordering(book: Book, sheet: Sheet, desk: { go(id: string): void }): Node {
  const say = (name: string, values: Record<string, string | number> = {}) => fill(book.page.texts[name] ?? name, values);
  return h(
    "div",
    { class: "ordering" },
    h("p", { class: "entry-hint" }, say("ordering_hint")),
    h(
      "ol",
      {},
      ...ordered(book, sheet).map((row) =>
        h(
          "li",
          {},
          h(
            "button",
            { type: "button", class: "tool", "aria-current": row.sheet.id === sheet.id ? "true" : undefined, "data-focus": `ordered-${row.sheet.id}`, "data-ordered": row.sheet.code, click: () => desk.go(row.sheet.id) },
            h("span", {}, `${row.place}.`),
            h("span", {}, row.sheet.code),
            h("strong", {}, rounded(row.points)),
            h("span", { class: "entry-hint" }, say("done", { done: row.done, needed: row.needed })),
          ),
        ),
      ),
    ),
  );
}
