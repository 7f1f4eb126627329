// Between this tablet and the server, as the judge meets it: what keeps marks from being sent, signing in over the sheet, what other judges
// left here, handing over, and what is worth saying about the device.
import { CARD } from "../js/card.ts";
import { fill, h } from "../js/dom.ts";
import { canSealFor } from "./emergency.ts";
import { emergencyText, HandOver, save } from "./hand-over.ts";
import { lacking, NO_LOSS } from "./lacking.ts";
import type { Problem } from "./outbox.ts";
import { keepPresent } from "./presence.ts";
import { Steady } from "./save-state.ts";
import { SignIn } from "./sign-in.ts";
import type { Held, Settled, Store } from "./store.ts";
import { type Joined, Sync } from "./sync.ts";
import { Tabs } from "./tabs.ts";
import { scopeOf } from "./desk.ts";
import { waitingOf } from "./unsent.ts";
import type { Page, Reply, Sheet } from "./types.ts";

const A_DAY = 24 * 3600 * 1000;
const LOOK_AT_DEVICE = 60_000;
const LITTLE_ROOM = 20 * 1024 * 1024;

interface Action {
  label: string;
  href?: string;
  run?: () => void;
}

/** What the screen does when something has happened. */
export interface Screen {
  /** The server has answered these. */
  answered(settled: Settled[], reply: Reply): void;
  /** What is kept on this device has changed: read it again. */
  changed(): Promise<void>;
  /** Another tab has changed it, and perhaps what the server has. */
  elsewhere(): Promise<void>;
  banner(text: string, action?: Action): void;
  /** Where notices about the device stand. */
  notices: HTMLElement;
}

export class Uplink {
  readonly #page: Page;
  readonly #store: Store;
  readonly #screen: Screen;
  readonly #sync: Sync;
  readonly #tabs: Tabs;
  readonly #problem: Steady<Problem | null>;
  readonly #signIn: SignIn;
  readonly #handOver: HandOver;
  readonly #before: number;
  readonly #notices = new Map<string, HTMLElement>();
  #beside = "";

