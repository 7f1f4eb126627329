"""The part of the published JSON Schema that is about ranking, teams and scales, and its limits."""

from competition.rules.awards_schema import TEAM_AWARDS, TEAM_HONOURS
from competition.rules.schema import ID, NUMBER, TITLE, Schema, listed, obj, whole, word

MOST_COMPARATORS = 20
MOST_RANK = 1_000
MOST_PLACES_WITH_POINTS = 1_000
MOST_MEMBERS = 100_000
MOST_SCALES = 10
MOST_MINIMUM = 100_000
SCALE_DIGITS = 8

_DIRECTION: Schema = word("desc", "asc")


def _comparator(by: str, properties: Schema, required: tuple[str, ...] = ()) -> Schema:
    return obj(["by", "node", *required], {"by": {"const": by}, "node": ID, **properties})


RANKING: Schema = obj(
    ["by"],
    {
        "by": listed(
            {
                "oneOf": [
                    obj(["node"], {"by": {"const": "value"}, "node": ID, "direction": _DIRECTION}),
                    _comparator("count_back", {"direction": _DIRECTION}),
                    _comparator("best_parts", {"direction": _DIRECTION}),
                    _comparator("head_to_head", {"direction": _DIRECTION}),
                    _comparator("untrimmed", {"direction": _DIRECTION}),
                    _comparator("attempt", {"rank": whole(1, MOST_RANK)}, ("rank",)),
                ]
            },
            MOST_COMPARATORS,
            1,
        ),
        "ties": word("shared", "manual"),
        "guests": word("ranked", "unranked"),
    },
)

_COUNT: Schema = {"count": whole(1, MOST_MEMBERS)}

TEAMS: Schema = obj(
    ["by", "value"],
    {
        "title": TITLE,
        "by": word("team", "delegation"),
        "value": {
            "oneOf": [
                obj(["combine"], {"combine": word("sum", "mean", "best"), **_COUNT}),
                obj(
                    ["points_by_place"],
                    {"points_by_place": listed(NUMBER, MOST_PLACES_WITH_POINTS, 1), **_COUNT},
                ),
                obj(
                    ["points_by_award"],
                    {
                        "points_by_award": {
                            "type": "object",
                            "propertyNames": ID,
                            "additionalProperties": NUMBER,
                            "minProperties": 1,
                        },
                        "passed": NUMBER,
                        "otherwise": NUMBER,
                        "zero": word("ranked", "unranked"),
                        **_COUNT,
                    },
                ),
                obj(["ranks"], {"ranks": {"const": "sum"}, **_COUNT}),
            ]
        },
        "minimum": whole(1, MOST_MEMBERS),
        "ranking": listed(
            {
                "oneOf": [
                    obj(["by"], {"by": word("value", "best_member", "places")}),
                    obj(["by", "node"], {"by": {"const": "node"}, "node": ID, "direction": _DIRECTION}),
                ]
            },
            MOST_COMPARATORS,
            1,
        ),
        "awards": TEAM_AWARDS,
        "honours": TEAM_HONOURS,
    },
)


def _scale(kind: str, properties: Schema) -> Schema:
    return obj(
        ["id", "title", "kind", "node"],
        {
            "id": ID,
            "title": TITLE,
            "kind": {"const": kind},
            "node": ID,
            "digits": whole(0, SCALE_DIGITS),
            **properties,
        },
    )


_MINIMUM: Schema = {"minimum": whole(2, MOST_MINIMUM)}

SCALES: Schema = listed(
    {
        "oneOf": [
            _scale("worldskills_style", {"centre": NUMBER, "constant": NUMBER, "spread": word("sd", "mad")}),
            _scale("t_score", _MINIMUM),
            _scale("severity", _MINIMUM),
        ]
    },
    MOST_SCALES,
)
