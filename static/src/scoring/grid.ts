// Many entrants on one item: the form for a judge who goes from bench to bench with the same question.
import { type Book, isMark } from "./book.ts";
import { fill, h } from "../js/dom.ts";
import type { Item, Sheet } from "./types.ts";
import type { Desk, Screen } from "./view.ts";

/** Which item is marked, and the ways to the one before and after it. */
export function groupHead(book: Book, screen: Screen, desk: Desk): Node {
  const say = (name: string, values: Record<string, string | number> = {}) => fill(book.page.texts[name] ?? name, values);
  const items = book.items(screen.sheet);
  const group = book.group(screen.sheet);
  const options = items.map((item, position) => {
    const blanks = group.filter((sheet) => book.isBlank(sheet, item)).length;
    const words = `${item.aspect} ${item.title}${item.extra ? ` · ${item.extra}` : ""}${blanks ? ` · ${say("blanks", { n: blanks })}` : " ✓"}`;
    return h("option", { value: String(position), selected: position === screen.index }, words);
  });
  const choose = (event: Event) => desk.choose(Number((event.target as HTMLSelectElement).value));
  const select = h("select", { class: "input", id: "group-item", "data-focus": "group-item", "aria-label": say("items"), change: choose }, ...options);
  const way = (to: number, name: string, sign: string) =>
    h(
      "button",
      { type: "button", class: "tool", "aria-label": say(name), "aria-disabled": items[to] ? undefined : "true", "data-focus": name, "data-tool": name, click: () => items[to] && desk.choose(to) },
      sign,
    );
  return h("div", { class: "group-head" }, way(screen.index - 1, "item_before", "‹"), select, way(screen.index + 1, "item_after", "›"));
}

/** One row for each entrant, with what is recorded for the item; a touch chooses it, Enter goes on to the next. */
export function groupRows(book: Book, screen: Screen, desk: Desk, shown: (sheet: Sheet, item: Item) => string): Node[] {
  const item = book.items(screen.sheet)[screen.index];
  if (!item) return [];
  return book.group(screen.sheet).map((sheet) => {
    const isLocked = sheet.state !== "open";
    return h(
      "button",
      {
        type: "button",
        class: `item group-row${book.isBlank(sheet, item) ? " is-blank" : ""}${isLocked ? " is-locked" : ""}`,
        "aria-current": sheet.id === screen.sheet.id ? "true" : undefined,
        "data-focus": `row-${sheet.id}`,
        "data-row": sheet.code,
        click: () => desk.go(sheet.id),
      },
      h("span", { class: "item-title" }, sheet.code, isLocked ? h("span", { class: "item-extra" }, ` · ${sheet.state_says}`) : null),
      h("span", { class: "item-value" }, shown(sheet, item)),
    );
  });
}

/** The entrant to go on to: the next one of the group, else the first whose item is blank; null when all are done. */
export function nextInGroup(book: Book, screen: Screen): Sheet | null {
  const group = book.group(screen.sheet);
  const item = book.items(screen.sheet)[screen.index];
  const here = group.findIndex((sheet) => sheet.id === screen.sheet.id);
  const after = group[here + 1];
  if (after) return after;
  return (item && isMark(item) && group.find((sheet) => sheet.state === "open" && book.isBlank(sheet, item))) || null;
}
