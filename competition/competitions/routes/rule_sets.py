"""Pages of rule sets: in words, in the editor, rehearsed, compared, exported."""

import json
from typing import Any
from uuid import UUID

from flask import jsonify, request
from werkzeug.wrappers import Response

from competition.clock import now
from competition.competitions import presenters, queries, services
from competition.competitions.cautions import cautions_of
from competition.competitions.cis_scheme import knows, rule_set_of
from competition.competitions.cis_tree import Limits
from competition.competitions.cis_workbook import read_cis_workbook
from competition.competitions.forms import ComparisonForm, ComparisonWithFileForm, RehearsalForm, RuleSetForm
from competition.competitions.models import Event
from competition.competitions.routes.blueprint import MANAGE_EVENT, blueprint
from competition.competitions.rule_set_difference import differences
from competition.errors import Conflict, NotFound, RuleBroken
from competition.orm import canonical_json, read_json
from competition.rules import rehearsal
from competition.rules.lifecycle import EventState
from competition.rules.ruleset import SCHEMA, parse
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title
from competition.transactions import transaction
from competition.web.access import actor, public, requires
from competition.web.forms import reporting
from competition.web.language import say
from competition.web.templating import page, see_other

PREVIEWED = 8
_BESIDE_A_WORKBOOK = "measurement_and_judgement"
"""The starter whose ranking, medals and procedure stand beside the scheme of a workbook until somebody changes them."""
_NO_OBJECT = sentence("A rule set is a JSON object: it begins with { and ends with }.")


@blueprint.get("/events/<uuid:event_id>/rule-set")
@public
def show_rule_set(event_id: UUID) -> Response:
    """The rule set as a table in words, with its frozen versions."""
    event = queries.visible_event(actor(), event_id)
    manages = actor().may(MANAGE_EVENT, queries.scope_of_event(event))
    return page(
        "competitions/show_rule_set.html",
        event=event,
        view=presenters.rule_set_view(queries.rule_set_of(event), queries.rule_document(event)),
        conditions=presenters.condition_lines(queries.rule_set_of(event).eligibility),
        hash=queries.rule_hash(event),
        versions=queries.versions_of(event),
        cautions=cautions_of(event) if manages else (),
        corrections=presenters.accepted_by_version(event),
        corrects=presenters.correction_offer(event, actor()),
        may_rehearse=manages,
        may_edit=event.state == EventState.DRAFT and manages,
    )


@blueprint.route("/events/<uuid:event_id>/rule-set/edit", methods=["GET", "POST"])
@requires(MANAGE_EVENT)
def edit_rule_set(event_id: UUID) -> Response:
    """Write the draft: in the form editor, or without scripts as a starter, a file or a text."""
    event = queries.event_for(actor(), event_id, MANAGE_EVENT)
    form = RuleSetForm(data={"text": indented(event.rule_set), "version": str(event.version)})
    form.offer_starters(queries.starters())
    if form.validate_on_submit():
        if form.only_open.data:
            return _editor(event, form, is_taken=form.only_open.data == "scheme", status=200)
        with reporting(form):
            if form.has_workbook:
                return _workbook_preview(event, form)
            document = _sent_document(form)
            try:
                with transaction():
                    services.change_rule_set(
                        event, document=document, version=form.version.number, by=actor(), at=now()
                    )
                    return see_other("competitions.show_rule_set", event_id=event.id)
            except Conflict:
                return _both_versions(event_id, form, document)
    return _editor(event, form)


def _workbook_preview(event: Event, form: RuleSetForm) -> Response:
    """What a CIS workbook holds, beside everything that is wrong with it. Nothing is stored."""
    limits = Limits()
    scheme = read_cis_workbook(form.file.data.read(), form.file.data.filename, limits=limits)
    before = event.rule_set.get("scheme", {})
    is_again = knows(before, scheme)
    rules = event.rule_set if is_again else queries.starter(_BESIDE_A_WORKBOOK)
    document = rule_set_of(scheme, rules=rules, before=before if is_again else {})
    return page(
        "competitions/preview_workbook.html",
        event=event,
        version=form.version.number,
        view=presenters.workbook_preview(scheme, limits),
        text=indented(document),
        written=form.text.data or indented(event.rule_set),
        rules_title=Title(**rules["title"]) if not is_again else None,
        groups=presenters.grouped_differences(differences(event.rule_set, document)) if is_again else None,
    )


