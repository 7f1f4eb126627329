"""The door for a WSGI server: `gunicorn wsgi:app` (or `waitress-serve wsgi:app`)."""

from competition.app import create_app
from competition.settings import settings_from_environment

app = create_app(settings_from_environment())
