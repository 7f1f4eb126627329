// The page itself on this device: a service worker keeps the shell and its scripts, so that a reload without a network shows the sheets.
// Without one (an old browser, a server without TLS) everything else works all the same.

/** Let the worker keep the page of this event; it fetches it by itself, so that nothing said to one person is kept. */
export async function keepShell(worker: string, desk: string): Promise<void> {
  if (!navigator.serviceWorker) return;
  try {
    const keep = async () => (await navigator.serviceWorker.ready).active?.postMessage({ keep: desk });
    navigator.serviceWorker.addEventListener("controllerchange", () => void keep());
    await navigator.serviceWorker.register(worker);
    await keep();
  } catch (error) {
    console.warn("no service worker", error);
  }
}
