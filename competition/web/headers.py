"""The security headers of every answer."""

from flask import Flask, Response, request
from flask_login import current_user

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
FIXED = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
WITH_CAMERA = {"Permissions-Policy": "camera=(self), geolocation=(), microphone=()"}
"""For the one page that looks through a camera itself. A photo that a form asks for is taken by the system, not by the page."""
ONLY_HTTPS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def init_headers(app: Flask, *, https: bool) -> None:
    fixed = FIXED | ONLY_HTTPS if https else FIXED

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        headers.extend({name: value for name, value in fixed.items() if name not in headers})
        if request.endpoint != "assets.asset" and "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store" if current_user.is_authenticated else "no-cache"
        if response.mimetype == "text/html":
            headers.add("Vary", "Cookie")
        return response
