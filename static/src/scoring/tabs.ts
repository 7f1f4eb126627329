// Several tabs of one browser: one of them sends at a time, and what one does the others show.

/** Do the work while no other tab of this browser does work of the same name. Without the browser's locks (no TLS) it is done at once:
 * the server answers whatever comes twice with “duplicate”. */
export async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks ? await navigator.locks.request(name, work) : await work();
}

/** Tells the other tabs of one scope that what is kept on this device has changed. */
export class Tabs {
  readonly #channel: BroadcastChannel | null;
  readonly #scope: string;

  constructor(scope: string, changed: () => void) {
    this.#scope = scope;
    this.#channel = typeof BroadcastChannel === "function" ? new BroadcastChannel("skillsladder-scoring") : null;
    this.#channel?.addEventListener("message", (event: MessageEvent<unknown>) => {
      if (event.data === this.#scope) changed();
    });
  }

  tell(): void {
    this.#channel?.postMessage(this.#scope);
  }
}
