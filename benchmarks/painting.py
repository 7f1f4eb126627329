"""From the finger to the screen: the judge's sheet in a real browser, behind a network that is far away and loses.

A round trip takes 800 ms, and one piece in ten is lost and sent again a second later, as TCP does it. The baseline is the same
keypad on an empty page with none of our scripts and no network at all. Times are taken in the page, from the event's own time
stamp to the frame after the change; the weight of the page is what Chromium received for it on its first visit.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from threading import Thread

from playwright.sync_api import Page, sync_playwright

from benchmarks import contest
from benchmarks.figures import Baseline, Figures, Measurement, divided, latencies
from benchmarks.house import PASSWORD, House
from benchmarks.rivals import Bench
from benchmarks.servers import real_server
from competition.gate.browser import browser_executable, launch_arguments

CONTESTANTS, SHEETS, FEW = 60, 12, 1
ROUND_TRIP, LOST, AGAIN = 0.8, 0.1, 1.0
KEYS = "789456123.0"
KINDS = {
    "digit": "a digit painted",
    "mark": "a mark painted in its row or level",
    "next": "a mark kept on the device, the next item painted",
}
BARE = "the same keypad on an empty page, a few lines of script, no network"

WATCH = """
(() => {
  window.taps = [];
  const frame = then => requestAnimationFrame(() => {
    const after = new MessageChannel();
    after.port1.onmessage = then;
    after.port2.postMessage(null);
  });
  const current = () => document.querySelector(".item[aria-current]");
  const text = row => row.querySelector(".item-value").textContent;
  addEventListener("click", event => {
    const key = event.target.closest("[data-key], [data-level]");
    if (!key) return;
    const watch = (kind, isThere) => {
      const done = () => window.taps.push([kind, performance.now() - event.timeStamp]);
      const look = () => isThere() ? frame(done) : requestAnimationFrame(look);
      look();
    };
    const row = current(), before = row && text(row), digits = document.querySelector("[data-number]")?.value;
    if (key.dataset.level !== undefined) watch("mark", () => key.getAttribute("aria-pressed") === "true");
    else if (key.dataset.key !== "Enter") watch("digit", () => true);
    else {
      if (digits && digits !== before) watch("mark", () => text(row) !== before);
      watch("next", () => current() !== row);
    }
  }, true);
})()
"""

EMPTY = """<!doctype html><title>keypad</title><input data-number inputmode="none"><div class="keypad"></div><script>
for (const key of "789456123.0") {
  const button = document.createElement("button");
  button.dataset.key = button.textContent = key;
  button.style.cssText = "inline-size: 5rem; block-size: 4rem";
  button.addEventListener("click", () => { document.querySelector("input").value += key; });
  document.querySelector(".keypad").append(button);
}
</script>"""


def measure(bench: Bench) -> list[Measurement]:
    """A digit on the screen, a mark in its place, the next item once the mark is kept on the device, and what the page weighs."""
    house = House(_folder(bench), CONTESTANTS)
    house.scoring()
    browser_executable()
    with (
        real_server(house.environment) as server,
        _far_away(server.port) as port,
        sync_playwright() as engine,
    ):
        browser = engine.chromium.launch(executable_path=browser_executable(), args=launch_arguments())
        bare = _bare(browser.new_page(), FEW if bench.quick else SHEETS)
        page = browser.new_page(base_url=f"http://127.0.0.1:{port}", viewport={"width": 1024, "height": 768})
        page.set_default_timeout(120_000)
        weight = _weight(page)
        _open(page, house)
        kilobytes = round(weight() / 1000, 1)
        taps = _mark(page, FEW if bench.quick else SHEETS)
        browser.close()
    return [_compared(kind, taps[kind], bare, kilobytes) for kind in KINDS]


def _folder(bench: Bench) -> Path:
    folder = bench.folder / "painting"
    folder.mkdir()
    return folder


def _compared(kind: str, taps: list[float], bare: list[float], kilobytes: float) -> Measurement:
    ours: Figures = {**latencies([one / 1000 for one in taps]), "taps": len(taps), "page_kb": kilobytes}
    theirs = latencies([one / 1000 for one in bare])
    name = f"{KINDS[kind]}, {ROUND_TRIP * 1000:.0f} ms round trips, {LOST:.0%} lost"
    return Measurement(name, "ms", ours, Baseline(BARE, theirs), divided(ours["p95_ms"], theirs["p95_ms"]))


# --- the browser ----------------------------------------------------------------------------------


def _bare(page: Page, sheets: int) -> list[float]:
    page.set_content(EMPTY)
    page.evaluate(WATCH)
    for _ in range(sheets * 5):
        for key in "8.5":
            page.locator(f'[data-key="{key}"]').click()
    return [float(ms) for _kind, ms in page.evaluate("window.taps")]


def _open(page: Page, house: House) -> None:
    """Sign in and open the desk for the first time: everything is fetched through the bad network."""
    page.goto("/sign-in")
    page.fill("[name=username]", "taker1")
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.click("main button[type=submit]")
    page.evaluate("localStorage.setItem('skillsladder-practised', 'yes')")
    page.goto(f"/judging/{house.event_id}/desk")
    page.locator(".item").first.wait_for()


def _weight(page: Page) -> Callable[[], float]:
    """The bytes that came over the network for the page of the desk, headers and all, nothing of it known before."""
    session, received = page.context.new_cdp_session(page), {"bytes": 0.0}
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.on("Network.loadingFinished", lambda told: _add(received, told["encodedDataLength"]))
    page.on(
        "framenavigated", lambda frame: received.update(bytes=0.0) if frame.url.endswith("/desk") else None
    )
    return lambda: received["bytes"]


def _add(received: dict[str, float], more: float) -> None:
    received["bytes"] += more


def _mark(page: Page, sheets: int) -> dict[str, list[float]]:
    """Whole sheets by the keypad alone, while what was marked before is on its way."""
    page.evaluate(WATCH)
    for sheet in range(sheets):
        for aspect in contest.ASPECTS:
            page.locator(f'.item[aria-current][data-item^="{aspect}/"]').wait_for()
            _tap(page, aspect)
        if sheet + 1 < sheets:
            page.locator("[data-foot] [data-way=next_code]").click()
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for kind, ms in page.evaluate("window.taps"):
        found[kind].append(float(ms))
    return found


def _tap(page: Page, aspect: str) -> None:
    if aspect in contest.JUDGED:
        page.locator('[data-level="2"]').click()
        page.locator('[data-level="2"][aria-pressed="true"]').wait_for()
    else:
        for key in "8.5":
            page.locator(f'[data-key="{key}"]').click()
    page.locator('[data-key="Enter"]').click()


# --- the network ----------------------------------------------------------------------------------


@contextmanager
def _far_away(port: int) -> Iterator[int]:
    """A port from which the server is half a round trip away, both ways."""
    loop, chance = asyncio.new_event_loop(), Random(1)

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        carrier = loop.create_task(_deliver(waiting, writer))
        due = 0.0
        with suppress(OSError):
            while piece := await reader.read(65_536):
                late = AGAIN if chance.random() < LOST else 0.0
                due = max(due, loop.time() + ROUND_TRIP / 2 + late)
                waiting.put_nowait((due, piece))
        waiting.put_nowait((due, b""))
        await carrier

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind, before = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(carry(reader, before), carry(behind, writer))

    server = loop.run_until_complete(asyncio.start_server(connect, "127.0.0.1", 0))
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(_end, loop)
        thread.join(5)


def _end(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.call_later(0.1, loop.stop)


async def _deliver(waiting: "asyncio.Queue[tuple[float, bytes]]", writer: asyncio.StreamWriter) -> None:
    """Every piece when it is due, in order; an empty one is the end."""
    with suppress(OSError):
        while True:
            due, piece = await waiting.get()
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            if not piece:
                break
            writer.write(piece)
            await writer.drain()
        writer.close()
