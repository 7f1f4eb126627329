"""Pages of certificates: verifying (for anybody), the own ones, and the organiser's list of an event."""

import io
from uuid import UUID

from flask import Blueprint, current_app, request, send_file
from werkzeug.wrappers import Response

from competition.certificates import documents, presenters, queries, services
from competition.certificates.forms import ReplacementForm, RevocationForm, VerifyForm
from competition.certificates.models import Certificate, CertificateStatus
from competition.certificates.numbering import read_number, read_verification_id
from competition.clock import now
from competition.competitions import event_links
from competition.competitions.event_links import Step
from competition.competitions.queries import event_for
from competition.errors import NotFound, TooMany
from competition.results.queries import final_revision, standing_of
from competition.rules.access import Permission
from competition.rules.lifecycle import EventState
from competition.rules.sentences import sentence
from competition.transactions import transaction
from competition.web.access import actor, public, requires, signed_in
from competition.web.errors import constraint_says
from competition.web.forms import reporting
from competition.web.origin import same_origin
from competition.web.paging import Page, page_number
from competition.web.templating import menu_entry, page, see_other
from competition.workers.queries import worker_of

blueprint = Blueprint("certificates", __name__)

ISSUE = Permission.CERTIFICATES_CERTIFICATE_ISSUE
REVOKE = Permission.CERTIFICATES_CERTIFICATE_REVOKE
PAGE_SIZE = 50
PART = 1000
"""Certificates in one file of a whole event: about two megabytes and a few seconds."""

menu_entry(sentence("Verify a certificate"), "certificates.verify", None, 25)
menu_entry(sentence("My certificates"), "certificates.list_own", Permission.WORKERS_RECORD_OWN, 60)
event_links.offer(
    sentence("Certificates"),
    "certificates.list_certificates",
    ISSUE,
    {EventState.PUBLISHED},
    step=Step.CERTIFICATES,
    order=80,
)
constraint_says(
    "uq_certificate_one_valid",
    sentence("Somebody else issued a certificate for this person a moment ago."),
)


# --- for everybody --------------------------------------------------------------------------------


@blueprint.get("/verify")
@public
def verify() -> Response:
    """Where a person types what stands on a certificate."""
    return _unlisted(page("certificates/verify.html", form=_verify_form(formdata=None), answer=None))


@blueprint.post("/verify")
@public
@same_origin
def verify_number() -> Response:
    """The answer for a number and a name. The name is not put into an address; only misses are counted."""
    form, answer = _verify_form(), None
    if form.validate_on_submit():
        answer = _answer_by_number(form)
    status = answer.words.status if answer else 422
    if answer and answer.verdict is presenters.Verdict.MALFORMED:
        status = 422
    return _unlisted(page("certificates/verify.html", form=form, answer=answer, status=status))


@blueprint.get("/c/<text>")
@public
def show_verification(text: str) -> Response:
    """What a scanned code leads to. The address is the secret, so it is never handed on."""
    certificate = queries.by_verification_id(text)
    if certificate is not None:
        answer = presenters.answer_for(certificate, at=now(), knows_the_name=False)
    elif read_verification_id(text) is None:
        answer = presenters.malformed(now(), by_scan=True)
    else:
        answer = presenters.no_such(now(), by_scan=True)
    shown = page("certificates/answer.html", answer=answer, status=answer.words.status)
    shown.headers["Referrer-Policy"] = "no-referrer"
    return _unlisted(shown)


def _verify_form(**values: object) -> VerifyForm:
    """Without a token, because a page for anybody makes no session; `same_origin` stands in for it."""
    return VerifyForm(meta={"csrf": False}, **values)


def _answer_by_number(form: VerifyForm) -> presenters.Answer:
    address, at = request.remote_addr or "", now()
    if queries.misses_now(address, at) >= queries.MISSES_A_MINUTE:
        raise TooMany(
            sentence("From this address there were too many questions for certificates that do not exist."),
            retry_after=60 - at.second,
        )
    if read_number(form.number.data) is None:
        return presenters.malformed(at, by_scan=False)
    certificate = queries.by_number_and_name(form.number.data, form.name.data)
    if certificate is not None:
        return presenters.answer_for(certificate, at=at, knows_the_name=True)
    with transaction():
        services.count_miss(address, at=at)
    return presenters.no_such(at, by_scan=False)


def _unlisted(answer: Response) -> Response:
    """Not for search engines and not for any cache: the answer is true now."""
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    return answer


# --- for the holder -------------------------------------------------------------------------------


@blueprint.get("/certificates")
@requires(Permission.WORKERS_RECORD_OWN)
def list_own() -> Response:
    worker = worker_of(actor())
    rows = [presenters.row_of(each) for each in queries.certificates_of(worker)] if worker else []
    return page(
        "certificates/own.html",
        rows=rows,
        titles=presenters.STATUS_TITLES,
        tones=presenters.STATUS_TONES,
    )


@blueprint.get("/certificates/<uuid:certificate_id>.pdf")
@signed_in
def print_certificate(certificate_id: UUID) -> Response:
    """The certificate itself, for its holder and for who issues it."""
    certificate = queries.printable_certificate_for(actor(), certificate_id)
    drawn = documents.certificate_pdf(queries.snapshot_of(certificate), base_url=_base_url())
    return _pdf(io.BytesIO(drawn), certificate.number)


