"""Pages of results: what is released, why a place is what it is, and how a result is prepared and published."""

import hashlib
import io
from collections.abc import Callable, Hashable, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, make_response, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from competition.accounts.reauthentication import knows_password
from competition.clock import now
from competition.competitions import event_links
from competition.competitions.event_links import Step
from competition.competitions.holds import is_held, is_public
from competition.competitions.models import Event, Tier
from competition.competitions.queries import event_by_id, event_for, rule_set_of
from competition.competitions.words import TITLES
from competition.errors import NotFound, RuleBroken
from competition.registration.models import Entrant
from competition.registration.queries import quota_cautions
from competition.results import bundles, documents, queries, services
from competition.results.consequences import consequences
from competition.results.forms import (
    BY_THE_RULES,
    ApproveForm,
    AwardDecisionForm,
    OrderForm,
    PrepareForm,
    SignedOrderForm,
    order_form,
)
from competition.results.keeping import Shelf
from competition.results.models import Publication, ResultRevision
from competition.results.presenters import breakdowns, climbings, honours, lists, revisions, timelines, whys
from competition.rules.access import Permission
from competition.rules.lifecycle import EventState
from competition.rules.procedure import Breakdown
from competition.rules.sentences import sentence
from competition.scoring import queries as scoring
from competition.transactions import transaction
from competition.typesetting import pages, workbook
from competition.typesetting.printed import Document
from competition.web.access import actor, public, requires
from competition.web.errors import constraint_says
from competition.web.forms import reporting
from competition.web.language import language
from competition.web.paging import Page, page_number
from competition.web.templating import build_of_pages, menu_entry, page, see_other

blueprint = Blueprint("results", __name__)

MIME_TYPES = {"pdf": pages.MIME_TYPE, "xlsx": workbook.MIME_TYPE}
FRESH_FOR = 60
"""Seconds for which anybody may keep a published page without asking again."""
MOST_REPORTS = 300
"""Score reports in one file: more are printed delegation by delegation."""

_finished: Shelf[bytes] = Shelf(most=16, room=64 * 2**20, size=len)
"""The last lists, award lists and bundles of released results, as they were sent."""

READ = Permission.RESULTS_REVISION_READ
_FROM_SCORING = {EventState.SCORING, EventState.SCORED, EventState.PUBLISHED}

menu_entry(sentence("Results"), "results.list_results", None, 20)
event_links.offer(
    sentence("Result"), "results.show_results", None, {EventState.PUBLISHED}, order=70, applies=is_public
)
event_links.offer(
    sentence("Prepare and publish the result"),
    "results.show_publication",
    READ,
    _FROM_SCORING,
    step=Step.RESULTS,
    order=71,
)
event_links.offer(
    sentence("Revisions of the result"), "results.list_revisions", READ, _FROM_SCORING, order=72
)
event_links.offer(sentence("Advancement"), "results.show_advancement", READ, {EventState.PUBLISHED}, order=73)
constraint_says(
    "uq_publication_event_id_revision_id",
    sentence("This revision was published by somebody else a moment ago."),
)
constraint_says(
    "uq_result_revision_event_id_number",
    sentence("Somebody else prepared a revision a moment ago. Look at theirs first."),
)


# --- for everybody --------------------------------------------------------------------------------


@blueprint.get("/results")
@public
def list_results() -> Response:
    """Every event with a published result, the latest first."""
    wanted = _published_filter()
    number = page_number()
    rows, total = queries.published_page(wanted, page=number, size=20)
    return page(
        "results/list.html",
        publications=Page(rows, number, 20, total),
        wanted=wanted,
        tiers=[(tier, TITLES[tier]) for tier in Tier],
        editions=queries.published_editions(),
        occupations=queries.published_occupations(),
        tier_titles=TITLES,
    )


@blueprint.get("/events/<uuid:event_id>/results")
@public
def show_results(event_id: UUID) -> Response:
    """The released result, fifty places at a time; the same page for everybody."""
    publication = queries.public_result(event_id)

    def shown() -> Response:
        revision, level = publication.revision, _public_level(publication.revision)
        found = lists.result_list(revision, number=page_number(), text=_text(), breakdown=level)
        is_checkable = bundles.has_public_bundle(publication.revision)
        return page("results/show.html", result=found, prepared=False, is_checkable=is_checkable)

    return _released(publication, shown)


