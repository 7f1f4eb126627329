"""Pages of accounts: signing in and out, preferences, the own account, and the administrator's list."""

from uuid import UUID

from flask import Blueprint, abort, current_app, redirect, request, url_for
from flask import session as cookie
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from competition.accounts import first_passwords, presenters, queries, services
from competition.accounts.forms import (
    AccountForm,
    PasswordForm,
    PlaceForm,
    SetUpForm,
    SignInForm,
    role_named,
)
from competition.accounts.models import Account
from competition.accounts.people import begin_session
from competition.accounts.places import places_for
from competition.audit.queries import history_of
from competition.clock import now
from competition.errors import NotFound
from competition.rules.access import ROLES, Permission
from competition.rules.sentences import sentence
from competition.tokens import new_password
from competition.transactions import transaction
from competition.web.access import actor, public, requires, signed_in
from competition.web.errors import constraint_says
from competition.web.forms import reporting
from competition.web.language import COOKIE as LANGUAGE_COOKIE
from competition.web.language import LANGUAGES
from competition.web.origin import same_origin
from competition.web.paging import Page, page_number
from competition.web.templating import internal_path, menu_entry, page, see_other

blueprint = Blueprint("accounts", __name__)

THEMES = ("auto", "light", "dark")
A_YEAR = 365 * 24 * 3600
OPEN_TO_FIRST_SIGN_IN = {
    "accounts.change_password",
    "accounts.change_preferences",
    "accounts.sign_in",
    "accounts.sign_out",
}

menu_entry(sentence("Accounts"), "accounts.list_accounts", Permission.ACCOUNTS_ACCOUNT_MANAGE, 80)
constraint_says("uq_account_username", sentence("This user name was taken a moment ago. Choose another one."))


@blueprint.before_app_request
def own_password_first() -> Response | tuple[dict[str, str], int] | None:
    """Who still has a first password chooses an own one before anything else."""
    endpoint = request.endpoint or "assets."
    if endpoint.startswith("assets.") or endpoint in OPEN_TO_FIRST_SIGN_IN:
        return None
    person = current_user._get_current_object()
    if not person.is_authenticated or not person.must_change_password:
        return None
    if request.path.startswith("/api/"):
        return {"error": "password-change-needed"}, 403
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.change_password", next=wanted), 303)


@blueprint.app_context_processor
def account_menu() -> dict[str, object]:
    """The links in the menu that carries the person's name."""
    return {
        "account_links": [
            {"label": sentence("My account"), "href": url_for("accounts.show_own_account")},
            {"label": sentence("Background work"), "href": url_for("jobs.list_operations")},
        ]
    }


# --- signing in and out ---------------------------------------------------------------------------


@blueprint.route("/setup", methods=["GET", "POST"])
@public
def set_up() -> Response:
    """The first visitor of a new installation becomes its administrator."""
    if not queries.is_new_installation():
        raise NotFound(
            sentence("This installation already has its administrator."),
            next_step=sentence("Sign in, or ask your administrator for an account."),
        )
    form = SetUpForm()
    if form.validate_on_submit() and _typed_twice(form, form.password):
        with reporting(form):
            with transaction():
                account = services.open_first_administrator(
                    username=form.username.data, name=form.name.data, password=form.password.data, at=now()
                )
            begin_session(account, now())
            return see_other("insights.home")
    return page("accounts/set_up.html", form=form)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Response:
    """The same words for an unknown name, a wrong password and a disabled account."""
    if queries.is_new_installation():
        return see_other("accounts.set_up")
    form = SignInForm()
    if form.validate_on_submit():
        with transaction():
            account = services.sign_in(
                username=form.username.data,
                password=form.password.data,
                address=request.remote_addr or "",
                at=now(),
            )
        if account is not None:
            begin_session(account, now())
            return redirect(_next(), 303)
        form.refuse(
            sentence(
                "User name and password do not fit together, or the account is disabled. Check both; "
                "if you forgot the password, your administrator gives you a new one."
            )
        )
    return page("accounts/sign_in.html", form=form, next=request.values.get("next"))


