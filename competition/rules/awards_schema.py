"""The part of the published JSON Schema that is about awards, honours, prizes and advancement, and its limits."""

from competition.rules.categories import KNOWN
from competition.rules.schema import (
    FRACTION,
    ID,
    MODES,
    NUMBER,
    TITLE,
    YES,
    Schema,
    listed,
    obj,
    text,
    whole,
    word,
)

MOST_AWARDS = 20
MOST_REQUIREMENTS = 10
MOST_FIELDS = 20
MOST_HONOURS = 50
MOST_TEAM_HONOURS = 20
MOST_PRIZES = 50
MOST_BALANCES = 20
MOST_RESERVES = 999
MOST_PLACES = 1_000_000
MOST_CATEGORIES = 50
MOST_QUOTAS = 5_000
MOST_PARTS = 1_000
MOST_TEAM_SIZE = 99
MEDALS = 3
DELEGATION_LENGTH = 200

_PLACE: Schema = whole(1, MOST_PLACES)
_TIES: Schema = word("all", "none")
_REQUIRES: Schema = listed(obj(["node", "at_least"], {"node": ID, "at_least": NUMBER}), MOST_REQUIREMENTS, 1)
_OF_TEAMS: Schema = {"rounding": MODES, "ties": _TIES}
_OWN: Schema = {**_OF_TEAMS, "requires": _REQUIRES}
_NAMED: Schema = {"id": ID, "title": TITLE}


def _ids(most: int, least: int = 1) -> Schema:
    return listed(ID, most, least)


def _model(
    model: str,
    amount: Schema,
    stated: tuple[str, ...] = (),
    own: Schema = _OWN,
    most: int = MOST_AWARDS,
    least: int = 1,
    of_teams: bool = False,
    **parts: object,
) -> Schema:
    award = obj(["id", "title", *amount], {**_NAMED, **amount, **(_OF_TEAMS if of_teams else own)})
    return obj(
        ["model", "awards", *stated],
        {
            "model": {"const": model},
            "awards": listed(award, most, least),
            "denominator": word("registered", "present", "completed"),
            "rounding": MODES,
            "ties": _TIES,
            "merit": obj(
                ["id", "title", "fraction"],
                {**_NAMED, "fraction": FRACTION, **(_OF_TEAMS if of_teams else _OWN)},
            ),
            **({} if of_teams else {"ineligible": word("move_up", "leave_vacant")}),
            "field": listed(
                obj(["below", "awards"], {"below": _PLACE, "awards": _ids(MOST_AWARDS + 2, 0)}), MOST_FIELDS
            ),
            **parts,
        },
    )


_SHARED: tuple[str, ...] = ("denominator", "rounding")


def _by_places(*, of_teams: bool) -> list[Schema]:
    """The models that need nothing but places."""
    return [
        _model("counts", {"count": _PLACE}, of_teams=of_teams),
        _model("percent", {"percent": NUMBER}, _SHARED, of_teams=of_teams),
        _model("bands", {"from": _PLACE, "to": _PLACE}, of_teams=of_teams),
        _model("top_fraction", {"fraction": FRACTION}, _SHARED, of_teams=of_teams),
        _model(
            "ratio", {"parts": whole(1, MOST_PARTS)}, ("share", *_SHARED), of_teams=of_teams, share=NUMBER
        ),
    ]


TEAM_AWARDS: Schema = {"oneOf": _by_places(of_teams=True)}

TEAM_HONOURS: Schema = listed(
    obj(
        ["id", "title"],
        {
            **_NAMED,
            "places": _PLACE,
            "awards": _ids(MOST_AWARDS + 1),
            "at_least": NUMBER,
            "passed": YES,
        },
    ),
    MOST_TEAM_HONOURS,
)

AWARDS: Schema = {
    "oneOf": [
        *_by_places(of_teams=False),
        _model(
            "medals",
            {},
            own={"requires": _REQUIRES},
            most=MEDALS,
            least=MEDALS,
            node=ID,
            scale=ID,
            window=NUMBER,
            rounded=YES,
            digits=whole(0, 8),
            medallion=obj(["id", "title", "at_least"], {**_NAMED, "at_least": NUMBER}),
        ),
    ]
}

_CATEGORY: Schema = word(*KNOWN)
_GROUP: Schema = listed(_CATEGORY, MOST_CATEGORIES, 1)

HONOURS: Schema = listed(
    obj(
        ["id", "title"],
        {
            **_NAMED,
            "places": _PLACE,
            "by_team_size": {
                "type": "object",
                "propertyNames": {"pattern": "^[1-9][0-9]?$"},
                "additionalProperties": whole(0, MOST_PLACES),
                "minProperties": 1,
            },
            "awards": _ids(MOST_AWARDS + 2),
            "categories": _GROUP,
            "not_categories": _GROUP,
            "first_member_only": YES,
            "among": word("all", "category"),
        },
    ),
    MOST_HONOURS,
)

PRIZES: Schema = listed(
    {
        "oneOf": [
            obj(
                ["id", "title", "to", "by"],
                {
                    **_NAMED,
                    "to": {"const": "delegation"},
                    "by": word("teams", "entries", "awards"),
                    "count": _PLACE,
                    "fraction": FRACTION,
                    "rounding": MODES,
                },
            ),
            obj(
                ["id", "title", "to"],
                {
                    **_NAMED,
                    "to": {"const": "coach"},
                    "awards": _ids(MOST_AWARDS + 2),
                    "places": _PLACE,
                },
            ),
            obj(["id", "title", "to"], {**_NAMED, "to": {"const": "best_of_delegation"}}),
        ]
    },
    MOST_PRIZES,
)

BALANCES: Schema = listed(
    obj(
        ["id", "title", "categories", "at_least", "of"],
        {
            **_NAMED,
            "categories": _GROUP,
            "at_least": NUMBER,
            "of": _ids(MOST_AWARDS + MOST_HONOURS + 2),
        },
    ),
    MOST_BALANCES,
)

ADVANCEMENT: Schema = obj(
    [],
    {
        "model": word("quota", "fraction", "threshold"),
        "fraction": FRACTION,
        "rounding": MODES,
        "node": ID,
        "at_least": NUMBER,
        "most": FRACTION,
        "ties": word("all", "none", "by_tie_break", "cap"),
        "cap": _PLACE,
        "reserves": whole(0, MOST_RESERVES),
        "delegation_cap": _PLACE,
        "categories": listed(
            obj(["id", "quota", "categories"], {"id": ID, "quota": _PLACE, "categories": _GROUP}),
            MOST_CATEGORIES,
        ),
        "quotas": listed(
            obj(
                ["quota"],
                {
                    "delegation": text(DELEGATION_LENGTH, 1),
                    "category": _CATEGORY,
                    "quota": whole(0, MOST_PLACES),
                },
            ),
            MOST_QUOTAS,
        ),
    },
)