@blueprint.get("/events/<uuid:event_id>/results.<any(pdf, xlsx):file_format>")
@public
def export_results(event_id: UUID, file_format: str) -> Response:
    """The released result to print, or as a workbook."""

    def listed(revision: ResultRevision, *, address: str) -> Document:
        return documents.result_list(revision, address=address, breakdown=_public_level(revision))

    return _released_file(event_id, "result", file_format, listed, shown_at="results.show_results")


@blueprint.get("/events/<uuid:event_id>/awards")
@public
def show_awards(event_id: UUID) -> Response:
    """Awards, honours, prizes, teams and balances of the released result."""
    publication = queries.public_result(event_id)

    def shown() -> Response:
        return page("results/awards.html", ceremony=honours.ceremony_of(publication.revision))

    return _released(publication, shown)


@blueprint.get("/events/<uuid:event_id>/awards.<any(pdf, xlsx):file_format>")
@public
def export_awards(event_id: UUID, file_format: str) -> Response:
    """The award list to print, or as a workbook."""
    return _released_file(
        event_id, "awards", file_format, documents.award_list, shown_at="results.show_awards"
    )


@blueprint.get("/events/<uuid:event_id>/results/changes")
@public
def list_changes(event_id: UUID) -> Response:
    """What changed from one published revision to the next, in plain words."""
    publication = queries.public_result(event_id)

    def shown() -> Response:
        return page(
            "results/changes.html",
            head=lists.head_of(publication.revision),
            revisions=revisions.public_history(publication.event),
        )

    return _released(publication, shown)


@blueprint.get("/events/<uuid:event_id>/results/<uuid:entrant_id>")
@public
def show_working(event_id: UUID, entrant_id: UUID) -> Response:
    """Why this place: from the single mark to the line, as far as the rules make it public."""
    publication = _published_with(event_id, entrant_id)
    revision = publication.revision

    def shown() -> Response:
        level = whys.breakdown_for(actor(), revision, entrant_id)
        return page("results/why.html", why=whys.why(revision, entrant_id, breakdown=level), prepared=False)

    return _released(publication, shown, beside=queries.advancement_mark(publication))


@blueprint.get("/events/<uuid:event_id>/results/<uuid:entrant_id>/report.<any(pdf, xlsx):file_format>")
@public
def export_report(event_id: UUID, entrant_id: UUID, file_format: str) -> Response:
    """The score report of one entrant to print, or as a workbook: the same as the page, as far as the rules make it public."""
    publication = _published_with(event_id, entrant_id)
    revision = publication.revision
    address = _public_address("results.show_working", event_id=event_id, entrant_id=entrant_id)

    def drawn() -> Response:
        why = whys.why(revision, entrant_id, breakdown=whys.breakdown_for(actor(), revision, entrant_id))
        return _file(documents.score_report(why, address=address), "report", file_format, revision)

    return _released(publication, drawn)


@blueprint.get("/events/<uuid:event_id>/results/bundle.json")
@public
def export_bundle(event_id: UUID) -> Response:
    """Everything with which anybody can compute the released result again: marks without names, rules, signatures."""
    publication = queries.public_result(event_id)

    def made() -> bytes:
        return bundles.public_bundle(publication.revision).encode()

    def written() -> Response:
        return _bundle(_finished.of(_made_of(publication), made), publication.revision)

    return _released(publication, written)


@blueprint.get("/<any('verify_results.py', 'verify_awards.py'):program>")
@public
def export_verifier(program: str) -> Response:
    """The independent verifier, to be run at home beside a bundle."""
    answer = make_response(bundles.verifier_source(program))
    answer.headers["Content-Type"] = "text/x-python; charset=utf-8"
    answer.headers.set("Content-Disposition", "attachment", filename=program)
    answer.add_etag()
    return answer.make_conditional(request.environ)


def _published_filter() -> queries.PublishedFilter:
    tier, edition = request.args.get("tier", ""), request.args.get("edition", "")
    return queries.PublishedFilter(
        text=_text(),
        tier=Tier(tier) if tier in set(Tier) else None,
        edition=int(edition) if edition.isascii() and edition.isdecimal() and len(edition) < 6 else None,
        occupation=request.args.get("occupation") or None,
    )


def _text() -> str:
    return request.args.get("q", "").strip()[:100]