@blueprint.post("/sign-out")
@public
def sign_out() -> Response:
    """End this session; nothing of it stays in the browser."""
    logout_user()
    cookie.clear()
    return see_other("insights.home")


@blueprint.route("/password", methods=["GET", "POST"])
@signed_in
def change_password() -> Response:
    """Choose a new password; this session goes on, all others end."""
    form = PasswordForm()
    first = current_user.must_change_password
    if form.validate_on_submit() and _typed_twice(form, form.new):
        with reporting(form):
            with transaction():
                account = _own_account()
                services.change_password(account, old=form.old.data, new=form.new.data, by=actor(), at=now())
            begin_session(account, now())
            return redirect(_next("accounts.show_own_account" if not first else "insights.home"), 303)
    return page("accounts/password.html", form=form, first=first, next=request.values.get("next"))


@blueprint.post("/preferences")
@public
@same_origin
def change_preferences() -> Response:
    """Remember language and appearance: in the browser for a year, the language also with the account."""
    language, theme = request.form.get("language"), request.form.get("theme")
    if language not in (None, *LANGUAGES) or theme not in (None, *THEMES):
        abort(400)
    if language and current_user.is_authenticated:
        with transaction():
            services.choose_language(_own_account(), language=language, by=actor(), at=now())
    answer = redirect(_next(), 303)
    for name, value in ((LANGUAGE_COOKIE, language), ("theme", theme)):
        if value:
            answer.set_cookie(
                name,
                value,
                max_age=A_YEAR,
                secure=current_app.config["SESSION_COOKIE_SECURE"],
                httponly=True,
                samesite="Lax",
            )
    return answer


# --- the own account ------------------------------------------------------------------------------


@blueprint.get("/my-account")
@signed_in
def show_own_account() -> Response:
    """What the account may do, and how to end its sessions."""
    account = _own_account()
    return page("accounts/own_account.html", account=account, roles=presenters.roles_of(account))


@blueprint.post("/my-account/session-end")
@signed_in
def end_sessions() -> Response:
    """Sign out everywhere, here too."""
    with transaction():
        services.end_sessions(_own_account(), by=actor(), at=now())
    logout_user()
    cookie.clear()
    return see_other("accounts.sign_in")


# --- the administrator's list ---------------------------------------------------------------------


@blueprint.get("/accounts")
@requires(Permission.ACCOUNTS_ACCOUNT_MANAGE)
def list_accounts() -> Response:
    """Everybody who can sign in, with their roles."""
    text, number = request.args.get("q", ""), page_number()
    rows, total = queries.accounts_matching(text, page=number)
    return page(
        "accounts/list.html",
        accounts=Page(rows, number, 50, total),
        text=text,
        state_of=presenters.state_of,
        role_titles=presenters.role_titles,
    )


@blueprint.route("/accounts/new", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_ACCOUNT_MANAGE)
def open_account() -> Response:
    """A new account with a first password made here."""
    form = AccountForm()
    if form.validate_on_submit():
        with reporting(form):
            password = new_password()
            with transaction():
                account = services.open_account(
                    username=form.username.data, name=form.name.data, password=password, by=actor(), at=now()
                )
            return _hand_over(account, password)
    return page("accounts/new.html", form=form)


@blueprint.get("/accounts/<uuid:account_id>")
@requires(Permission.ACCOUNTS_ACCOUNT_MANAGE)
def show_account(account_id: UUID) -> Response:
    """One account: its roles, its state, what happened to it."""
    account = queries.account_for(account_id)
    return page(
        "accounts/show.html",
        account=account,
        roles=presenters.roles_of(account),
        state=presenters.state_of(account),
        history=history_of(account.id),
        own=account.id == actor().account_id,
    )


