// data-print on a hidden button: prints the page. Without scripts the button stays hidden.

export function printButtons(root: Document): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
