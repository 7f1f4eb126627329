// Elements in one expression. Text is always text: nothing the server or a person wrote becomes markup.

type Child = Node | string | null | false;

interface Attributes {
  [name: string]: string | boolean | ((event: Event) => void) | undefined;
}

export function h<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (typeof value === "string") element.setAttribute(name, value);
  }
  element.append(...children.filter((child): child is Node | string => child !== null && child !== false));
  return element;
}

/** Fill the {places} of a text. */
export function fill(text: string, values: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** Replace what an element holds; whatever had the focus (by its data-focus) has it again, the caret too. */
export function renew(element: Element, ...children: Child[]): void {
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  const key = focused && element.contains(focused) ? focused.dataset.focus : undefined;
  const [start, end] = focused instanceof HTMLInputElement ? [focused.selectionStart, focused.selectionEnd] : [null, null];
  element.replaceChildren(...children.filter((child): child is Node | string => child !== null && child !== false));
  const again = key ? element.querySelector<HTMLElement>(`[data-focus="${CSS.escape(key)}"]`) : null;
  again?.focus({ preventScroll: true });
  if (again instanceof HTMLInputElement) again.setSelectionRange(start, end);
}
