"""Pages of boards: for visitors, for projectors, for programs, and the page from which a board is worked."""

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, json, make_response, render_template, request
from flask_login import current_user

from competition.boards import presenters, queries, services
from competition.boards.forms import CeremonyForm, NextForm, SwitchForm, TakeBackForm
from competition.boards.models import Announced, Ceremony, RevealOrder
from competition.boards.shelf import Kept, Leaf, kept, shelf
from competition.boards.window import GOOD_UNTIL
from competition.clock import now
from competition.competitions import event_links
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id, event_for
from competition.errors import NotFound
from competition.results.queries import newest_publication
from competition.rules.access import Permission
from competition.rules.lifecycle import EventState
from competition.rules.sentences import sentence
from competition.transactions import transaction
from competition.web.access import actor, public, requires
from competition.web.errors import constraint_says
from competition.web.forms import EmptyForm, Form, reporting
from competition.web.language import language
from competition.web.paging import page_number
from competition.web.templating import page, see_other

blueprint = Blueprint("boards", __name__)

CONTROL = Permission.BOARDS_BOARD_CONTROL
JSON_LINES = 100
THEMES = ("light", "dark")
"""The appearances a visitor can choose; whatever else the cookie says is that of the device."""
FRESH = "public, max-age=1, stale-while-revalidate=5"
"""Visitors and proxies may keep a board for a second; then they ask with its tag."""
_FROM_SCORING = {EventState.SCORING, EventState.SCORED, EventState.PUBLISHED}

event_links.offer(sentence("Board"), "boards.show_board", None, _FROM_SCORING, order=75)
event_links.offer(sentence("Work the board"), "boards.show_controls", CONTROL, _FROM_SCORING, order=76)
constraint_says(
    "uq_ceremony_step_event_id_ceremony_id_number",
    sentence("Somebody else revealed this line a moment ago. Look at the board before you go on."),
)
constraint_says(
    "pk_board", sentence("Somebody else worked this board a moment ago. Look at it and try again.")
)


# --- for everybody --------------------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/board")
@public
def show_board(event_id: UUID) -> Response:
    """The board of an event, fifty lines at a time; it brings itself up to date."""
    leaf = shelf().leaf(event_id)
    number = _page_of(len(leaf.shown.lines), presenters.PAGE_SIZE)

    def build() -> bytes:
        shown = presenters.board_page(event_by_id(event_id), leaf.shown, number=number)
        return render_template("boards/show.html", board=shown).encode()

    return _own_or_everybodys(leaf, _part("page", number), build)


@blueprint.get("/events/<uuid:event_id>/board/screen")
@public
def show_screen(event_id: UUID) -> Response:
    """The board for a projector: twelve lines at a time, turning its pages; the same for everybody.

    Where the board has become shorter a projector goes on with its last page: nobody stands beside it.
    """
    leaf = shelf().leaf(event_id)
    number = min(page_number(), presenters.screen_pages(leaf.shown))

    def build() -> bytes:
        shown = presenters.screen(event_by_id(event_id), leaf.shown, number=number)
        return render_template("boards/screen.html", board=shown).encode()

    return _of_everybody(leaf, kept(leaf.pages, _part("screen", number), build), "text/html")


@blueprint.get("/events/<uuid:event_id>/board/teams")
@public
def show_teams(event_id: UUID) -> Response:
    """The teams or delegations of an event's board, fifty at a time; the page brings itself up to date."""
    leaf = shelf().leaf(event_id)
    number = _page_of(len(leaf.shown.teams), presenters.PAGE_SIZE)

    def build() -> bytes:
        shown = presenters.team_page(event_by_id(event_id), leaf.shown, number=number)
        return render_template("boards/teams.html", board=shown).encode()

    return _own_or_everybodys(leaf, _part("teams", number), build)