def _released(
    publication: Publication, shown: Callable[[], Response], *, beside: Sequence[object] = ()
) -> Response:
    """A released page: visitors and caches may keep it for a minute, and then ask with its tag.

    The tag is made of what the page is made of (the hash of the revision, how it stands, the address, the language, the
    release of the system, `beside`) and never of its bytes, so that asking again renders nothing.
    """
    if current_user.is_authenticated:
        return shown()
    made_of = (*_made_of(publication), request.full_path, *beside)
    digest = hashlib.sha256(repr(tuple(map(str, made_of))).encode()).hexdigest()
    tag = f"{publication.revision.hash[:16]}-{digest[:16]}"
    response = make_response("", 304) if request.if_none_match.contains(tag) else shown()
    response.set_etag(tag)
    response.headers["Cache-Control"] = f"public, max-age={FRESH_FOR}"
    response.headers["Vary"] = "Cookie"
    return response


def _released_file(
    event_id: UUID, kind: str, file_format: str, listed: Callable[..., Document], *, shown_at: str
) -> Response:
    """A released list as a file, drawn once and kept; the code on it leads to the page `shown_at`."""
    publication = queries.public_result(event_id)
    revision = publication.revision
    address = _public_address(shown_at, event_id=event_id)

    def made() -> bytes:
        return _bytes(listed(revision, address=address), file_format)

    def drawn() -> Response:
        return _attachment(_finished.of(_made_of(publication), made), kind, file_format, revision)

    return _released(publication, drawn)


def _published_with(event_id: UUID, entrant_id: UUID) -> Publication:
    """The released result in which the entrant stands."""
    publication = queries.public_result(event_id)
    if queries.line_of(publication.revision, entrant_id) is None:
        raise NotFound(queries.NOT_RELEASED)
    return publication


def _made_of(publication: Publication) -> tuple[Hashable, ...]:
    """What every released page and file is made of, with its address."""
    final = queries.final_of(publication.revision)
    event = publication.event
    return (
        *(publication.id, publication.revision.hash, final.at if final else None),
        *(event.version, event.competition.version, request.path, language(), build_of_pages()),
    )


def _bundle(content: bytes, revision: ResultRevision) -> Response:
    event = event_by_id(revision.event_id)
    name = f"bundle-{event.competition.code}-{event.code}-r{revision.number}.json"
    answer = make_response(content)
    answer.headers["Content-Type"] = "application/json; charset=utf-8"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _public_level(revision: ResultRevision) -> Breakdown:
    return breakdowns.public_breakdown(lists.rules_of(revision))


def _file(document: Document, kind: str, file_format: str, revision: ResultRevision) -> Response:
    return _attachment(_bytes(document, file_format), kind, file_format, revision)


def _bytes(document: Document, file_format: str) -> bytes:
    return pages.pdf(document) if file_format == "pdf" else workbook.xlsx(document, _("Result"))


def _attachment(content: bytes, kind: str, file_format: str, revision: ResultRevision) -> Response:
    """A document as PDF or workbook; the name says whose it is, and never who is in it."""
    event = event_by_id(revision.event_id)
    answer = send_file(
        io.BytesIO(content),
        mimetype=MIME_TYPES[file_format],
        as_attachment=file_format != "pdf",
        download_name=f"{kind}-{event.competition.code}-{event.code}-r{revision.number}.{file_format}",
        etag=False,
    )
    answer.direct_passthrough = False
    return answer


def _public_address(endpoint: str, **values: Any) -> str:
    """The address behind the code on paper, as people outside reach it."""
    base: str = current_app.config["SETTINGS"].base_url
    return f"{base}{url_for(endpoint, **values)}"


# --- before the public ----------------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/publication")
@requires(READ)
def show_publication(event_id: UUID) -> Response:
    """Where a result stands: sheets counted, what is in the way, who prepared it, who must approve it."""
    return _publication_page(event_for(actor(), event_id, READ))


@blueprint.post("/events/<uuid:event_id>/result-revisions")
@requires(Permission.RESULTS_REVISION_PREPARE)
def prepare_revision(event_id: UUID) -> Response:
    """Compute the result from the marks, as the next revision; whoever prepares it stands for it, with the own password."""
    event = event_for(actor(), event_id, Permission.RESULTS_REVISION_PREPARE)
    form = PrepareForm()
    if form.validate_on_submit() and knows_password(form, actor().account_id):
        with reporting(form):
            computed = services.compute(event)
            with transaction():
                services.prepare_revision(
                    event, reason=form.reason.data or "", computed=computed, by=actor(), at=now()
                )
            return see_other("results.show_publication", event_id=event_id)
    return _publication_page(event, prepare=form)


