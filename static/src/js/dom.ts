// Elements in one expression. Text is always text: nothing the server or a person wrote becomes markup.

type Child = Node | string | null | false;
type Listener = (event: Event) => void;

interface Attributes {
  [name: string]: string | boolean | Listener | undefined;
}

// What an element listens to now: an element that stays while its screen is drawn again gets new listeners with its new words.
const listeners = new WeakMap<Element, Map<string, Listener | null>>();

export function h<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") listen(element, name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (typeof value === "string") element.setAttribute(name, value);
  }
  element.append(...present(children));
  return element;
}

function listen(element: Element, name: string, listener: Listener): void {
  const own = listeners.get(element) ?? new Map<string, Listener | null>();
  listeners.set(element, own);
  if (!own.has(name)) element.addEventListener(name, (event) => own.get(name)?.(event));
  own.set(name, listener);
}

const present = (children: Child[]) => children.filter((child): child is Node | string => child !== null && child !== false);

/** Fill the {places} of a text. */
export function fill(text: string, values: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** Replace what an element holds; whatever had the focus (by its data-focus) has it again, the caret too. */
export function renew(element: Element, ...children: Child[]): void {
  keepingFocus(element, () => element.replaceChildren(...present(children)));
}

/**
 * Let an element hold this, and keep the elements that it holds already: they get the new attributes, words and listeners. A finger that is
 * down on a key while the screen is drawn again still presses it when it is lifted. Elements are the same when tag, first class, data-focus, id
 * and data-of are; data-of says what a button is about, where pressing it for something else would be wrong.
 */
export function redraw(element: Element, ...children: Child[]): void {
  keepingFocus(element, () => {
    const wanted = document.createDocumentFragment();
    wanted.append(...present(children));
    take(element, wanted);
  });
}

function keepingFocus(element: Element, change: () => void): void {
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  const key = focused && element.contains(focused) ? focused.dataset.focus : undefined;
  const [start, end] = focused instanceof HTMLInputElement ? [focused.selectionStart, focused.selectionEnd] : [null, null];
  change();
  if (focused?.isConnected) return;
  const again = key ? element.querySelector<HTMLElement>(`[data-focus="${CSS.escape(key)}"]`) : null;
  again?.focus({ preventScroll: true });
  if (again instanceof HTMLInputElement) again.setSelectionRange(start, end);
}

// What is kept stays where it is, in its order; what is new goes between, what is no longer wanted goes.
function take(element: Node, wanted: Node): void {
  const old = [...element.childNodes];
  const fresh = [...wanted.childNodes];
  const kept = common(old.map(nameOf), fresh.map(nameOf));
  const staying = new Set(kept);
  for (const [index, one] of old.entries()) if (!staying.has(index)) one.remove();
  fresh.forEach((one, index) => {
    const same = old[kept[index] ?? -1];
    if (same) become(same, one);
    else element.insertBefore(one, element.childNodes[index] ?? null);
  });
}

/** For every fresh name the place of the old one that it continues, or -1: as many as possible without changing their order. */
export function common(old: string[], fresh: string[]): number[] {
  const found = fresh.map(() => -1);
  const shorter = Math.min(old.length, fresh.length);
  let start = 0;
  for (; start < shorter && old[start] === fresh[start]; start += 1) found[start] = start;
  let end = 0;
  for (; end < shorter - start && old[old.length - 1 - end] === fresh[fresh.length - 1 - end]; end += 1) found[fresh.length - 1 - end] = old.length - 1 - end;
  const [rows, columns] = [old.slice(start, old.length - end), fresh.slice(start, fresh.length - end)];
  const best = rows.map(() => columns.map(() => 0));
  const at = (row: number, column: number) => best[row]?.[column] ?? 0;
  for (let row = rows.length - 1; row >= 0; row -= 1) {
    for (let column = columns.length - 1; column >= 0; column -= 1) {
      const most = rows[row] === columns[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
      best[row]?.splice(column, 1, most);
    }
  }
  for (let row = 0, column = 0; row < rows.length && column < columns.length; ) {
    if (rows[row] === columns[column]) found[start + column++] = start + row++;
    else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return found;
}

function nameOf(node: Node): string {
  if (!(node instanceof HTMLElement)) return node.nodeName;
  const { focus = "", of = "" } = node.dataset;
  return [node.nodeName, node.classList[0] ?? "", focus, node.id, of].join(" ");
}

function become(old: Node, fresh: Node): void {
  if (!(old instanceof HTMLElement) || !(fresh instanceof HTMLElement)) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  for (const name of old.getAttributeNames()) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const name of fresh.getAttributeNames()) {
    const value = fresh.getAttribute(name) ?? "";
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const name of listeners.get(old)?.keys() ?? []) listeners.get(old)?.set(name, null);
  for (const [name, listener] of listeners.get(fresh) ?? []) if (listener) listen(old, name, listener);
  const value = valueOf(fresh);
  take(old, fresh);
  if (value !== undefined && valueOf(old) !== value) (old as HTMLInputElement).value = value;
}

// What somebody typed or chose is not in the attributes; a chosen file is left alone.
function valueOf(element: HTMLElement): string | undefined {
  if (element instanceof HTMLInputElement) return element.type === "file" ? undefined : element.value;
  return element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement ? element.value : undefined;
}
