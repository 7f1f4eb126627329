// Notes and photos beside the marks: kept on the device first, sent when there is a network, again and again until the server has them.
import { type Book, uuid } from "./book.ts";
import { fill, h } from "../js/dom.ts";
import { wait } from "./outbox.ts";
import { shownAddress, shrunk } from "./photos.ts";
import type { Store } from "./store.ts";
import type { Item, Sheet } from "./types.ts";
import { clock } from "./view.ts";

const PATIENCE = 60_000;

/** Answers that another try does not change: not this judge's sheet, another remark of the same number, too large, against the rules. */
const FINAL: readonly number[] = [404, 409, 413, 422];

/** A note or a photo that the server has not acknowledged. `refused` says why it was not taken. */
export interface Remark {
  id: string;
  sheet: string;
  aspect: string;
  kind: "note" | "photo" | "exposed";
  text: string;
  device_time: string;
  refused: string;
}

/** Where remarks wait: in the device's own store, sealed like everything in it. A note is a remark without a picture. */
export type Keeper = Pick<Store, "keepPhoto" | "photos" | "forgetPhoto">;

interface Preview {
  sheet: string;
  aspect: string;
  blob: Blob;
  address: string;
}

export class Remarks {
  waiting: Remark[] = [];
  readonly #book: Book;
  readonly #keeper: Keeper | null;
  #changed: () => void = () => undefined;
  #open = false;
  #draft = "";
  #problem = "";
  #preview: Preview | null = null;
  #busy = false;
  #failures = 0;
  #token: string;

  constructor(book: Book, keeper: Keeper | null) {
    this.#book = book;
    this.#keeper = keeper;
    this.#token = book.page.csrf_token;
    addEventListener("online", () => void this.send());
  }

  /** What to call when something changed. */
  onChange(changed: () => void): void {
    this.#changed = changed;
  }

  async load(): Promise<void> {
    try {
      if (this.#keeper) this.waiting = (await this.#keeper.photos<Remark>()).map((kept) => kept.about);
    } catch (error) {
      console.error("what was noted on this device does not open", error);
    }
    void this.send();
  }

  /** How many wait to be sent; refused ones wait for the judge, not for the network. */
  get toSend(): number {
    return this.waiting.filter((one) => !one.refused).length;
  }

  get #next(): Remark | undefined {
    return this.waiting.find((one) => !one.refused);
  }

  count(sheet: Sheet, item: Item): number {
    const kept = [...(sheet.notes ?? []), ...(sheet.photos ?? [])].filter((one) => one.aspect === item.aspect);
    return kept.length + this.#waitingFor(sheet, item).filter((one) => one.kind !== "exposed" && !kept.some((other) => other.id === one.id)).length;
  }