@blueprint.post("/events/<uuid:event_id>/tie-decisions")
@requires(Permission.RESULTS_REVISION_PREPARE)
def decide_tie(event_id: UUID) -> Response:
    """Prepare the result with a documented order of people whom no comparison tells apart."""
    event = event_for(actor(), event_id, Permission.RESULTS_REVISION_PREPARE)
    tie = _tie_form(event, queries.outlook(event))
    if tie is not None and tie.validate_on_submit() and knows_password(tie, actor().account_id):
        order, reason = tie.order(), tie.tie_reason.data
        with reporting(tie):
            computed = services.compute_decided(event, order=order, reason=reason)
            with transaction():
                services.decide_tie(
                    event, order=order, reason=reason, computed=computed, by=actor(), at=now()
                )
            return see_other("results.show_publication", event_id=event_id)
    return _publication_page(event, tie=tie)


@blueprint.get("/events/<uuid:event_id>/award-decisions")
@requires(Permission.RESULTS_REVISION_PREPARE)
def show_award_decisions(event_id: UUID) -> Response:
    """What people decided about single awards, and the form for one more decision."""
    return _award_decisions(event_for(actor(), event_id, Permission.RESULTS_REVISION_PREPARE))


@blueprint.post("/events/<uuid:event_id>/award-decisions")
@requires(Permission.RESULTS_REVISION_PREPARE)
def decide_award(event_id: UUID) -> Response:
    """Prepare the result with a decision about one award, or with one that is taken back."""
    event = event_for(actor(), event_id, Permission.RESULTS_REVISION_PREPARE)
    form = AwardDecisionForm(_award_titles(event))
    if form.validate_on_submit() and knows_password(form, actor().account_id):
        award = services.AS_COMPUTED if form.award.data == BY_THE_RULES else form.decided
        reason = form.decision_reason.data
        with reporting(form):
            entrant = _entrant_numbered(event, int(form.entry_number.data or 0))
            computed = services.compute_with_award(event, entrant, award=award, reason=reason)
            with transaction():
                services.decide_award(
                    event, entrant, award=award, reason=reason, computed=computed, by=actor(), at=now()
                )
            return see_other("results.show_publication", event_id=event_id)
    return _award_decisions(event, form)


def _entrant_numbered(event: Event, number: int) -> Entrant:
    entrant = queries.entrant_numbered(event, number)
    if entrant is None:
        raise RuleBroken(sentence("Nobody in this event has the number %(number)s.", number=number))
    return entrant


def _award_titles(event: Event) -> dict[str, str]:
    rule = rule_set_of(event).awards
    return {award.id: lists.in_words(award.title) for award in rule.every} if rule else {}


def _award_decisions(event: Event, form: AwardDecisionForm | None = None) -> Response:
    newest, awards = queries.newest_revision(event), _award_titles(event)
    return page(
        "results/award_decisions.html",
        form=form,
        status=422 if request.method == "POST" else None,
        event=event,
        newest=newest,
        decisions=lists.decisions_of(newest) if newest else (),
        awards=awards,
        decide=form or AwardDecisionForm(awards, formdata=None),
    )


@blueprint.post("/events/<uuid:event_id>/publication")
@requires(Permission.RESULTS_PUBLICATION_APPROVE)
def approve_publication(event_id: UUID) -> Response:
    """The second person approves, with the own password: the result is public from this moment."""
    event = event_for(actor(), event_id, Permission.RESULTS_PUBLICATION_APPROVE)
    form = ApproveForm()
    if form.validate_on_submit() and knows_password(form, actor().account_id):
        with reporting(form):
            revision = queries.revision_for(actor(), event_id, UUID(form.revision.data))
            checked = services.check_revision(revision)
            with transaction():
                services.approve_publication(
                    revision,
                    checked=checked,
                    extra_days=int(form.extra_days.data or 0),
                    zone=ZoneInfo(current_app.config["SETTINGS"].time_zone),
                    by=actor(),
                    at=now(),
                )
            return see_other("results.show_publication", event_id=event_id)
    return _publication_page(event, approve=form)


@blueprint.post("/events/<uuid:event_id>/result-final")
@requires(Permission.RESULTS_PUBLICATION_APPROVE)
def declare_final(event_id: UUID) -> Response:
    """The notice is over and nothing is open: the result is final, and its winners climb."""
    event = event_for(actor(), event_id, Permission.RESULTS_PUBLICATION_APPROVE)
    foreseen = services.foresee(event)
    with transaction():
        services.declare_final(event, foreseen=foreseen, by=actor(), at=now())
    return see_other("results.show_publication", event_id=event_id)