  constructor(page: Page, store: Store, out: string, screen: Screen) {
    this.#page = page;
    this.#store = store;
    this.#screen = screen;
    this.#before = waitingOf(scopeOf(page));
    const say = (name: string, values: Record<string, string | number> = {}) => this.#say(name, values);
    this.#problem = new Steady<Problem | null>(null, (problem) => this.#show(problem));
    this.#sync = new Sync(page, store, {
      answered: async (settled, reply) => {
        screen.answered(settled, reply);
        await store.keepDesk(page).catch((error: unknown) => console.error(error)); // the answers are settled all the same
      },
      settled: async () => {
        await screen.changed();
        this.#tabs.tell();
        void this.#handOver.redraw();
      },
      problem: (problem) => this.#notice(problem),
      changed: async () => {
        await screen.changed();
        this.#tabs.tell();
      },
      joined: (joined) => void this.#joined(joined),
      beside: (devices) => this.#sayBeside(devices),
      lost: (count) => {
        this.#tell("lacking", { n: count });
        void screen.elsewhere();
      },
    });
    this.#tabs = new Tabs(scopeOf(page), () => void screen.elsewhere());
    this.#signIn = new SignIn(say, {
      page: page.addresses.sign_in,
      cards: page.addresses.card,
      card: () => store.card(),
      done: async () => {
        const who = await this.#sync.renew();
        if (who === "other") await this.#leaveToAnother();
        return who;
      },
    });
    this.#handOver = new HandOver(say, page, store, this.#sync, out);
  }

  /** Begin to send and to look after the device. `problem` is what the start already found in the way. */
  async begin(problem: Problem | null): Promise<void> {
    if (problem) this.#notice(problem);
    else await this.#takeCard();
    await this.#sayWhatWasLost();
    this.#sync.now();
    keepPresent((battery) => this.#sync.present(battery));
    void this.#lookAtDevice();
    setInterval(() => void this.#lookAtDevice(), LOOK_AT_DEVICE);
    if (location.hash === "#hand-over") void this.#handOver.open();
  }

  // The page behind the login card has left its token for this tab.
  async #takeCard(): Promise<void> {
    const token = sessionStorage.getItem(CARD);
    if (token === null) return;
    await this.#store.keepCard(token);
    sessionStorage.removeItem(CARD);
  }

  now(): void {
    this.#sync.now();
  }

  /** Something new is kept on this device. */
  soon(): void {
    this.#tabs.tell();
    this.#sync.soon();
  }

  async sheet(id: string): Promise<Sheet | null> {
    return await this.#sync.sheet(id);
  }

  /** A sheet as the server has it takes the place of the one here: what it lacks is kept, to be told. */
  noteLoss(known: Sheet, fresh: Sheet): void {
    void this.#store.keepLoss({ ...NO_LOSS, marks: lacking([known], [fresh]) }).catch((error: unknown) => console.error(error));
  }

  /** The sheets on the screen are as the server has them now: keep them so. */
  keep(): void {
    void this.#store.keepDesk(this.#page).catch((error: unknown) => console.error(error));
  }

  /** The button of the bar that hands the tablet to the next judge. */
  handOverButton(): HTMLButtonElement {
    return h("button", { type: "button", class: "button button-quiet", "data-hand-over-open": true, click: () => void this.#handOver.open() }, this.#say("hand_over"));
  }

  // --- what is in the way ---------------------------------------------------------------------------

  // A portal, a refusal or an ended session is said at once; a network that comes and goes only when it stays away.
  #notice(problem: Problem | null): void {
    this.#problem.set(problem, problem !== "offline" && (problem !== null || this.#problem.shown !== "offline"));
    if (problem === "sign_in") void this.#signIn.open();
    if (problem === null) this.#signIn.close();
    if (problem === "another") void this.#leaveToAnother();
  }

  #show(problem: Problem | null): void {
    if (problem === null) return this.#screen.banner("");
    if (problem === "sign_in") return this.#screen.banner(this.#say("sign_in"), { label: this.#say("sign_in_again"), run: () => void this.#signIn.open(true) });
    if (problem === "barred") return this.#screen.banner(this.#say("barred"), { label: this.#say("hand_over"), run: () => void this.#handOver.open() });
    const name = problem === "too_large" ? "refused" : problem;
    this.#screen.banner(this.#say(name), { label: this.#say("send_now"), run: () => this.#sync.now() });
  }

  // Somebody else has signed in on this tablet: what is here belongs to the judge before, and waits for that judge.
  async #leaveToAnother(): Promise<void> {
    await this.#store.leave(null);
    location.assign(this.#page.addresses.desk ?? this.#page.addresses.sign_in);
  }

  // --- the device -----------------------------------------------------------------------------------

  async #lookAtDevice(): Promise<void> {
    const since = await this.#store.waitingSince();
    this.#tell("unsent_day", since !== null && Date.now() - since > A_DAY ? {} : null, [{ label: this.#say("hand_over"), run: () => void this.#handOver.open() }]);
    const { quota = Number.POSITIVE_INFINITY, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
    this.#tell("little_room", quota - usage < LITTLE_ROOM ? {} : null);
    const held = await this.#store.heldForOthers();
    this.#tell("held", held.length > 0 ? { n: held.reduce((all, one) => all + one.count, 0) } : null, this.#waysFor(held));
  }

  // Only this event's server can open the file, and only it takes what is handed over; for another event, its own page is opened.
  #waysFor(held: Held[]): Action[] {
    const stores = held.filter((one) => one.scope.startsWith(`${this.#page.event}:`)).map((one) => this.#store.of(one.scope));
    const ways: Action[] = [];
    if (stores.length === 0) return ways;
    if (canSealFor(this.#page.emergency_key)) {
      ways.push({ label: this.#say("emergency_save"), run: () => void Promise.all(stores.map(async (store) => save(await emergencyText(this.#page, store)))) });
    }
    if (this.#page.addresses.quarantine) {
      const give = async () => {
        for (const store of stores) await this.#sync.surrender(store);
        await this.#lookAtDevice();
      };
      ways.push({ label: this.#say("held_give"), run: () => void give() });
    }
    return ways;
  }

  // The storage of the browser was cleared while something waited in it, or this is another browser than before.
  async #sayWhatWasLost(): Promise<void> {
    const isGone = this.#before > 0 && (await this.#store.queue()).length === 0 && (await this.#store.sender()) === null;
    this.#tell("cleared", isGone ? { n: this.#before } : null);
  }

  async #joined(joined: Joined): Promise<void> {
    if (this.#notices.has("cleared") || (joined.last_sequence === 0 && (joined.receipts ?? 0) > 0)) this.#tell("known", { n: joined.receipts ?? 0 });
    const skew = Math.abs(Date.now() - Date.parse(joined.server_time ?? ""));
    this.#tell("clock", skew > 60_000 ? { n: Math.round(skew / 60_000) } : null);
  }

  // Said when it changes: whoever has understood it is not told every half minute.
  #sayBeside(devices: string[]): void {
    const names = devices.join(", ");
    if (names === this.#beside) return;
    this.#beside = names;
    this.#tell("beside", names ? { devices: names } : null);
  }

  #tell(name: string, values: Record<string, string | number> | null, ways: Action[] = []): void {
    this.#notices.get(name)?.remove();
    this.#notices.delete(name);
    if (!values) return;
    const close = h("button", { type: "button", class: "button button-quiet", click: () => this.#tell(name, null) }, this.#say("understood"));
    const buttons = ways.map(({ label, run }) => h("button", { type: "button", class: "button button-secondary", click: () => run?.() }, label));
    const notice = h("div", { class: "banner device-notice", role: "status", "data-notice": name }, h("p", {}, this.#say(name, values)), ...buttons, close);
    this.#notices.set(name, notice);
    this.#screen.notices.append(notice);
  }

  #say(name: string, values: Record<string, string | number> = {}): string {
    return fill(this.#page.texts[name] ?? name, values);
  }
}