@blueprint.get("/events/<uuid:event_id>/board.json")
@public
def read_board(event_id: UUID) -> Response:
    """The board for programs: a hundred lines and a hundred teams at a time."""
    leaf = shelf().leaf(event_id)
    number = _page_of(max(len(leaf.shown.lines), len(leaf.shown.teams)), JSON_LINES)

    def build() -> bytes:
        plain = presenters.as_json(event_by_id(event_id), leaf.shown, number=number, size=JSON_LINES)
        return json.dumps(plain, ensure_ascii=False).encode()

    return _of_everybody(leaf, kept(leaf.pages, ("json", number), build), "application/json")


@blueprint.get("/competitions/<uuid:competition_id>/board")
@public
def show_competition_board(competition_id: UUID) -> Response:
    """Every event of a competition with its state, and what the delegations have won."""
    leaf = shelf().competition(competition_id)

    def build() -> bytes:
        return render_template(
            "boards/competition.html", board=leaf.board, ribbon_of=presenters.ribbon_of
        ).encode()

    if current_user.is_authenticated or not _is_plain():
        return _html(build())
    return _answered(kept(leaf.pages, _part("page", 1), build), "text/html")


@blueprint.get("/competitions/<uuid:competition_id>/board/screen")
@public
def show_competition_screen(competition_id: UUID) -> Response:
    """The board of a competition for a projector."""
    leaf = shelf().competition(competition_id)
    number = presenters.competition_screen(leaf.board, number=page_number()).number

    def build() -> bytes:
        shown = presenters.competition_screen(leaf.board, number=number)
        return render_template(
            "boards/competition_screen.html", board=shown, ribbon_of=presenters.ribbon_of
        ).encode()

    return _answered(kept(leaf.pages, _part("screen", number), build), "text/html")


def _part(kind: str, number: int) -> Hashable:
    """What an anonymous page depends on beside the board: which page, in which language and appearance."""
    theme = request.cookies.get("theme")
    return kind, number, language(), theme if theme in THEMES else None


