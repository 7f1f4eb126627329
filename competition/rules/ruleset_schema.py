"""The published JSON Schema (2020-12) of a rule set, and the limits that it shares with the reader.

The schema says what a document looks like; `ruleset.problems` also says what a schema cannot: that weights add up, that
names exist, that ranges are the right way round. The marking scheme has its own: `scheme_schema`.
"""

from competition.rules.eligibility import conditions_schema
from competition.rules.schema import (
    DEFINITIONS,
    FRACTION,
    ID,
    MODES,
    NUMBER,
    TITLE,
    Schema,
    listed,
    obj,
    text,
    whole,
    word,
)
from competition.rules.scheme_schema import SCHEME_DEFINITIONS

FORMAT = "skillsladder.ruleset/1"
MOST_AWARDS = 20
MOST_COMPARATORS = 20
MOST_RESERVES = 999
MOST_CONDITIONS = 200
SOURCE_LENGTH = 4_000


def _award_model(model: str, keys: Schema, stated: tuple[str, ...] = ()) -> Schema:
    return obj(
        ["model", "awards", *stated],
        {
            "model": {"const": model},
            "awards": listed(
                obj(["id", "title", *keys], {"id": ID, "title": TITLE, **keys}),
                MOST_AWARDS,
                1,
            ),
            "denominator": word("registered", "present", "completed"),
            "rounding": MODES,
            "ties": word("all", "none"),
            "merit": obj(
                ["id", "title", "fraction"],
                {"id": ID, "title": TITLE, "fraction": FRACTION},
            ),
        },
    )


_PLACE: Schema = whole(1, 1_000_000)

SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:skillsladder:ruleset:1",
    "title": "Rule set of a skills competition event",
    **obj(
        ["format", "title", "scheme"],
        {
            "format": {"const": FORMAT},
            "title": TITLE,
            "source": text(SOURCE_LENGTH),
            "scheme": {"$ref": "#/$defs/group"},
            "ranking": obj(
                ["by"],
                {
                    "by": listed(
                        obj(["node"], {"node": ID, "direction": word("desc", "asc")}),
                        MOST_COMPARATORS,
                        1,
                    ),
                    "ties": word("shared", "manual"),
                },
            ),
            "awards": {
                "oneOf": [
                    _award_model("counts", {"count": _PLACE}),
                    _award_model("percent", {"percent": NUMBER}, ("denominator", "rounding")),
                    _award_model("bands", {"from": _PLACE, "to": _PLACE}),
                    _award_model(
                        "top_fraction",
                        {"fraction": FRACTION},
                        ("denominator", "rounding"),
                    ),
                ]
            },
            "advancement": obj(
                [],
                {
                    "ties": word("all", "none", "by_tie_break"),
                    "reserves": whole(0, MOST_RESERVES),
                },
            ),
            "draw": obj([], {"blind_layers": whole(0, 1)}),
            "panel": obj([], {"own_delegation": word("forbidden", "allowed")}),
            "eligibility": {**conditions_schema(), "maxItems": MOST_CONDITIONS},
            "display": obj([], {"digits": whole(0, 8)}),
        },
    ),
    "$defs": {**DEFINITIONS, **SCHEME_DEFINITIONS},
}
