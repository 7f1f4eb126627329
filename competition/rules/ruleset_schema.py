"""The published JSON Schema (2020-12) of a rule set, and the limits that it shares with the reader.

The schema says what a document looks like; `ruleset.problems` also says what a schema cannot: that weights add up, that
names exist, that ranges are the right way round.
"""

from competition.rules.eligibility import conditions_schema
from competition.rules.numbers import INTEGER_DIGITS, NUMBER_PATTERN
from competition.rules.reading import ID_PATTERN, TEXT_PATTERN, TITLE_LENGTH

FORMAT = "skillsladder.ruleset/1"
NODES = 2_000
DEPTH = 8
MOST_JUDGES = 50
MOST_BANDS = 50
MOST_AWARDS = 20
MOST_COMPARATORS = 20
MOST_RESERVES = 999
MOST_CONDITIONS = 200
SOURCE_LENGTH = 4_000
FRACTION_PATTERN = r"^[1-9][0-9]{0,2}/[1-9][0-9]{0,2}$"

Schema = dict[str, object]

_LARGEST = 10**INTEGER_DIGITS - 1


def _object(required: list[str], properties: Schema) -> Schema:
    return {
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": False,
    }


def _list(items: Schema, most: int, least: int = 0) -> Schema:
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


def _word(*words: str) -> Schema:
    return {"enum": list(words)}


def _whole(low: int, high: int) -> Schema:
    return {"type": "integer", "minimum": low, "maximum": high}


def _text(most: int, least: int = 0) -> Schema:
    return {
        "type": "string",
        "minLength": least,
        "maxLength": most,
        "pattern": TEXT_PATTERN,
    }


_NUMBER: Schema = {"$ref": "#/$defs/number"}
_TITLE: Schema = {"$ref": "#/$defs/title"}
_ROUNDING: Schema = {"$ref": "#/$defs/rounding"}
_ID: Schema = {"type": "string", "pattern": ID_PATTERN}
_FRACTION: Schema = {"type": "string", "pattern": FRACTION_PATTERN}
_YES: Schema = {"type": "boolean"}
_MODES: Schema = _word("half_up", "half_even", "down", "up")

_NODE: Schema = {
    "id": _ID,
    "title": _TITLE,
    "weight": _NUMBER,
    "factor": _NUMBER,
    "max": _NUMBER,
    "floor": _NUMBER,
    "cap": _NUMBER,
    "pass_mark": _NUMBER,
    "rounding": _ROUNDING,
}
_RECORD: Schema = {key: _NODE[key] for key in ("id", "title")}
_SUBTRACTED: Schema = {key: _NODE[key] for key in ("id", "title", "factor", "cap", "rounding")}


def _aspect(type_: str, required: list[str], properties: Schema, common: Schema = _NODE) -> Schema:
    named: Schema = {"kind": {"const": "aspect"}, "type": {"const": type_}}
    return _object(["kind", "id", "title", "type", *required], {**named, **common, **properties})


def _measurement(mode: str, required: list[str], properties: Schema) -> Schema:
    return _aspect("measurement", ["mode", *required], {"mode": {"const": mode}, **properties})


_ASPECTS: list[Schema] = [
    _measurement("binary", ["max"], {}),
    _measurement("value", ["max"], {"step": _NUMBER}),
    _measurement(
        "tolerance",
        ["target", "bands"],
        {
            "target": _NUMBER,
            "bands": _list(
                _object(["up_to", "award"], {"up_to": _NUMBER, "award": _NUMBER}),
                MOST_BANDS,
                1,
            ),
        },
    ),
    _measurement("count", ["max", "possible"], {"possible": _whole(1, 1_000_000)}),
    _aspect(
        "judgement",
        ["max"],
        {
            "judges": _whole(1, MOST_JUDGES),
            "max_spread": _whole(0, 3),
            "descriptors": _list(_TITLE, 4, 4),
            "agreed": _YES,
        },
    ),
    _aspect(
        "panel",
        ["range", "judges", "combine"],
        {
            "range": _object(["low", "high"], {"low": _NUMBER, "high": _NUMBER, "step": _NUMBER}),
            "judges": _whole(1, MOST_JUDGES),
            "minimum": _whole(1, MOST_JUDGES),
            "combine": _word("mean", "median", "sum", "trimmed_mean"),
            "trim": _object(
                ["low", "high"],
                {"low": _whole(0, MOST_JUDGES), "high": _whole(0, MOST_JUDGES)},
            ),
            "panel_rounding": _ROUNDING,
            "declared": _YES,
            "agreed": _YES,
        },
    ),
    _aspect("deduction", [], {"entry_max": _NUMBER, "entry_step": _NUMBER}, _SUBTRACTED),
    _aspect("time", [], {"max_seconds": _NUMBER}, _RECORD),
]