# --- for the organiser ----------------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/certificates")
@requires(ISSUE)
def list_certificates(event_id: UUID) -> Response:
    """Every certificate of an event, and who is still without one."""
    event = event_for(actor(), event_id, ISSUE)
    wanted = request.args.get("status", "")
    status = CertificateStatus(wanted) if wanted in set(CertificateStatus) else None
    text = request.args.get("q", "").strip()[:100]
    rows, total = queries.certificates_page(
        event, status=status, text=text, page=page_number(), size=PAGE_SIZE
    )
    counts = queries.counts_by_status(event)
    revision = final_revision(event)
    contradicted = queries.contradicted_by(revision, limit=services.MOST_AT_ONCE + 1) if revision else []
    return page(
        "certificates/list.html",
        event=event,
        certificates=Page([presenters.row_of(row) for row in rows], page_number(), PAGE_SIZE, total),
        chosen=status,
        text=text,
        counts=counts,
        standing=standing_of(event),
        contradicted=[
            (each.certificate.id, queries.consequence(each, revision))
            for each in contradicted[: services.MOST_AT_ONCE]
            if revision
        ],
        more_contradicted=len(contradicted) > services.MOST_AT_ONCE,
        missing=queries.count_without_certificate(revision) if revision else None,
        parts=-(-counts[CertificateStatus.VALID] // PART),
        part_size=PART,
        titles=presenters.STATUS_TITLES,
        tones=presenters.STATUS_TONES,
    )


@blueprint.post("/events/<uuid:event_id>/certificate-batches")
@requires(ISSUE)
def queue_batch(event_id: UUID) -> Response:
    """Have everybody's missing certificate issued in the background."""
    with transaction():
        event = event_for(actor(), event_id, ISSUE)
        operation = services.queue_batch(event, by=actor(), at=now())
        return see_other("jobs.show_operation", operation_id=operation.id)


@blueprint.post("/events/<uuid:event_id>/certificate-corrections")
@requires(REVOKE)
def follow_correction(event_id: UUID) -> Response:
    """Revoke or replace, with one reason, the certificates that a corrected result no longer bears out."""
    event_for(actor(), event_id, ISSUE)
    with transaction():
        event = event_for(actor(), event_id, REVOKE)
        services.follow_correction(event, reason=request.form.get("reason", ""), by=actor(), at=now())
        return see_other("certificates.list_certificates", event_id=event_id)


@blueprint.get("/events/<uuid:event_id>/certificates.pdf")
@requires(ISSUE)
def print_certificates(event_id: UUID) -> Response:
    """The valid certificates of an event as one document; a large event comes in parts."""
    event = event_for(actor(), event_id, ISSUE)
    wanted = request.args.get("part", "1")
    part = int(wanted) if wanted.isascii() and wanted.isdecimal() and 0 < len(wanted) < 6 else 1
    found = queries.valid_certificates(event, offset=(max(part, 1) - 1) * PART, limit=PART)
    if not found:
        raise NotFound(sentence("There is no valid certificate to print."))
    out = io.BytesIO()
    title = f"{event.competition.code}-{event.code}-{part}"
    snapshots = (queries.snapshot_of(certificate) for certificate in found)
    documents.write_certificates(snapshots, base_url=_base_url(), title=title, out=out)
    out.seek(0)
    return _pdf(out, f"certificates-{title}")


@blueprint.get("/certificates/<uuid:certificate_id>")
@requires(ISSUE)
def show_certificate(certificate_id: UUID) -> Response:
    """One certificate: what it says, what it rests on, what happened to it."""
    return _certificate_page(queries.certificate_for(actor(), certificate_id, ISSUE))


@blueprint.post("/certificates/<uuid:certificate_id>/revocation")
@requires(REVOKE)
def revoke_certificate(certificate_id: UUID) -> Response:
    certificate = queries.certificate_for(actor(), certificate_id, REVOKE)
    form = RevocationForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.revoke_certificate(certificate, reason=form.revocation_reason.data, by=actor(), at=now())
            return see_other("certificates.show_certificate", certificate_id=certificate_id)
    return _certificate_page(certificate, revocation=form)


@blueprint.post("/certificates/<uuid:certificate_id>/replacement")
@requires(ISSUE)
def reissue_certificate(certificate_id: UUID) -> Response:
    certificate = queries.certificate_for(actor(), certificate_id, ISSUE)
    form = ReplacementForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            made = services.reissue_certificate(
                certificate, reason=form.replacement_reason.data, by=actor(), at=now()
            )
            return see_other("certificates.show_certificate", certificate_id=made.id)
    return _certificate_page(certificate, replacement=form)


def _certificate_page(
    certificate: Certificate,
    *,
    revocation: RevocationForm | None = None,
    replacement: ReplacementForm | None = None,
) -> Response:
    return page(
        "certificates/certificate.html",
        form=revocation or replacement,
        certificate=certificate,
        row=presenters.row_of(certificate),
        standing=queries.standing_of(certificate),
        former=queries.replaced_by_this(certificate),
        changes=queries.changes_of(certificate),
        titles=presenters.STATUS_TITLES,
        tones=presenters.STATUS_TONES,
        revocation=revocation or RevocationForm(formdata=None),
        replacement=replacement or ReplacementForm(formdata=None),
    )


def _pdf(content: io.BytesIO, name: str) -> Response:
    """A PDF whose file name carries the number, never a name."""
    answer = send_file(content, mimetype="application/pdf", download_name=f"{name}.pdf", etag=False)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.direct_passthrough = False
    return answer


def _base_url() -> str:
    return str(current_app.config["SETTINGS"].base_url)
