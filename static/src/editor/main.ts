// The form editor of a rule set. The text area below it is what is sent; without this script it is what is edited.
import { fill, h, renew } from "../js/dom.ts";
import { at, History, isMembers, type Json, type Members, type Place, pointer, put } from "./document.ts";
import "./editor.css";
import { type Desk, fieldId, memberFields, named, variantFields } from "./fields.ts";
import { Description, type Forms, type Member, type Reference } from "./forms.ts";
import { renamed } from "./references.ts";
import { added, type Branch, branches, duplicated, free, identifiers, isGroup, removed, ROOT, type Step, stepped } from "./scheme.ts";
import { type Problem, Server } from "./server.ts";
import { Tree } from "./tree.ts";

interface Data {
  form: Forms;
  words: Record<string, string>;
  language: "zh" | "en";
}

const PAUSE = 400;

class Editor implements Desk {
  readonly words: Record<string, string>;
  readonly description: Description;
  readonly #language: "zh" | "en";
  readonly #server: Server;
  readonly #text: HTMLTextAreaElement;
  readonly #tree: Tree;
  readonly #parts: { tree: HTMLElement; sections: HTMLElement; form: HTMLElement; state: HTMLElement; problems: HTMLElement; preview: HTMLElement };
  readonly #tools = new Map<string, HTMLButtonElement>();
  #history: History;
  #chosen: Place = ROOT;
  #problems: Problem[] = [];
  #later: ReturnType<typeof setTimeout> | undefined;
  #round = 0;
  /** The text that the server looked at last: `#problems` are its problems. */
  #checked = "";

