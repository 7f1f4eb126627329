"""The published JSON Schema (2020-12) of a rule set, and the limits that it shares with the reader.

The schema says what a document looks like; `ruleset.problems` also says what a schema cannot: that weights add up, that
names exist, that ranges are the right way round. The marking scheme has its own: `scheme_schema`.
"""

from competition.rules.awards_schema import ADVANCEMENT, AWARDS, BALANCES, HONOURS, PRIZES
from competition.rules.eligibility import conditions_schema
from competition.rules.floor import PROPERTIES as FLOOR
from competition.rules.procedure import PROPERTIES as PROCEDURE
from competition.rules.ranking_schema import RANKING, SCALES, TEAMS
from competition.rules.schema import DEFINITIONS, TITLE, Schema, obj, text, whole, word
from competition.rules.scheme_schema import SCHEME_DEFINITIONS

FORMAT = "skillsladder.ruleset/1"
MOST_CONDITIONS = 200
SOURCE_LENGTH = 4_000


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
            "ranking": RANKING,
            "teams": TEAMS,
            "scales": SCALES,
            "awards": AWARDS,
            "honours": HONOURS,
            "prizes": PRIZES,
            "balances": BALANCES,
            "advancement": ADVANCEMENT,
            "draw": obj([], {"blind_layers": whole(0, 1)}),
            "panel": obj([], {"own_delegation": word("forbidden", "allowed")}),
            "eligibility": {**conditions_schema(), "maxItems": MOST_CONDITIONS},
            "display": obj([], {"digits": whole(0, 8)}),
            **PROCEDURE,
            **FLOOR,
        },
    ),
    "$defs": {**DEFINITIONS, **SCHEME_DEFINITIONS},
}