  #waitingFor(sheet: Sheet, item: Item): Remark[] {
    return this.waiting.filter((one) => one.sheet === sheet.id && one.aspect === item.aspect);
  }

  #say(name: string, values: Record<string, string | number> = {}): string {
    return fill(this.#book.page.texts[name] ?? name, values);
  }

  // --- on the screen --------------------------------------------------------------------------------

  /** The button that opens the notes and photos of an item; null where there are none and none can be added. */
  opener(sheet: Sheet, item: Item, isLocked: boolean): Node | null {
    const count = this.count(sheet, item);
    if (isLocked && count === 0) return null;
    const toggle = () => {
      this.#open = !this.#open;
      this.#changed();
    };
    const label = count ? this.#say("remarks_count", { n: count }) : this.#say("remarks");
    return h("button", { type: "button", class: "tool remarks-toggle", "aria-expanded": String(this.#open), "data-focus": "remarks", "data-remarks": String(count), click: toggle }, label);
  }

  /** One tap tells the chief judge that the work shows whose it is, where codes should hide it; null where nothing is hidden. */
  exposure(sheet: Sheet, item: Item): Node | null {
    const { texts, practice } = this.#book.page;
    if (!texts.exposed || practice) return null;
    const waiting = this.waiting.find((one) => one.sheet === sheet.id && one.kind === "exposed");
    if (waiting?.refused) return h("span", { class: "exposure" }, `${this.#say("exposed")} · ${waiting.refused} `, h("button", { type: "button", class: "tool", "data-focus": "exposed", click: () => void this.#forget(waiting) }, this.#say("understood")));
    const sent = sheet.exposed?.[0];
    if (waiting && !sent) return h("span", { class: "exposure", role: "status", "data-exposed": "waiting" }, `${this.#say("exposed_told")} · ${this.#say("remark_waits")}`);
    if (sent) return h("span", { class: "exposure", role: "status", "data-exposed": "sent" }, `${this.#say("exposed_told")} · ${this.#say("server", { time: clock(sent.at) })}`);
    const report = async () => {
      await this.#keep(sheet, item, "exposed", "", null);
      this.#changed();
    };
    return h("button", { type: "button", class: "tool", "data-focus": "exposed", click: () => void report() }, this.#say("exposed"));
  }

  /** The notes and photos of an item, and the way to add one, while they are open. */
  panel(sheet: Sheet, item: Item, isLocked: boolean): Node | null {
    if (!this.#open || (isLocked && this.count(sheet, item) === 0)) return null;
    return h("div", { class: "remarks" }, ...this.#list(sheet, item), ...(isLocked ? [] : this.#form(sheet, item)));
  }

  #list(sheet: Sheet, item: Item): Node[] {
    const own = <One extends { id: string; aspect: string }>(all: One[] | undefined) => (all ?? []).filter((one) => one.aspect === item.aspect);
    const known = new Set([...own(sheet.notes), ...own(sheet.photos)].map((one) => one.id));
    const waiting = this.#waitingFor(sheet, item).filter((one) => one.kind !== "exposed" && !known.has(one.id));
    return [
      h(
        "ul",
        { class: "entries" },
        ...own(sheet.notes).map((note) => h("li", {}, h("span", {}, note.text), this.#sent(note.at))),
        ...own(sheet.photos).map((photo) => h("li", {}, h("span", {}, this.#say("photo")), this.#sent(photo.at))),
        ...waiting.map((one) => this.#waitingRow(one)),
      ),
    ];
  }

  #sent(at: string): Node {
    return h("span", { class: "entry-hint" }, this.#say("server", { time: clock(at) }));
  }

  #waitingRow(one: Remark): Node {
    const words = one.kind === "photo" ? this.#say("photo") : one.text;
    if (!one.refused) return h("li", { "data-of": one.id, "data-waiting": one.kind }, h("span", {}, words), h("span", { class: "entry-hint" }, this.#say("remark_waits")));
    return h("li", { "data-of": one.id, "data-refused": one.kind }, h("span", {}, `${words} · ${one.refused}`), h("button", { type: "button", class: "tool", click: () => void this.#forget(one) }, this.#say("understood")));
  }

  #form(sheet: Sheet, item: Item): (Node | null)[] {
    const write = (event: Event) => {
      this.#draft = (event.target as HTMLTextAreaElement).value;
    };
    const choose = (event: Event) => {
      const chooser = event.target as HTMLInputElement;
      const file = chooser.files?.[0];
      if (file) void this.#take(sheet, item, file);
      chooser.value = ""; // the same picture may be chosen again
    };
    const note = h("textarea", { class: "input", id: "remark-note", rows: "2", maxlength: "1000", "data-focus": "note", input: write }, this.#draft);
    const camera = h("input", { class: "visually-hidden", type: "file", id: "remark-photo", accept: "image/*", capture: "environment", "data-focus": "photo", change: choose });
    const preview = this.#preview?.sheet === sheet.id && this.#preview.aspect === item.aspect ? this.#preview : null;
    return [
      h("label", { class: "field-label", for: "remark-note" }, this.#say("note")),
      note,
      h(
        "div",
        { class: "ways" },
        h("button", { type: "button", class: "key", "data-focus": "keep-note", click: () => void this.#note(sheet, item) }, this.#say("keep_note")),
        camera,
        h("label", { class: "key key-label", for: "remark-photo" }, this.#say("take_photo")),
      ),
      preview && h("figure", { class: "preview" }, h("img", { src: preview.address, alt: this.#say("photo_preview") })),
      preview &&
        h(
          "div",
          { class: "ways" },
          h("button", { type: "button", class: "key key-next", "data-focus": "keep-photo", click: () => void this.#keepPhoto(sheet, item) }, this.#say("keep_photo")),
          h("button", { type: "button", class: "key", "data-focus": "drop-photo", click: () => this.#show(null) }, this.#say("drop_photo")),
        ),
      this.#problem ? h("p", { class: "entry-refused", role: "alert" }, this.#problem) : null,
    ];
  }

  async #note(sheet: Sheet, item: Item): Promise<void> {
    const text = this.#draft.trim();
    if (!text) return this.#refuse("note_first");
    if (await this.#keep(sheet, item, "note", text, null)) this.#draft = "";
    this.#changed();
  }

  async #take(sheet: Sheet, item: Item, file: File): Promise<void> {
    const blob = await shrunk(file);
    if (!blob) return this.#refuse("photo_unreadable");
    this.#show({ sheet: sheet.id, aspect: item.aspect, blob, address: await shownAddress(blob) });
  }

  #show(preview: Preview | null): void {
    this.#preview = preview;
    this.#problem = "";
    this.#changed();
  }

  async #keepPhoto(sheet: Sheet, item: Item): Promise<void> {
    if (this.#preview && (await this.#keep(sheet, item, "photo", "", this.#preview.blob))) this.#preview = null;
    this.#changed();
  }

  #refuse(words: string): void {
    this.#problem = this.#say(words);
    this.#changed();
  }

  // --- kept and sent --------------------------------------------------------------------------------

  async #keep(sheet: Sheet, item: Item, kind: Remark["kind"], text: string, photo: Blob | null): Promise<boolean> {
    const remark: Remark = { id: uuid(), sheet: sheet.id, aspect: item.aspect, kind, text, device_time: new Date().toISOString(), refused: "" };
    try {
      if (!this.#keeper) throw new Error("nowhere to keep it");
      await this.#keeper.keepPhoto({ id: remark.id, about: remark, image: photo ?? new Blob() });
    } catch (error) {
      console.error(error);
      this.#problem = this.#say("unsafe");
      return false;
    }
    this.#problem = "";
    this.waiting = [...this.waiting, remark];
    void this.send();
    return true;
  }

  async #forget(one: Remark): Promise<void> {
    await this.#keeper?.forgetPhoto(one.id);
    this.waiting = this.waiting.filter((other) => other.id !== one.id);
    this.#changed();
  }

  /** Send what waits, one after the other. */
  async send(): Promise<void> {
    if (this.#busy || !this.#keeper || this.#book.page.practice) return;
    this.#busy = true;
    try {
      for (let one = this.#next; one; one = this.#next) {
        if (!(await this.#sendOne(one))) {
          this.#failures += 1;
          setTimeout(() => void this.send(), wait(this.#failures, Math.random()) * 1000);
          return;
        }
        this.#failures = 0;
      }
    } finally {
      this.#busy = false;
    }
  }

  async #sendOne(one: Remark): Promise<boolean> {
    const kept = (await this.#keeper?.photos<Remark>())?.find((each) => each.id === one.id);
    if (!kept) {
      await this.#forget(one);
      return true;
    }
    const { status, body } = await this.#post(one, one.kind === "photo" ? kept.image : null);
    if (body?.id === one.id) {
      const sheet = this.#book.sheet(one.sheet);
      const sent = { id: one.id, aspect: one.aspect, at: body.at ?? one.device_time };
      if (sheet && one.kind === "note") sheet.notes = [...(sheet.notes ?? []).filter((other) => other.id !== one.id), { ...sent, text: one.text }];
      if (sheet && one.kind === "photo") sheet.photos = [...(sheet.photos ?? []).filter((other) => other.id !== one.id), sent];
      if (sheet && one.kind === "exposed") sheet.exposed = [{ ...sent, text: "" }];
      await this.#forget(one);
      return true;
    }
    const why = FINAL.includes(status) ? body?.error : undefined;
    if (why) {
      this.waiting = this.waiting.map((other) => (other.id === one.id ? { ...one, refused: why } : other));
      this.#changed();
      return true;
    }
    if (status === 400 || status === 401) await this.#newToken();
    return false;
  }

  async #post(one: Remark, photo: Blob | null): Promise<{ status: number; body: Reply | null }> {
    const form = new FormData();
    for (const name of ["id", "aspect", "kind", "text", "device_time"] as const) form.set(name, one[name]);
    if (photo) form.set("photo", photo, "photo.jpg");
    const address = this.#book.page.addresses.remarks?.replace("{sheet}", one.sheet);
    if (!address) return { status: 0, body: null };
    return await ask(address, { method: "POST", headers: { "X-CSRFToken": this.#token }, body: form });
  }

  // Whoever signed in again has a new token.
  async #newToken(): Promise<void> {
    const { body } = await ask(this.#book.page.addresses.state.replace("{sheet}", this.#book.page.current), { cache: "no-store" });
    if (body?.csrf_token) this.#token = body.csrf_token;
  }
}

interface Reply {
  id?: string;
  at?: string;
  error?: string;
  csrf_token?: string;
}

async function ask(address: string, options: RequestInit): Promise<{ status: number; body: Reply | null }> {
  try {
    const response = await fetch(address, { ...options, redirect: "manual", signal: AbortSignal.timeout?.(PATIENCE) ?? null });
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json") ?? false;
    return { status: response.status, body: isJson ? ((await response.json()) as Reply) : null };
  } catch {
    return { status: 599, body: null };
  }
}
