"""How a story is told in a browser: people with their own devices, and sentences that say where a story broke off."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.journeys.inspection import Witness

DESK: ViewportSize = {"width": 1366, "height": 768}
PATIENCE = 60_000
"""Milliseconds a step may take: for a busy machine, not as a measure of speed."""

Given = ParamSpec("Given")
Told = TypeVar("Told")


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, browser: Browser, home: str, name: str, screen: ViewportSize | None = None) -> None:
        self.name, self.home = name, home
        self.context = browser.new_context(
            base_url=home,
            viewport=screen or DESK,
            locale="zh-CN",
            reduced_motion="reduce",
            accept_downloads=True,
        )
        self.context.set_default_timeout(PATIENCE)
        self.witness = Witness(self.context, home)
        self.page: Page = self.context.new_page()
        self.password = ""

    def opens(self, path: str) -> Page:
        answer = self.page.goto(path)
        assert answer is not None and answer.ok, f"{path} answers {answer.status if answer else 'nothing'}"
        return self.page

    def follows(self, ending: str) -> Page:
        """Follow the link of the page whose address ends so."""
        with self.page.expect_navigation():
            self.page.locator(f'main a[href$="{ending}"]').first.click()
        return self.page

    def chooses_from_the_menu(self, address: str) -> Page:
        with self.page.expect_navigation():
            self.page.locator(f'.site-nav a[href="{address}"]').click()
        return self.page

    def fills_in(self, **values: str) -> None:
        """Fill in fields by their names; of a list the option that carries the words is chosen."""
        for name, value in values.items():
            field = self.page.locator(f'main [name="{name}"]:not([type=hidden])').first
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value=_option(field, value))
            else:
                field.fill(value)

    def presses(self, action: str = "") -> Page:
        """Press the button of the form that posts to an address ending so; of the page's own form when none is named."""
        posting = (
            f'main form[method=post][action$="{action}"]'
            if action
            else "main form[method=post]:not([action])"
        )
        button = self.page.locator(posting).last.locator("button[type=submit]").first
        with self.page.expect_navigation():
            button.click()
        refused = self.page.locator(".error-summary, .field-error")
        assert refused.count() == 0, f"{self.name} was refused: {refused.first.inner_text()}"
        return self.page

    def sees(self, *words: str) -> None:
        for each in words:
            expect(self.page.locator("main")).to_contain_text(each, timeout=PATIENCE)

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.home)


def _option(field: Locator, words: str) -> str:
    """The value of the option named so; else of the first whose value or words end so, else that contains them."""
    options: list[list[str]] = field.evaluate("field => [...field.options].map(one => [one.value, one.text])")
    fits: list[Callable[[str, str], bool]] = [
        lambda value, text: words in (value, text),
        lambda value, text: text.endswith(words) or value.endswith(words),
        lambda value, text: words in text,
    ]
    for fit in fits:
        if found := [value for value, text in options if fit(value, text)]:
            return found[0]
    raise AssertionError(f"no option {words!r} among {[text for _value, text in options]}")


class Story:
    """A story: who is in it, what is known so far, and where pictures of a failure go."""

    def __init__(self, browser: Browser, home: str, pictures: Path) -> None:
        self.browser, self.home, self.pictures = browser, home, pictures
        self.people: dict[str, Person] = {}

    def somebody(self, name: str, screen: ViewportSize | None = None) -> Person:
        if name not in self.people:
            self.people[name] = Person(self.browser, self.home, name, screen)
        return self.people[name]


Teller = TypeVar("Teller", bound=Story)


def sentence(
    step: Callable[Concatenate[Teller, Given], Told],
) -> Callable[Concatenate[Teller, Given], Told]:
    """One sentence of a story, named by its function: when it fails, it says so and takes a picture of every screen."""

    @functools.wraps(step)
    def told(story: Teller, /, *args: Given.args, **kwargs: Given.kwargs) -> Told:
        words = " ".join([step.__name__.replace("_", " "), *map(_short, args)])
        try:
            result = step(story, *args, **kwargs)
            _nobody_complains(story)
        except Exception as problem:
            screens = "\n".join(_pictures(story))
            raise AssertionError(f"The story broke off at: “{words}”.\n{problem}\n{screens}") from problem
        return result

    return told


def _nobody_complains(story: Story) -> None:
    """No browser found fault with a page, and none asked another host."""
    for person in story.people.values():
        complaints = [words for words in person.witness.take() if "ERR_INTERNET_DISCONNECTED" not in words]
        assert not complaints, f"the browser of {person.name}: {complaints}"


def _pictures(story: Story) -> list[str]:
    taken = []
    for name, person in story.people.items():
        picture = story.pictures / f"{name}.png"
        try:
            person.page.screenshot(path=picture, full_page=True)
            taken.append(f"{name} at {person.path}: {picture}")
        except Exception as problem:
            taken.append(f"{name}: no picture ({problem})")
    return taken


def _short(thing: Any) -> str:
    return str(getattr(thing, "name", thing))[:60]