def _both_versions(event_id: UUID, form: RuleSetForm, document: dict[str, Any]) -> Response:
    """Somebody else was faster: what they wrote and what is written here, and nothing of it is lost."""
    event = queries.event_for(actor(), event_id, MANAGE_EVENT)
    form.text.data, form.version.data = indented(document), event.version
    form.version.raw_data = None
    return _editor(
        event, form, theirs=presenters.grouped_differences(differences(document, event.rule_set)), status=409
    )


def _editor(event: Event, form: RuleSetForm, **more: Any) -> Response:
    return page(
        "competitions/edit_rule_set.html",
        form=form,
        event=event,
        editor=presenters.editor_data(),
        starters=queries.starters(),
        theirs=more.get("theirs"),
        is_taken=more.get("is_taken", False),
        status=more.get("status"),
    )


@blueprint.post("/events/<uuid:event_id>/rule-set/check")
@requires(MANAGE_EVENT)
def check_rule_set(event_id: UUID) -> Response:
    """What is wrong with a text, each problem with its place; and the document as it is read, numbers as exact text."""
    queries.event_for(actor(), event_id, MANAGE_EVENT)
    try:
        document = read(_text_of_request())
    except RuleBroken as broken:
        return jsonify(document=None, problems=[{"path": "", "words": say(broken.sentence)}])
    problems = presenters.said_problems(queries.rule_set_problems(document))
    return jsonify(document=json.loads(canonical_json(document)), problems=problems)


@blueprint.post("/events/<uuid:event_id>/rule-set/preview")
@requires(MANAGE_EVENT)
def preview_rule_set(event_id: UUID) -> Response:
    """The places of a handful of made-up entrants under a rule set that is being written, with their working."""
    event = queries.event_for(actor(), event_id, MANAGE_EVENT)
    view = _rehearsed(event, _sound(_text_of_request()), entrants=PREVIEWED, seed="1", told=PREVIEWED)
    return page("competitions/_rehearsal.html", view=view)


@blueprint.route("/events/<uuid:event_id>/rule-set/rehearsal", methods=["GET", "POST"])
@requires(MANAGE_EVENT)
def rehearse_rule_set(event_id: UUID) -> Response:
    """A whole event with made-up entrants: of the rule set that counts, or (POST) of a text. Nothing is stored."""
    event = queries.event_for(actor(), event_id, MANAGE_EVENT)
    is_sent = request.method == "POST"
    form = RehearsalForm(formdata=request.form if is_sent else request.args, meta={"csrf": is_sent})
    form.begin(event.parent_quota or None)
    document, view = queries.rule_document(event), None
    if form.validate():
        with reporting(form):
            if form.text.data:
                document = _sound(form.text.data)
            view = _rehearsed(
                event,
                document,
                entrants=int(form.entrants.data or 0),
                seed=form.seed.data,
                quota=int(form.quota.data or 0) or None,
                told=3,
            )
    is_draft = bool(form.text.data)
    return page(
        "competitions/rehearse_rule_set.html",
        form=form,
        event=event,
        view=view,
        is_draft=is_draft,
        status=200 if view else 422,
    )


@blueprint.get("/events/<uuid:event_id>/rule-set/difference")
@public
def show_difference(event_id: UUID) -> Response:
    """What two versions of a rule set say differently, in plain words: of its draft, its frozen versions, the starters."""
    event = queries.visible_event(actor(), event_id)
    return _difference_page(event, _comparison(event), None)


@blueprint.post("/events/<uuid:event_id>/rule-set/difference")
@requires(MANAGE_EVENT)
def compare_with_file(event_id: UUID) -> Response:
    """What a file says differently from a version of the rule set."""
    event = queries.event_for(actor(), event_id, MANAGE_EVENT)
    form = ComparisonWithFileForm()
    known = queries.comparable_documents(event, with_draft=True)
    form.offer(known)
    found = None
    if form.validate_on_submit():
        with reporting(form):
            old = next(each for each in known if each.name == form.known.data)
            found = differences(old.document, read(decoded(form.file.data.read())))
    return _difference_page(event, _comparison(event), form, found)


def _comparison(event: Event) -> ComparisonForm:
    manages = actor().may(MANAGE_EVENT, queries.scope_of_event(event))
    known = queries.comparable_documents(event, with_draft=manages or not queries.versions_of(event))
    form = ComparisonForm(formdata=request.args, meta={"csrf": False})
    form.offer(known)
    return form