def _page_of(lines: int, size: int) -> int:
    """The page asked for. NotFound beyond the last one."""
    number = page_number()
    if number > max(1, -(-lines // size)):
        raise NotFound(sentence("This list has no page %(number)s.", number=number))
    return number


def _is_plain() -> bool:
    """Whether the address has nothing in it but the page, so that the page can be the same for everybody."""
    return set(request.args) <= {"page"}


def _html(body: bytes) -> Response:
    return make_response(body, 200, {"Content-Type": "text/html; charset=utf-8"})


def _own_or_everybodys(leaf: Leaf, part: Hashable, build: Callable[[], bytes]) -> Response:
    """A page with the person's own menu for whoever is signed in; for all others the one that is kept."""
    if current_user.is_authenticated or not _is_plain():
        return _html(build())
    return _of_everybody(leaf, kept(leaf.pages, part, build), "text/html")


def _of_everybody(leaf: Leaf, page_: Kept, media_type: str) -> Response:
    """A finished page that the window may give to whoever else asks, while the leaf counts as the present one."""
    request.environ[GOOD_UNTIL] = shelf().good_until(leaf)
    return _answered(page_, media_type)


def _answered(page_: Kept, media_type: str) -> Response:
    """A finished page, or the word that it has not changed."""
    headers: dict[str, Any] = {
        "ETag": f'"{page_.tag}"',
        "Cache-Control": FRESH,
        "Vary": "Cookie",
    }
    if page_.tag in request.if_none_match:
        return Response(status=304, headers=headers)
    return Response(page_.body, 200, headers, content_type=f"{media_type}; charset=utf-8")


# --- for who works the board ----------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/board/controls")
@requires(CONTROL)
def show_controls(event_id: UUID) -> Response:
    """What the board shows, what comes next, and every act that there is."""
    return _controls(event_for(actor(), event_id, CONTROL))


@blueprint.post("/events/<uuid:event_id>/board")
@requires(CONTROL)
def switch_board(event_id: UUID) -> Any:
    """Switch live standings on or off."""
    event = event_for(actor(), event_id, CONTROL)
    form = SwitchForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.switch_board(event, on=form.on.data == "yes", by=actor(), at=now())
            return _back(event_id)
    return _controls(event, form)


@blueprint.post("/events/<uuid:event_id>/board/freeze")
@requires(CONTROL)
def freeze_board(event_id: UUID) -> Any:
    """Keep what the board shows."""
    event = event_for(actor(), event_id, CONTROL)
    form = EmptyForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.freeze_board(event, by=actor(), at=now())
            return _back(event_id)
    return _controls(event, form)


@blueprint.post("/events/<uuid:event_id>/board/freeze/end")
@requires(CONTROL)
def lift_freeze(event_id: UUID) -> Any:
    """Show again what there is."""
    event = event_for(actor(), event_id, CONTROL)
    form = EmptyForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.lift_freeze(event, by=actor(), at=now())
            return _back(event_id)
    return _controls(event, form)


@blueprint.post("/events/<uuid:event_id>/board/ceremony")
@requires(CONTROL)
def open_ceremony(event_id: UUID) -> Any:
    """Draw the curtain for a ceremony."""
    event = event_for(actor(), event_id, CONTROL)
    form = CeremonyForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.open_ceremony(event, order=RevealOrder(form.order.data), by=actor(), at=now())
            return _back(event_id)
    return _controls(event, form)


@blueprint.post("/events/<uuid:event_id>/board/ceremony/steps")
@requires(CONTROL)
def reveal_next(event_id: UUID) -> Any:
    """Reveal the next line."""
    event = event_for(actor(), event_id, CONTROL)
    form = NextForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.reveal_next(
                event, number=form.number.data, of=Announced(form.of.data), by=actor(), at=now()
            )
            return _back(event_id)
    return _controls(event, form)


@blueprint.post("/events/<uuid:event_id>/board/ceremony/steps/latest")
@requires(CONTROL)
def take_back(event_id: UUID) -> Any:
    """Take the latest line back, with a note."""
    event = event_for(actor(), event_id, CONTROL)
    form = TakeBackForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.take_back(event, note=form.note.data, by=actor(), at=now())
            return _back(event_id)
    return _controls(event, form)


@blueprint.post("/events/<uuid:event_id>/board/ceremony/end")
@requires(CONTROL)
def end_ceremony(event_id: UUID) -> Any:
    """End the ceremony."""
    event = event_for(actor(), event_id, CONTROL)
    form = EmptyForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.end_ceremony(event, by=actor(), at=now())
            return _back(event_id)
    return _controls(event, form)


def _back(event_id: UUID) -> Any:
    return see_other("boards.show_controls", event_id=event_id)


def _controls(event: Event, form: Form | None = None) -> Response:
    ceremony = queries.open_ceremony_of(event.id)
    return page(
        "boards/controls.html",
        form=form,
        event=event,
        shown=queries.board_of(event),
        ribbon_of=presenters.ribbon_of,
        switch=queries.board(event.id),
        allows_live=queries.allows_live(event),
        is_live=queries.is_live(event),
        freeze=queries.holding_freeze(event.id),
        ceremony=ceremony,
        announced=queries.announced_of(event, ceremony) if ceremony else None,
        held_until=_held_until(ceremony),
        is_public=newest_publication(event.id) is not None,
        steps=queries.steps_of(ceremony) if ceremony else [],
        opening=form if isinstance(form, CeremonyForm) else CeremonyForm(formdata=None),
        returning=form if isinstance(form, TakeBackForm) else TakeBackForm(formdata=None),
    )


def _held_until(ceremony: Ceremony | None) -> datetime | None:
    """When a ceremony that holds the result back would let it go by itself; None where it holds nothing."""
    if ceremony is None or ceremony.event_id not in queries.held_events(ceremony.event_id, at=now()):
        return None
    return ceremony.opened_at + queries.LONGEST_HOLD