@blueprint.get("/accounts/<uuid:account_id>/first-password")
@requires(Permission.ACCOUNTS_ACCOUNT_MANAGE)
def show_first_password(account_id: UUID) -> Response:
    """The first password, shown once, to be handed over in person."""
    account = queries.account_for(account_id)
    return page(
        "accounts/first_password.html",
        account=account,
        password=first_passwords.take(account.id),
        back=url_for("accounts.show_account", account_id=account.id),
    )


@blueprint.post("/accounts/<uuid:account_id>/first-password")
@requires(Permission.ACCOUNTS_ACCOUNT_MANAGE)
def reset_password(account_id: UUID) -> Response:
    """A new first password for somebody who forgot theirs."""
    password = new_password()
    with transaction():
        account = queries.account_for(account_id)
        services.reset_password(account, password=password, by=actor(), at=now())
    return _hand_over(account, password)


@blueprint.post("/accounts/<uuid:account_id>/disabling")
@requires(Permission.ACCOUNTS_ACCOUNT_MANAGE)
def disable_account(account_id: UUID) -> Response:
    """Lock an account out."""
    with transaction():
        services.disable_account(queries.account_for(account_id), by=actor(), at=now())
    return see_other("accounts.show_account", account_id=account_id)


@blueprint.post("/accounts/<uuid:account_id>/enabling")
@requires(Permission.ACCOUNTS_ACCOUNT_MANAGE)
def enable_account(account_id: UUID) -> Response:
    """Let an account in again."""
    with transaction():
        services.enable_account(queries.account_for(account_id), by=actor(), at=now())
    return see_other("accounts.show_account", account_id=account_id)


@blueprint.get("/accounts/<uuid:account_id>/roles/new")
@requires(Permission.ACCOUNTS_ROLE_GRANT)
def choose_role(account_id: UUID) -> Response:
    """Which role to give; the place is asked on the next page."""
    account = queries.account_for(account_id)
    return page("accounts/choose_role.html", account=account, roles=ROLES)


@blueprint.route("/accounts/<uuid:account_id>/roles/new/<role_name>", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_ROLE_GRANT)
def give_role(account_id: UUID, role_name: str) -> Response:
    """Give the role for one place."""
    account, role = queries.account_for(account_id), role_named(role_name)
    if role is None:
        raise NotFound()
    form = PlaceForm(places_for(role))
    if form.validate_on_submit():
        kind, place = form.chosen
        with reporting(form), transaction():
            services.give_role(account, role=role, scope_kind=kind, place=place, by=actor(), at=now())
            return see_other("accounts.show_account", account_id=account_id)
    return page("accounts/give_role.html", form=form, account=account, role=ROLES[role])


@blueprint.post("/accounts/<uuid:account_id>/roles/<uuid:grant_id>/withdrawal")
@requires(Permission.ACCOUNTS_ROLE_GRANT)
def withdraw_role(account_id: UUID, grant_id: UUID) -> Response:
    """Take a role back."""
    with transaction():
        grant = queries.grant_for(queries.account_for(account_id), grant_id)
        services.withdraw_role(grant, by=actor(), at=now())
    return see_other("accounts.show_account", account_id=account_id)


def _own_account() -> Account:
    own = actor().account_id
    if own is None:
        raise NotFound()
    return queries.account_for(own)


def _hand_over(account: Account, password: str) -> Response:
    first_passwords.keep_for_next_page(account.id, password)
    return see_other("accounts.show_first_password", account_id=account.id)


def _typed_twice(form: SetUpForm | PasswordForm, password: object) -> bool:
    if form.again.data == password.data:  # type: ignore[attr-defined]
        return True
    form.refuse(sentence("The two passwords differ. Type the new one twice in the same way."), field="again")
    return False


def _next(otherwise: str = "insights.home") -> str:
    return internal_path(request.values.get("next"), lambda: url_for(otherwise))
