// Every page loads this. Each import is one behaviour, attached by a data-* attribute; a page works without all of them.
import { takeCards } from "./js/card.ts";
import { copyButtons } from "./js/copy.ts";
import { focusFirst } from "./js/focus.ts";
import { closeMenus } from "./js/menu.ts";
import { sendOnce } from "./js/once.ts";
import { pollOperations } from "./js/operation.ts";
import { printButtons } from "./js/print.ts";
import { guardSignOut } from "./js/sign-out.ts";

for (const attach of [guardSignOut, sendOnce, pollOperations, copyButtons, printButtons, takeCards, focusFirst, closeMenus]) {
  attach(document);
}