def _difference_page(
    event: Event, form: ComparisonForm, upload: ComparisonWithFileForm | None, found: Any = None
) -> Response:
    manages = actor().may(MANAGE_EVENT, queries.scope_of_event(event))
    if upload is None and manages:
        upload = ComparisonWithFileForm()
        upload.offer(form.comparable)
    if found is None and request.method == "GET":
        found = differences(form.old_document, form.new_document)
    return page(
        "competitions/show_difference.html",
        event=event,
        filters=form,
        form=upload,
        groups=None if found is None else presenters.grouped_differences(found),
        of_file=request.method == "POST",
        status=422 if found is None else 200,
    )


@blueprint.get("/events/<uuid:event_id>/rule-set.json")
@public
def download_rule_set(event_id: UUID) -> Response:
    """The rule set that counts now, as JSON."""
    event = queries.visible_event(actor(), event_id)
    return _json_file(queries.rule_document(event), f"rule-set-{event.code}.json")


@blueprint.get("/events/<uuid:event_id>/rule-set/versions/<int:number>.json")
@public
def download_rule_set_version(event_id: UUID, number: int) -> Response:
    """A frozen version in its canonical form: the bytes of which its hash is the SHA-256."""
    event = queries.visible_event(actor(), event_id)
    for version in queries.versions_of(event):
        if version.number == number:
            name = f"rule-set-{event.code}-{number}.json"
            return _json_file(version.document, name, canonical=True)
    raise NotFound()


@blueprint.get("/rule-set-starters/<starter>.json")
@public
def download_starter(starter: str) -> Response:
    """A rule set to begin with."""
    try:
        return _json_file(queries.starter(starter), f"rule-set-{starter}.json")
    except KeyError:
        raise NotFound() from None


@blueprint.get("/rule-set-schema.json")
@public
def show_schema() -> Response:
    """The JSON Schema of rule sets."""
    return jsonify(SCHEMA)


def _rehearsed(
    event: Event, document: dict[str, Any], *, entrants: int, seed: str, told: int, quota: int | None = None
) -> presenters.RehearsalView:
    rule_set = parse(document)
    if reason := rehearsal.refusal(rule_set, entrants):
        raise RuleBroken(reason)
    rehearsed = rehearsal.rehearse(
        rule_set, document, entrants=entrants, seed=seed, quota=quota or event.parent_quota or None
    )
    return presenters.rehearsal_view(rehearsed, with_working=told)


def _sound(text: str) -> dict[str, Any]:
    """The document of a text without problems; RuleBroken says all of them."""
    document = read(text)
    if reasons := queries.rule_set_reasons(document):
        raise RuleBroken(*reasons)
    return document


def _text_of_request() -> str:
    sent = request.get_json(silent=True)
    text = sent.get("text") if isinstance(sent, dict) else None
    if not isinstance(text, str):
        raise RuleBroken(_NO_OBJECT)
    return text


def _sent_document(form: RuleSetForm) -> dict[str, Any]:
    """The starter, the file or the text, whichever was given; RuleBroken says where it is not JSON."""
    if form.starter.data:
        return queries.starter(form.starter.data)
    return read(decoded(form.file.data.read()) if form.file.data else form.text.data or "")


def decoded(content: bytes) -> str:
    """The text of a file that was sent. Raises RuleBroken for anything but UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise RuleBroken(
            sentence("The file is not text in UTF-8. Save it as UTF-8 and send it again.")
        ) from problem


def read(text: str) -> dict[str, Any]:
    """The JSON object of a text. Raises RuleBroken, with the place where it is none."""
    try:
        document = read_json(text)
    except json.JSONDecodeError as problem:
        raise RuleBroken(_where(problem)) from problem
    except (RecursionError, ValueError) as problem:
        raise RuleBroken(sentence("This is not JSON: it is nested too deeply or damaged.")) from problem
    if not isinstance(document, dict):
        raise RuleBroken(_NO_OBJECT)
    return document


def _where(problem: json.JSONDecodeError) -> Sentence:
    return sentence(
        "This is not JSON: line %(line)s, column %(column)s: %(problem)s.",
        line=problem.lineno,
        column=problem.colno,
        problem=problem.msg,
    )


def _json_file(document: dict[str, Any], name: str, *, canonical: bool = False) -> Response:
    body = canonical_json(document) if canonical else indented(document)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, mimetype="application/json", headers=headers)


def indented(document: dict[str, Any]) -> str:
    """A document as people read and write it."""
    return json.dumps(json.loads(canonical_json(document)), ensure_ascii=False, indent=2) + "\n"
