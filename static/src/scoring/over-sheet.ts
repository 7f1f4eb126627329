// A dialog over the sheet. The keys of the sheet rest while it is open, and when it closes, the field that had the focus takes typing again.
import { h } from "../js/dom.ts";

const PAUSE = 1500;
let pressed = Number.NEGATIVE_INFINITY;
for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, () => (pressed = performance.now()), { capture: true, passive: true });

export function overSheet(attributes: Parameters<typeof h>[1], ...children: Node[]): HTMLDialogElement {
  const dialog = h("dialog", { class: "over-sheet", ...attributes }, ...children);
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("close", takeTyping);
  return dialog;
}

/** Close it now: the event of closing comes too late for a key that is pressed right after. */
export function putAway(dialog: HTMLDialogElement): void {
  if (!dialog.open) return;
  dialog.close();
  takeTyping();
}

/** Until nobody has pressed anything for a moment: a dialog that comes by itself would swallow the rest of a number. */
export async function handsAtRest(): Promise<void> {
  for (let left = untilRest(); left > 0; left = untilRest()) await pause(left);
}

const untilRest = () => pressed + PAUSE - performance.now();
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// A browser gives the focus back without a caret.
function takeTyping(): void {
  const field = document.activeElement;
  if (!(field instanceof HTMLInputElement)) return;
  field.blur();
  field.focus({ preventScroll: true });
  field.setSelectionRange(field.value.length, field.value.length);
}