def _publication_page(
    event: Event,
    *,
    prepare: PrepareForm | None = None,
    approve: ApproveForm | None = None,
    tie: OrderForm | None = None,
) -> Response:
    waiting = queries.prepared_revision_for(actor(), event.id)
    released = queries.published_revision(event)
    outlook = queries.outlook(event)
    may = revisions.abilities(actor(), event, waiting)
    road = timelines.road(event, outlook, waiting, may, queries.obstacles(event, at=now()), now())
    return page(
        "results/publication.html",
        form=next((each for each in (prepare, approve, tie) if each is not None), None),
        status=422 if request.method == "POST" else None,
        event=event,
        road=road,
        counted=scoring.reconciliation(event) if event.state in _FROM_SCORING else None,
        missing=scoring.few_missing(event, actor()),
        outlook=outlook,
        cautions=quota_cautions(event) if event.parent_id else (),
        waiting=waiting,
        released=queries.newest_publication(event.id),
        is_held=is_held(event.id),
        notice_days=rule_set_of(event).procedure.publication.notice_days,
        changes=revisions.changes_since_release(event, waiting) if waiting else None,
        decisions=lists.decisions_of(waiting) if waiting else (),
        follows=consequences(event, released, waiting) if released and waiting else (),
        prepare=prepare or PrepareForm(formdata=None),
        approve=approve or ApproveForm(formdata=None),
        tie=tie or _tie_form(event, outlook, fresh=True),
        may=may,
    )


def _tie_form(event: Event, outlook: queries.Outlook, *, fresh: bool = False) -> SignedOrderForm | None:
    if not outlook.ties:
        return None
    codes = queries.codes_of(event)
    named = {name: _("Code %(code)s", code=codes.get(name, name)) for name in outlook.ties[0]}
    return order_form(dict(sorted(named.items(), key=lambda pair: pair[1])), SignedOrderForm, fresh=fresh)


@blueprint.get("/events/<uuid:event_id>/result-revisions")
@requires(READ)
def list_revisions(event_id: UUID) -> Response:
    """Every revision and what changed from number to number, in plain words."""
    event = event_for(actor(), event_id, READ)
    return page("results/revisions.html", event=event, revisions=revisions.history(event))


@blueprint.get("/events/<uuid:event_id>/result-revisions/<uuid:revision_id>")
@requires(READ)
def show_revision(event_id: UUID, revision_id: UUID) -> Response:
    """A revision as the public would see it."""
    revision = queries.revision_for(actor(), event_id, revision_id)
    shown = lists.result_list(revision, number=page_number(), text=_text())
    return page(
        "results/show.html",
        result=shown,
        prepared=True,
        is_checkable=bundles.has_public_bundle(revision),
        delegations=queries.delegations_reported(revision),
        most_reports=MOST_REPORTS,
    )


@blueprint.get("/events/<uuid:event_id>/result-revisions/<uuid:revision_id>.<any(pdf, xlsx):file_format>")
@requires(READ)
def export_revision(event_id: UUID, revision_id: UUID, file_format: str) -> Response:
    """A revision to print, or as a workbook."""
    revision = queries.revision_for(actor(), event_id, revision_id)
    address = _public_address("results.show_revision", event_id=event_id, revision_id=revision_id)
    return _file(documents.result_list(revision, address=address), "result", file_format, revision)


@blueprint.get("/events/<uuid:event_id>/result-revisions/<uuid:revision_id>/bundle.json")
@requires(READ)
def export_revision_bundle(event_id: UUID, revision_id: UUID) -> Response:
    """Everything with which a revision can be computed again, for those who may see it; never kept by a cache."""
    revision = queries.revision_for(actor(), event_id, revision_id)
    return _bundle(bundles.bundle_text(revision).encode(), revision)


@blueprint.get(
    "/events/<uuid:event_id>/result-revisions/<uuid:revision_id>/sign-off.<any(pdf, xlsx):file_format>"
)
@requires(READ)
def export_sign_off(event_id: UUID, revision_id: UUID, file_format: str) -> Response:
    """The list that chief judge, supervisor and organisers sign."""
    revision = queries.revision_for(actor(), event_id, revision_id)
    address = _public_address("results.show_revision", event_id=event_id, revision_id=revision_id)
    return _file(documents.sign_off_list(revision, address=address), "sign-off", file_format, revision)


