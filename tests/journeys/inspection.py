"""What makes a page good to use, asked of the browser that shows it: for everybody, on every screen, from this host only."""

import json
from collections.abc import Iterable
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page, ViewportSize

NARROWEST: ViewportSize = {"width": 320, "height": 640}
PHONE: ViewportSize = {"width": 360, "height": 640}
TABLET: ViewportSize = {"width": 1024, "height": 768}
LEAST_HEIGHT = 44
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

_VIOLATIONS = """
async (only) => {
  // Nothing is fetched for rules that look into style sheets and films: no rule that runs here does.
  const result = await axe.run(document, {runOnly: only, resultTypes: ["violations"], preload: false});
  return result.violations.map(each => [each.id, each.nodes.map(node => [node.target.join(" "), node.failureSummary])]);
}
"""

_TOO_WIDE = """
() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const scrolls = element => {
    for (let up = element.parentElement; up && up !== document.body; up = up.parentElement)
      if (getComputedStyle(up).overflowX !== "visible") return true;
    return false;
  };
  return [...document.querySelectorAll("body *")]
    .filter(each => each.getBoundingClientRect().right > room + 1 && !scrolls(each))
    .slice(-3).map(each => each.outerHTML.slice(0, 120))
    .concat(`${document.documentElement.scrollWidth} px`);
}
"""

_TOO_LOW = """
(least) => {
  const controls = "button, select, textarea, summary, input:not([type=hidden]), a.button, [role=button], [role=tab], nav li > a";
  const area = each => ["checkbox", "radio"].includes(each.type) && each.labels.length ? each.labels[0] : each;
  return [...document.querySelectorAll(controls)]
    .filter(each => each.checkVisibility({visibilityProperty: true, opacityProperty: true}))
    .map(each => [each, area(each).getBoundingClientRect()])
    .filter(([each, box]) => box.width > 1 && box.height > 1 && box.height < least - 0.5)
    .map(([each, box]) => `${Math.round(box.height)} px: ${each.outerHTML.slice(0, 120)}`);
}
"""


class Witness:
    """Notes what a context does behind the page: complaints of the browser, and requests that leave the house."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.host = urlsplit(home).netloc
        self.complaints: list[str] = []
        context.on("console", lambda message: self._complain(message.type, message.text))
        context.on("weberror", lambda problem: self.complaints.append(f"script: {problem.error}"))
        context.on("request", lambda request: self._note(request.url))

    def _complain(self, kind: str, words: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(f"{kind}: {words}")

    def _note(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.host:
            self.complaints.append(f"leaves the host: {address}")

    def take(self) -> list[str]:
        """What was noted since the last time."""
        taken, self.complaints = self.complaints, []
        return taken


def violations(page: Page, only: dict[str, object] | None = None) -> Iterable[str]:
    """What axe finds: everything of WCAG 2.2 AA, or the rules named. From the top: what lies half under a bar can be scrolled out."""
    page.evaluate("() => scrollTo(0, 0)")
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    for rule, places in page.evaluate(_VIOLATIONS, only or {"type": "tag", "values": list(TAGS)}):
        for place, words in places:
            yield f"axe {rule} at {place}: {' '.join(words.split())}"


def violations_in_both_themes(page: Page) -> Iterable[str]:
    """All rules in the light; in the dark those that look at colours."""
    _show(page, "light")
    yield from violations(page)
    _show(page, "dark")
    yield from (
        f"dark: {words}" for words in violations(page, {"type": "rule", "values": ["color-contrast"]})
    )
    _show(page, "light")


def _show(page: Page, theme: str) -> None:
    page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)


def too_wide(page: Page) -> Iterable[str]:
    """What sticks out when the page is 320 px wide."""
    page.set_viewport_size(NARROWEST)
    found = page.evaluate(_TOO_WIDE)
    if found:
        yield f"scrolls sideways at 320 px: {json.dumps(found, ensure_ascii=False)}"


def too_low(page: Page) -> Iterable[str]:
    """Controls that a thumb misses on a phone."""
    page.set_viewport_size(PHONE)
    yield from (f"control too low: {words}" for words in page.evaluate(_TOO_LOW, LEAST_HEIGHT))


def focus_is_visible(page: Page) -> bool:
    """Whether what has the focus shows it: an outline of at least 2 px, or a ring of the same."""
    return bool(
        page.evaluate(
            """() => {
              const style = getComputedStyle(document.activeElement);
              const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
              return outline || (style.boxShadow !== "none" && style.boxShadow !== "");
            }"""
        )
    )
