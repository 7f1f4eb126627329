// data-focus-first: the summary of a refused form takes the focus, so that keyboard and screen reader start there.

export function focusFirst(root: Document): void {
  root.querySelector<HTMLElement>("[data-focus-first]")?.focus();
}
