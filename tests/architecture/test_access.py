"""Every endpoint, asked by everybody of the cast, against one table that is complete by construction."""

import pytest

from tests.architecture.access_table import TABLE
from tests.house import CAST, Visitor, address, examples, open_elsewhere, routes

LETTERS = {"s": "is sent to sign in", "x": "is refused", "h": "finds nothing", "A": "may"}


def answer_letter(response) -> str:
    """What an answer means for access: s sign in first, x refused, h hidden (404), A anything else."""
    if response.status_code == 401 or (
        response.status_code == 303 and "/sign-in" in response.headers.get("Location", "")
    ):
        return "s"
    return {403: "x", 404: "h"}.get(response.status_code, "A")


def row_of(app, known, method, rule) -> str:
    letters = ""
    for who in CAST:
        response = Visitor(app, who).ask(address(app, rule, known), method)
        assert response.status_code < 500, (method, rule, who)
        letters += answer_letter(response)
    return letters


@pytest.fixture(scope="module")
def house(full_house):
    open_elsewhere()
    return full_house, examples()


def test_the_table_names_every_endpoint_and_no_other(full_house):
    asked = {f"{method} {rule.endpoint}" for method, rule in routes(full_house)}
    assert asked == set(TABLE)


def test_everybody_gets_what_the_table_says(house):
    app, known = house
    wrong = []
    for method, rule in sorted(routes(app), key=lambda route: (route[0] == "POST", route[1].endpoint)):
        name = f"{method} {rule.endpoint}"
        found = row_of(app, known, method, rule)
        if found != TABLE.get(name):
            wrong.append(f'    "{name}": "{found}",  # the table says {TABLE.get(name)}')
    assert not wrong, "\n" + "\n".join(wrong)