@blueprint.get(
    "/events/<uuid:event_id>/result-revisions/<uuid:revision_id>/reports.<any(pdf, xlsx):file_format>"
)
@requires(READ)
def export_reports(event_id: UUID, revision_id: UUID, file_format: str) -> Response:
    """The score reports of everybody in a revision, or of one delegation, in one file and with every mark."""
    revision = queries.revision_for(actor(), event_id, revision_id)
    delegation = request.args.get("delegation", type=UUID)
    entrants = queries.reported(revision, delegation=delegation)
    if not entrants:
        raise NotFound()
    if len(entrants) > MOST_REPORTS:
        raise RuleBroken(
            sentence(
                "At most %(most)s score reports fit into one file; these are %(count)s.",
                most=MOST_REPORTS,
                count=len(entrants),
            ),
            next_step=sentence("Choose a delegation on the page of the revision."),
        )
    reports = [_report(revision, entrant) for entrant in entrants]
    is_pdf = file_format == "pdf"
    content = pages.many_pdf([each for _, each in reports]) if is_pdf else workbook.many_xlsx(reports)
    return _attachment(content, "reports", file_format, revision)


def _report(revision: ResultRevision, entrant_id: UUID) -> tuple[str, Document]:
    """One of many score reports, with the name of its sheet; the code on it leads to the public page once there is one."""
    where = {"event_id": revision.event_id, "entrant_id": entrant_id}
    if queries.publication_of(revision):
        address = _public_address("results.show_working", **where)
    else:
        address = _public_address("results.show_revision_working", revision_id=revision.id, **where)
    why = whys.why(revision, entrant_id)
    return why.row.name, documents.score_report(why, address=address)


@blueprint.get("/events/<uuid:event_id>/result-revisions/<uuid:revision_id>/<uuid:entrant_id>")
@requires(READ)
def show_revision_working(event_id: UUID, revision_id: UUID, entrant_id: UUID) -> Response:
    """Why this place, in a revision that may not be public."""
    revision = queries.revision_for(actor(), event_id, revision_id)
    return page("results/why.html", why=whys.why(revision, entrant_id), prepared=True)


# --- who climbs -----------------------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/advancement")
@requires(READ)
def show_advancement(event_id: UUID) -> Response:
    """Who of the published result climbs, who stands in reserve, and what became of them in the event above."""
    return _advancement_page(event_for(actor(), event_id, READ))


@blueprint.post("/events/<uuid:event_id>/advancement")
@requires(Permission.RESULTS_REVISION_PREPARE)
def advance_winners(event_id: UUID) -> Response:
    """Try again to enter those whom the event above did not take."""
    event = event_for(actor(), event_id, Permission.RESULTS_REVISION_PREPARE)
    revision = queries.final_revision(event)
    if revision is None:
        raise NotFound()
    with transaction():
        services.advance_winners(event, revision, by=actor(), at=now())
    return see_other("results.show_advancement", event_id=event_id)


@blueprint.post("/events/<uuid:event_id>/advancement/order")
@requires(Permission.RESULTS_REVISION_PREPARE)
def settle_tie(event_id: UUID) -> Response:
    """Record the order of those who share the place at the line."""
    event = event_for(actor(), event_id, Permission.RESULTS_REVISION_PREPARE)
    form = _line_form(event)
    if form is not None and form.validate_on_submit():
        with reporting(form), transaction():
            services.settle_tie(event, order=form.order(), reason=form.tie_reason.data, by=actor(), at=now())
            return see_other("results.show_advancement", event_id=event_id)
    return _advancement_page(event, form)


def _advancement_page(event: Event, form: OrderForm | None = None) -> Response:
    revision = queries.published_revision(event)
    return page(
        "results/advancement.html",
        form=form or _line_form(event, fresh=True),
        status=422 if request.method == "POST" else None,
        event=event,
        revision=revision,
        standing=queries.standing_of(event),
        terms=revision.advancement if revision else None,
        parent=event.parent,
        cautions=quota_cautions(event),
        rows=climbings.climbing_rows(revision) if revision else [],
        is_held=is_held(event.id),
        may=revisions.abilities(actor(), event, None),
    )


def _line_form(event: Event, *, fresh: bool = False) -> OrderForm | None:
    revision = queries.final_revision(event)
    case = queries.decisions_for(revision) if revision else None
    if revision is None or case is None or not case.undecided:
        return None
    lines = {str(line.entrant_id): line.display_name for line in queries.lines_of(revision)}
    return order_form({name: lines[name] for name in case.undecided}, OrderForm, fresh=fresh)
