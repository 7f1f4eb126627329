// A dialog over the sheet. When it closes, the field that had the focus takes typing again: a browser gives the focus back without a caret.
import { h } from "../js/dom.ts";

export function overSheet(attributes: Parameters<typeof h>[1], ...children: Node[]): HTMLDialogElement {
  const dialog = h("dialog", { class: "over-sheet", ...attributes }, ...children);
  dialog.addEventListener("close", () => {
    const field = document.activeElement;
    if (!(field instanceof HTMLInputElement)) return;
    field.blur();
    field.focus({ preventScroll: true });
    field.setSelectionRange(field.value.length, field.value.length);
  });
  return dialog;
}