  constructor(root: HTMLElement, data: Data, server: Server, text: HTMLTextAreaElement, document: Json) {
    this.words = data.words;
    this.description = new Description(data.form);
    this.#language = data.language;
    this.#server = server;
    this.#text = text;
    this.#history = new History(document);
    this.#parts = {
      tree: h("ul", { role: "tree", class: "editor-tree", "aria-label": this.#say("scheme") }),
      sections: h("ul", { class: "editor-sections" }),
      form: h("section", { class: "editor-form card", tabindex: "-1", "aria-label": this.#say("fields") }),
      state: h("p", { class: "editor-state", role: "status" }),
      problems: h("ul", { class: "editor-problems" }),
      preview: h("div", { class: "editor-preview" }),
    };
    this.#tree = new Tree(this.#parts.tree, {
      label: (branch) => this.#label(branch),
      choose: (place, intoForm) => this.#choose(place, intoForm),
      step: (step) => this.#step(step),
      remove: () => this.#remove(),
    });
    this.#build(root);
    root.addEventListener("keydown", (event) => this.#keyboard(event));
    this.#draw();
    this.#wrote();
  }

  // --- what the fields ask of the desk ---

  get document(): Json {
    return this.#history.now;
  }

  value(place: Place): Json | undefined {
    return at(this.#history.now, place);
  }

  change(place: Place, value: Json | undefined, redraw?: string): void {
    const before = this.#history.now;
    this.#history.change(renamed(this.description, put(before, place, value), before, place));
    if (this.#history.now === before) return;
    if (redraw) this.#draw();
    this.#wrote();
    if (redraw) this.#focus(redraw);
  }

  choices(to: Reference): { value: string; label: string }[] {
    if (to !== "node") return named(this.#history.now, to, (title) => this.#title(title));
    return [...branches(this.#history.now)].map((each) => {
      const words = [each.number, this.#title(each.node.title), `(${String(each.node.id ?? "")})`];
      return { value: String(each.node.id ?? ""), label: words.filter(Boolean).join(" ") };
    });
  }

  /** Go on with another document: from a file, a template, or the text. It can be undone. */
  load(document: Json): void {
    this.#history.change(document);
    this.#draw();
    this.#wrote();
  }

  // --- the screen ---

  #say(name: string, values: Record<string, string | number> = {}): string {
    return fill(this.words[name] ?? name, values);
  }

  #build(root: HTMLElement): void {
    const tool = (name: string, action: () => void): HTMLButtonElement => {
      const button = h("button", { type: "button", class: "button button-secondary", click: action }, this.#say(name));
      this.#tools.set(name, button);
      return button;
    };
    root.replaceChildren(
      h("div", { class: "editor-tools", role: "toolbar", "aria-label": this.#say("tools") },
        tool("add_aspect", () => this.#add("aspect")),
        tool("add_group", () => this.#add("group")),
        tool("duplicate", () => this.#apply(duplicated(this.#history.now, this.#chosen))),
        ...(["up", "down", "in", "out"] as const).map((step) => tool(step, () => this.#step(step))),
        tool("remove", () => this.#remove()),
        tool("undo", () => this.#undo()),
        tool("redo", () => this.#redo())),
      h("div", { class: "editor-check" }, this.#parts.state, this.#parts.problems),
      h("div", { class: "editor-desk" },
        h("div", { class: "editor-outline" },
          h("h2", {}, this.#say("scheme")),
          this.#parts.tree,
          h("h2", {}, this.#say("sections")),
          this.#parts.sections),
        this.#parts.form),
      h("details", { class: "editor-trial card", toggle: (event) => void this.#look((event.target as HTMLDetailsElement).open) },
        h("summary", {}, this.#say("preview")),
        h("p", { class: "muted" }, this.#say("preview_hint")),
        this.#parts.preview),
    );
    root.hidden = false;
    // The form stands below the tools, whether their words take one line or two.
    const tools = root.querySelector<HTMLElement>(".editor-tools");
    if (tools) new ResizeObserver(() => root.style.setProperty("--tools", `${tools.offsetHeight}px`)).observe(tools);
  }

  #sections(): { name: string; label: string; members: Member[] }[] {
    const members = this.description.members(this.description.document, this.#history.now).filter((each) => each.name !== "scheme");
    const about = members.filter((each) => each.name === "title" || each.name === "source");
    const others = members.filter((each) => !about.includes(each)).map((each) => ({ name: each.name, label: each.label, members: [each] }));
    return [{ name: "title", label: this.#say("about"), members: about }, ...others];
  }

  #draw(): void {
    this.#drawOutline();
    this.#drawForm();
  }

  #drawOutline(): void {
    const marks = new Map<string, string>();
    const places = [...branches(this.#history.now)].map((each) => pointer(each.place)).reverse();
    for (const problem of this.#problems) {
      const holder = places.find((place) => within(problem.path, place));
      if (holder) marks.set(holder, this.#say("has_problems"));
    }
    this.#tree.draw(this.#history.now, this.#chosen, marks);
    this.#parts.sections.replaceChildren(...this.#sections().map((section) => this.#section(section)));
    const onNode = this.#chosen[0] === "scheme";
    const off: Record<string, boolean> = { undo: !this.#history.canUndo, redo: !this.#history.canRedo };
    for (const step of ["up", "down", "in", "out"] as const) off[step] = !onNode || stepped(this.#history.now, this.#chosen, step) === null;
    off.duplicate = off.remove = !onNode || this.#chosen.length === 1;
    for (const [name, button] of this.#tools) button.disabled = off[name] ?? false;
  }

  #section(section: { name: string; label: string; members: Member[] }): HTMLElement {
    const isChosen = this.#chosen[0] === section.name;
    const isThere = section.members.some((each) => this.value([each.name]) !== undefined);
    const isMarked = this.#problems.some((problem) => section.members.some((each) => within(problem.path, pointer([each.name]))));
    return h("li", {},
      h("button", { type: "button", class: "editor-section", "aria-current": isChosen ? "true" : undefined, click: () => this.#choose([section.name], true) },
        h("span", {}, section.label),
        h("span", { class: "editor-note" }, isThere ? "" : this.#say("not_used")),
        isMarked ? h("span", { class: "editor-mark" }, h("span", { "aria-hidden": "true" }, "!"), h("span", { class: "visually-hidden" }, this.#say("has_problems"))) : null));
  }

  #drawForm(): void {
    const node = this.value(this.#chosen);
    if (this.#chosen[0] !== "scheme") {
      const section = this.#sections().find((each) => each.name === this.#chosen[0]);
      this.#parts.form.replaceChildren(h("h2", {}, section?.label ?? ""), ...memberFields(this, section?.members ?? [], []));
    } else if (isMembers(node)) {
      this.#parts.form.replaceChildren(h("h2", {}, this.#title(node.title) || String(node.id ?? "")), ...this.#nodeFields(node));
    }
    this.#showProblems();
  }

  #nodeFields(node: Members): HTMLElement[] {
    const form = this.description.definition(isGroup(node) ? "group" : "aspect");
    if (form.kind === "variants") return variantFields(this, form, this.#chosen, this.#say("aspect"), ["children"]);
    return memberFields(this, this.description.members(form, node), this.#chosen, ["children"]);
  }

  #showProblems(): void {
    const form = this.#parts.form;
    for (const slot of form.querySelectorAll<HTMLElement>("[data-problem]")) [slot.hidden, slot.textContent] = [true, ""];
    for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
    for (const problem of this.#problems) {
      const slot = this.#slot(problem.path);
      if (!slot) continue;
      slot.textContent = [slot.textContent, problem.words].filter(Boolean).join(" ");
      slot.hidden = false;
      document.getElementById(`at${slot.dataset.problem}`)?.setAttribute("aria-invalid", "true");
    }
  }

  /** The nearest place of the drawn form at or above this one that can say what is wrong. */
  #slot(path: string): HTMLElement | null {
    for (let place = path; place !== ""; place = place.slice(0, place.lastIndexOf("/"))) {
      if (!within(place, pointer(this.#chosen))) return null;
      const slot = this.#parts.form.querySelector<HTMLElement>(`[data-problem="${CSS.escape(place)}"]`);
      if (slot) return slot;
    }
    return null;
  }

  #label(branch: Branch): { title: string; note: string } {
    const { node } = branch;
    const weight = node.weight === undefined ? "" : `${String(node.weight)} %`;
    const most = node.max === undefined ? "" : this.#say("most", { most: String(node.max) });
    return { title: this.#title(node.title) || String(node.id ?? ""), note: [weight, most].filter(Boolean).join(" · ") };
  }

  #title(title: Json | undefined): string {
    if (!isMembers(title)) return "";
    return String(title[this.#language] ?? title.zh ?? "");
  }

  #focus(key: string): void {
    const name = CSS.escape(key);
    const form = this.#parts.form;
    const found = form.querySelector<HTMLElement>(`[data-focus="${name}"]:not(:disabled)`) ?? form.querySelector<HTMLElement>(`[id="${name}"]`);
    const first = found?.matches("fieldset, div") ? found.querySelector<HTMLElement>("input, select, textarea") : null;
    (first ?? found ?? form).focus();
  }

  // --- what people do ---

  #choose(place: Place, intoForm: boolean): void {
    this.#chosen = place;
    this.#draw();
    if (!intoForm) return this.#tree.focus();
    this.#parts.form.focus({ preventScroll: true });
    this.#parts.form.scrollIntoView({ block: "nearest" });
  }

  #add(kind: "group" | "aspect"): void {
    const form = this.description.definition(kind);
    const begun = this.description.blank(form, this.#say("untitled")) as Members;
    const id = free(this.#say(`new_${kind}`), identifiers(this.#history.now));
    const children = kind === "group" ? { children: [] } : {};
    const chosen = this.#chosen[0] === "scheme" ? this.#chosen : ROOT;
    this.#apply(added(this.#history.now, chosen, { kind, id, ...begun, ...children }), true);
  }

  #step(step: Step): void {
    this.#apply(stepped(this.#history.now, this.#chosen, step));
  }

  #remove(): void {
    if (this.#chosen[0] === "scheme") this.#apply(removed(this.#history.now, this.#chosen));
  }

  #apply(made: { document: Json; place: Place } | null, intoForm = false): void {
    if (!made) return;
    this.#history.change(made.document);
    this.#chosen = made.place;
    this.#draw();
    this.#wrote();
    if (intoForm) this.#focus(fieldId([...made.place, "id"]));
  }

  #undo(): void {
    this.#history.undo();
    this.#settle();
  }

  #redo(): void {
    this.#history.redo();
    this.#settle();
  }

  /** After a step back or forth the chosen node may be gone. */
  #settle(): void {
    if (this.#chosen[0] === "scheme" && !isMembers(this.value(this.#chosen))) this.#chosen = ROOT;
    this.#draw();
    this.#wrote();
  }

  #keyboard(event: KeyboardEvent): void {
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    // Enter takes what was typed over; it does not send a document of which one field is finished.
    if (event.key === "Enter" && event.target instanceof HTMLInputElement && !event.isComposing) {
      event.preventDefault();
      event.target.dispatchEvent(new Event("change"));
      return;
    }
    if (isTyping || !(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) this.#undo();
    else if (key === "y" || (key === "z" && event.shiftKey)) this.#redo();
    else return;
    event.preventDefault();
  }

  // --- what the server says ---

  /** The document has changed: the text follows, and the server is asked. */
  #wrote(): void {
    this.#text.value = `${JSON.stringify(this.description.ordered(this.description.document, this.#history.now), null, 2)}\n`;
    this.#drawOutline();
    clearTimeout(this.#later);
    this.#round++;
    this.#parts.state.textContent = this.#say("checking");
    this.#later = setTimeout(() => void this.#check(), PAUSE);
  }

  async #check(): Promise<void> {
    const round = this.#round;
    const text = this.#text.value;
    try {
      const { problems } = await this.#server.check(text);
      if (round !== this.#round) return;
      this.#problems = problems;
      this.#checked = text;
      this.#parts.state.textContent = problems.length ? this.#say("problems", { count: problems.length }) : this.#say("sound");
      this.#parts.problems.replaceChildren(...problems.map((each) => this.#problem(each)));
      this.#drawOutline();
      this.#showProblems();
      if (this.#parts.preview.closest("details")?.open) await this.#look(true);
    } catch (reason) {
      if (reason instanceof DOMException && reason.name === "AbortError") return;
      this.#parts.state.textContent = this.#say("no_answer");
    }
  }

  #problem(problem: Problem): HTMLElement {
    const places = [...branches(this.#history.now)].reverse();
    const holder = places.find((each) => within(problem.path, pointer(each.place)));
    const section = this.#sections().find((each) => each.members.some((member) => within(problem.path, pointer([member.name]))));
    const where = holder ? this.#label(holder).title : (section?.label ?? "");
    const go = (event: Event): void => {
      event.preventDefault();
      this.#choose(holder?.place ?? [section?.name ?? "title"], true);
      const slot = this.#slot(problem.path);
      if (slot) this.#focus(`at${slot.dataset.problem}`);
    };
    return h("li", {}, h("a", { href: "#content", click: go }, where ? `${where}: ${problem.words}` : problem.words));
  }

  /** What the rules do, as they were when they were checked; while the server looks at them, what is shown stays. */
  async #look(isOpen: boolean): Promise<void> {
    const text = this.#checked;
    if (!isOpen || !text) return;
    if (this.#problems.length) return renew(this.#parts.preview, h("p", {}, this.#say("preview_needs")));
    try {
      const shown = await this.#server.preview(text);
      if (text === this.#checked) renew(this.#parts.preview, ...shown);
    } catch {
      renew(this.#parts.preview, h("p", {}, this.#say("no_answer")));
    }
  }
}

const within = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`);

async function begin(root: HTMLElement): Promise<void> {
  const data = JSON.parse(document.getElementById("rule-set-form")?.textContent ?? "") as Data;
  const form = root.closest("form");
  const text = form?.querySelector<HTMLTextAreaElement>('[name="text"]');
  if (!form || !text) return;
  const saved = text.value;
  const server = new Server(form, root.dataset.check ?? "", root.dataset.preview ?? "");
  const say = (words: string | undefined): void => {
    const notice = document.getElementById("editor-notice");
    if (notice) [notice.textContent, notice.hidden] = [words ?? "", !words];
  };
  let editor: Editor | null = null;
  const take = async (written: string): Promise<void> => {
    try {
      const { document: read, problems } = await server.check(written);
      say(isMembers(read) ? "" : problems[0]?.words);
      if (!isMembers(read)) return;
      if (editor) editor.load(read);
      else editor = new Editor(root, data, server, text, read);
    } catch {
      say(data.words.no_answer);
    }
  };
  await take(text.value);
  form.querySelector<HTMLDetailsElement>("#as-text")?.removeAttribute("open");
  const button = document.getElementById("editor-export");
  if (button) button.hidden = false;
  text.addEventListener("change", () => void take(text.value));
  watchFile(form, take);
  watchStarter(form, take);
  button?.addEventListener("click", () => save(text.value, root.dataset.name ?? "rule-set.json"));
  let isSent = false;
  form.addEventListener("submit", () => (isSent = true));
  const first = text.value;
  addEventListener("beforeunload", (event) => {
    if (!isSent && text.value !== saved && text.value !== first) event.preventDefault();
  });
}

function watchFile(form: HTMLFormElement, take: (text: string) => Promise<void>): void {
  const field = form.querySelector<HTMLInputElement>('[name="file"]');
  field?.addEventListener("change", async () => {
    const [file] = field.files ?? [];
    if (!file) return;
    // A workbook is read by the server, which shows what it holds before anything is taken over.
    if (/\.xlsx?$/i.test(file.name)) return form.requestSubmit();
    await take(await file.text());
    field.value = "";
  });
}

function watchStarter(form: HTMLFormElement, take: (text: string) => Promise<void>): void {
  const field = form.querySelector<HTMLSelectElement>('[name="starter"]');
  field?.addEventListener("change", async () => {
    if (!field.value) return;
    const answer = await fetch((field.dataset.address ?? "").replace("NAME", encodeURIComponent(field.value)));
    field.value = "";
    if (answer.ok) await take(await answer.text());
  });
}

/** The canonical form: members in the order of their names, nothing between them. */
function save(text: string, name: string): void {
  const sorted = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(sorted);
    if (!isMembers(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
  };
  const address = URL.createObjectURL(new Blob([JSON.stringify(sorted(JSON.parse(text) as Json))], { type: "application/json" }));
  h("a", { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}

const root = document.getElementById("rule-set-editor");
if (root) void begin(root);
