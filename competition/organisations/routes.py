"""Pages of the tree of organisations."""

from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from competition.audit.queries import history_of
from competition.clock import now
from competition.organisations import places as _places  # noqa: F401 - registers itself
from competition.organisations import presenters, queries, services
from competition.organisations.forms import ChangeForm, OrganisationForm
from competition.rules.access import INSTALLATION, Permission
from competition.rules.sentences import sentence
from competition.transactions import transaction
from competition.web.access import actor, requires
from competition.web.errors import constraint_says
from competition.web.forms import reporting
from competition.web.templating import menu_entry, page, see_other

blueprint = Blueprint("organisations", __name__)

READ, MANAGE = Permission.ORGANISATIONS_ORGANISATION_READ, Permission.ORGANISATIONS_ORGANISATION_MANAGE

menu_entry(sentence("Organisations"), "organisations.list_organisations", READ, 60)
constraint_says(
    "uq_organisation_credit_code",
    sentence("This credit code is already known: it belongs to another organisation of the tree."),
)


@blueprint.get("/organisations")
@requires(READ)
def list_organisations() -> Response:
    """The part of the tree the person's roles reach."""
    return page(
        "organisations/tree.html",
        tree=presenters.tree_of(queries.reachable_organisations(actor(), READ)),
        may_open=actor().may_ever(MANAGE),
    )


@blueprint.get("/organisations/<uuid:organisation_id>")
@requires(READ)
def show_organisation(organisation_id: UUID) -> Response:
    """One organisation: its codes, what stands above and below it."""
    organisation = queries.organisation_for(actor(), organisation_id, READ)
    above = queries.ancestors_of(organisation)[:-1]
    may_change = actor().may(MANAGE, queries.scope_of(organisation))
    return page(
        "organisations/show.html",
        organisation=organisation,
        above=[(one, actor().may(READ, queries.scope_of(one))) for one in above],
        children=queries.children_of(organisation),
        may_change=may_change,
        may_see_workers=actor().may(Permission.WORKERS_WORKER_READ, queries.scope_of(organisation)),
        history=history_of(organisation.id) if may_change else [],
    )


@blueprint.route("/organisations/new", methods=["GET", "POST"])
@requires(MANAGE)
def open_organisation() -> Response:
    """Add an organisation below one the person may change, or a new top."""
    parents = queries.reachable_organisations(actor(), MANAGE)
    form = OrganisationForm(
        parents,
        may_open_roots=actor().may(MANAGE, INSTALLATION),
        data={"parent": request.args.get("parent", "")},
    )
    if form.validate_on_submit():
        with reporting(form), transaction():
            chosen = form.chosen_parent
            made = services.open_organisation(
                kind=form.chosen_kind,
                parent=queries.organisation_for(actor(), chosen, MANAGE) if chosen else None,
                name=form.name.data,
                name_en=form.name_en.data or "",
                division_code=form.division_code.data,
                credit_code=form.credit_code.data,
                by=actor(),
                at=now(),
            )
            return see_other("organisations.show_organisation", organisation_id=made.id)
    return page("organisations/new.html", form=form)


@blueprint.route("/organisations/<uuid:organisation_id>/edit", methods=["GET", "POST"])
@requires(MANAGE)
def change_organisation(organisation_id: UUID) -> Response:
    """Correct the details of an organisation."""
    organisation = queries.organisation_for(actor(), organisation_id, MANAGE)
    form = ChangeForm(obj=organisation)
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.change_organisation(
                organisation,
                name=form.name.data,
                name_en=form.name_en.data or "",
                division_code=form.division_code.data,
                credit_code=form.credit_code.data,
                version=form.version.number,
                by=actor(),
                at=now(),
            )
            return see_other("organisations.show_organisation", organisation_id=organisation_id)
    return page("organisations/edit.html", form=form, organisation=organisation)
