"""create_app(settings): wiring only. Ends by refusing to start if a route has no access mark."""

import json
import logging

import structlog
from flask import Blueprint, Flask, Response, abort, request, send_file, url_for
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import inspect
from werkzeug.middleware.proxy_fix import ProxyFix

from competition import assets, clock, disk, vault
from competition.accounts.people import init_people
from competition.accounts.services import system_actor
from competition.audit.services import watch_record
from competition.audit.witness import Witness, file_for
from competition.boards.window import Window
from competition.database import db, engine_options, is_embedded, keep_sqlite_honest
from competition.migrations.schema import refuse_old_schema
from competition.rooms import blueprints, load_jobs
from competition.rules.sentences import sentence
from competition.scoring.turnstile import Turnstile
from competition.settings import Mode, Settings
from competition.transactions import transaction, trouble
from competition.typesetting import lettering
from competition.web.access import public, refuse_unmarked_routes
from competition.web.errors import init_errors
from competition.web.headers import init_headers
from competition.web.language import TAGS, init_language, language, say
from competition.web.origin import exempt_from_tokens
from competition.web.templating import init_templating


class Tokens(CSRFProtect):  # type: ignore[misc]
    """Tokens against forgery, looked for in the header first: what a tablet sends is no form, and is not read as one."""

    def _get_csrf_token(self) -> str | None:
        return request.headers.get("X-CSRFToken") or super()._get_csrf_token()


csrf = Tokens()
_assets = Blueprint("assets", __name__)


def create_app(settings: Settings, *, migrating: bool = False) -> Flask:
    """Make the application for one installation; only who is about to migrate may find the schema behind."""
    vault.use(settings.keyring)
    lettering.keep_rare_parts_in(settings.instance / "fonts")
    app = Flask(
        "competition",
        template_folder=str(assets.templates_folder()),
        static_folder=None,
        instance_path=str(settings.instance),
    )
    _configure(app, settings, migrating)
    _log(settings)
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            keep_sqlite_honest(engine)
        if settings.mode is Mode.PRODUCTION and not settings.any_disk:
            disk.refuse_network_disk(db.engine)
            disk.refuse_forgetful(db.engine)
        if settings.mode is not Mode.TEST:
            disk.examine(db.engine)
        if settings.mode is Mode.PRODUCTION and not migrating:
            refuse_old_schema(db.engine)
    csrf.init_app(app)
    init_people(app, idle_minutes=settings.session_idle_minutes, hours=settings.session_hours)
    init_language(app, settings.time_zone)
    init_templating(app, settings.time_zone, settings.contact)
    init_errors(app)
    init_headers(app, https=settings.secure_cookies)
    load_jobs()
    for blueprint in (_assets, *blueprints()):
        app.register_blueprint(blueprint)
    if is_embedded(settings.database_url):
        app.wsgi_app = Turnstile(app.wsgi_app)  # type: ignore[method-assign]
    app.wsgi_app = Window(app.wsgi_app)  # type: ignore[method-assign]
    if settings.proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxy_hops, x_proto=settings.proxy_hops)  # type: ignore[method-assign]
    exempt_from_tokens(app, csrf)
    refuse_unmarked_routes(app)
    if settings.mode is not Mode.TEST and not migrating:
        _watch_record(app, settings)
    return app


def _watch_record(app: Flask, settings: Settings) -> None:
    """Compare the record with what was last seen of it; a new database and one that takes nothing are let be."""
    with app.app_context():
        witness = Witness(file_for(settings.instance, db.engine))
        if trouble() is None and inspect(db.engine).has_table("audit_entry"):
            with transaction():
                watch_record(witness, by=system_actor(), at=clock.now())
        elif trouble() is None:
            witness.begin({})  # whatever was seen here was another database
        db.session.remove()


def _configure(app: Flask, settings: Settings, migrating: bool) -> None:
    settings.instance.mkdir(parents=True, exist_ok=True)
    app.config.update(
        SECRET_KEY=settings.keyring.session,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url, migrating=migrating),
        MAX_CONTENT_LENGTH=settings.upload_limit,
        MAX_FORM_PARTS=2000,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        SESSION_COOKIE_NAME="__Host-session" if settings.secure_cookies else "session",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        TEMPLATES_AUTO_RELOAD=False,
        SETTINGS=settings,
    )
    if settings.mode is Mode.TEST:
        app.config["PROPAGATE_EXCEPTIONS"] = True


def _log(settings: Settings) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False)
            if settings.mode is Mode.PRODUCTION
            else structlog.dev.ConsoleRenderer(colors=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )


@_assets.get("/assets/<path:name>")
@public
def asset(name: str) -> Response:
    """A built asset: its name carries its content, so it may be kept for a year."""
    path = assets.served_file(name)
    if path is None:
        abort(404)
    packed = path.with_name(path.name + ".gz")
    if "gzip" in request.headers.get("Accept-Encoding", "") and packed.exists():
        answer = send_file(packed, mimetype=assets.media_type(path))
        answer.headers["Content-Encoding"] = "gzip"
    else:
        answer = send_file(path, mimetype=assets.media_type(path))
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    answer.headers["Vary"] = "Accept-Encoding"
    return answer


@_assets.get("/judging/worker.js")
@public
def worker() -> Response:
    """The service worker of the judges' pages; for /judging and what lies below it."""
    script = assets.judges_worker(url_for("assets.asset", name=""))
    answer = Response(script, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Service-Worker-Allowed"] = "/judging"
    return answer


@_assets.get("/judging/application.webmanifest")
@public
def application() -> Response:
    """What a tablet needs to install the judges' pages like an application of its own."""
    mark = {"src": url_for("assets.asset", name=assets.asset_name("mark.svg")), "type": "image/svg+xml"}
    manifest = {
        "name": say(sentence("SkillsLadder")),
        "short_name": say(sentence("SkillsLadder")),
        "lang": TAGS[language()],
        "start_url": "/judging",
        "scope": "/judging",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0c4a63",
        "icons": [{**mark, "sizes": "any", "purpose": purpose} for purpose in ("any", "maskable")],
    }
    answer = Response(json.dumps(manifest, ensure_ascii=False), mimetype="application/manifest+json")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@_assets.get("/favicon.ico")
@public
def favicon() -> Response:
    return asset(assets.asset_name("favicon.svg"))


@_assets.get("/healthz")
@public
def health() -> Response:
    """The process is alive; 503 when it writes nothing more, and why."""
    if stopped := trouble():
        return Response(f"writes no more: {stopped}\n", 503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")