_GROUP: Schema = _object(
    ["kind", "id", "title", "combine", "children"],
    {
        "kind": {"const": "group"},
        "role": _word("stage", "module", "criterion", "sub_criterion"),
        "combine": _word("sum", "weighted", "mean", "best"),
        "children": _list({"$ref": "#/$defs/node"}, NODES, 1),
        **_NODE,
    },
)


def _award_model(model: str, keys: Schema, stated: tuple[str, ...] = ()) -> Schema:
    return _object(
        ["model", "awards", *stated],
        {
            "model": {"const": model},
            "awards": _list(
                _object(["id", "title", *keys], {"id": _ID, "title": _TITLE, **keys}),
                MOST_AWARDS,
                1,
            ),
            "denominator": _word("registered", "present", "completed"),
            "rounding": _MODES,
            "ties": _word("all", "none"),
            "merit": _object(
                ["id", "title", "fraction"],
                {"id": _ID, "title": _TITLE, "fraction": _FRACTION},
            ),
        },
    )


_PLACE: Schema = _whole(1, 1_000_000)

SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:skillsladder:ruleset:1",
    "title": "Rule set of a skills competition event",
    **_object(
        ["format", "title", "scheme"],
        {
            "format": {"const": FORMAT},
            "title": _TITLE,
            "source": _text(SOURCE_LENGTH),
            "scheme": {"$ref": "#/$defs/group"},
            "ranking": _object(
                ["by"],
                {
                    "by": _list(
                        _object(["node"], {"node": _ID, "direction": _word("desc", "asc")}),
                        MOST_COMPARATORS,
                        1,
                    ),
                    "ties": _word("shared", "manual"),
                },
            ),
            "awards": {
                "oneOf": [
                    _award_model("counts", {"count": _PLACE}),
                    _award_model("percent", {"percent": _NUMBER}, ("denominator", "rounding")),
                    _award_model("bands", {"from": _PLACE, "to": _PLACE}),
                    _award_model(
                        "top_fraction",
                        {"fraction": _FRACTION},
                        ("denominator", "rounding"),
                    ),
                ]
            },
            "advancement": _object(
                [],
                {
                    "ties": _word("all", "none", "by_tie_break"),
                    "reserves": _whole(0, MOST_RESERVES),
                },
            ),
            "draw": _object([], {"blind_layers": _whole(0, 1)}),
            "panel": _object([], {"own_delegation": _word("forbidden", "allowed")}),
            "eligibility": {**conditions_schema(), "maxItems": MOST_CONDITIONS},
            "display": _object([], {"digits": _whole(0, 8)}),
        },
    ),
    "$defs": {
        "number": {
            "description": "A decimal number, or a text that spells one; read exactly, never as a float.",
            "oneOf": [
                {"type": "number", "minimum": -_LARGEST, "maximum": _LARGEST},
                {"type": "string", "pattern": NUMBER_PATTERN},
            ],
        },
        "title": _object(["zh"], {"zh": _text(TITLE_LENGTH, 1), "en": _text(TITLE_LENGTH, 1)}),
        "rounding": _object(["digits"], {"digits": _whole(0, 8), "mode": _MODES}),
        "group": _GROUP,
        "aspect": {"oneOf": _ASPECTS},
        "node": {"oneOf": [{"$ref": "#/$defs/group"}, {"$ref": "#/$defs/aspect"}]},
    },
}
