"""The marking scheme in the published JSON Schema of a rule set, and the limits that it shares with the reader."""

from competition.rules.schema import (
    FRACTION,
    ID,
    MODES,
    NUMBER,
    ROUNDING,
    TITLE,
    YES,
    Schema,
    listed,
    obj,
    whole,
    word,
)

NODES = 2_000
DEPTH = 8
MOST_JUDGES = 50
MOST_BANDS = 50
MOST_ATTEMPTS = 50
MOST_QUALIFIED = 1_000_000

_NODE: Schema = {
    "id": ID,
    "title": TITLE,
    "weight": NUMBER,
    "factor": NUMBER,
    "max": NUMBER,
    "floor": NUMBER,
    "cap": NUMBER,
    "pass_mark": NUMBER,
    "rounding": ROUNDING,
}
_RECORD: Schema = {key: _NODE[key] for key in ("id", "title", "rounding")}
_SUBTRACTED: Schema = {key: _NODE[key] for key in ("id", "title", "factor", "cap", "rounding")}


def _aspect(type_: str, required: list[str], properties: Schema, common: Schema = _NODE) -> Schema:
    named: Schema = {"kind": {"const": "aspect"}, "type": {"const": type_}}
    return obj(["kind", "id", "title", "type", *required], {**named, **common, **properties})


def _measurement(mode: str, required: list[str], properties: Schema) -> Schema:
    shared: Schema = {"mode": {"const": mode}, "judges": whole(1, MOST_JUDGES)}
    return _aspect("measurement", ["mode", *required], {**shared, **properties})


_RANGE: Schema = obj(["low", "high"], {"low": NUMBER, "high": NUMBER, "step": NUMBER})


def _left_out(most: int) -> Schema:
    return obj(["low", "high"], {"low": whole(0, most), "high": whole(0, most)})


_ASPECTS: list[Schema] = [
    _measurement("binary", ["max"], {}),
    _measurement("value", ["max"], {"step": NUMBER}),
    _measurement(
        "tolerance",
        ["target", "bands"],
        {
            "target": NUMBER,
            "bands": listed(
                obj(["up_to", "award"], {"up_to": NUMBER, "award": NUMBER}),
                MOST_BANDS,
                1,
            ),
        },
    ),
    _measurement("count", ["max", "possible"], {"possible": whole(1, 1_000_000)}),
    _measurement(
        "linear",
        ["max", "rate"],
        {"base": NUMBER, "rate": NUMBER, "low": NUMBER, "high": NUMBER, "step": NUMBER},
    ),
    _measurement("time", ["max", "full_within", "none_after"], {"full_within": NUMBER, "none_after": NUMBER}),
    _aspect(
        "judgement",
        ["max"],
        {
            "judges": whole(1, MOST_JUDGES),
            "max_spread": whole(0, 3),
            "descriptors": listed(TITLE, 4, 4),
            "agreed": YES,
        },
    ),
    _aspect(
        "panel",
        ["range", "judges", "combine"],
        {
            "range": _RANGE,
            "judges": whole(1, MOST_JUDGES),
            "minimum": whole(1, MOST_JUDGES),
            "combine": word("mean", "median", "sum", "trimmed_mean", "majority", "majority_mean"),
            "of": ID,
            "trim": _left_out(MOST_JUDGES),
            "panel_rounding": ROUNDING,
            "declared": {"enum": [True, False, "add", "multiply"]},
            "agreed": YES,
            "missing": word("leave_out", "lowest"),
        },
    ),
    _aspect(
        "deduction",
        [],
        {"effect": word("points", "percent", "void"), "entry_max": NUMBER, "entry_step": NUMBER},
        _SUBTRACTED,
    ),
    _aspect(
        "time",
        [],
        {"max_seconds": NUMBER, "cut_off": NUMBER, "cut_off_effect": word("cap", "no_value")},
        _RECORD,
    ),
    _aspect("record", [], {"low": NUMBER, "high": NUMBER, "step": NUMBER}, _RECORD),
    _aspect(
        "attempts",
        ["attempts", "better", "counts", "range"],
        {
            "attempts": whole(1, MOST_ATTEMPTS),
            "better": word("higher", "lower"),
            "counts": word("best", "last", "sum", "mean", "middle_mean"),
            "drop": _left_out(MOST_ATTEMPTS),
            "range": _RANGE,
            "failures_allowed": whole(0, MOST_ATTEMPTS),
        },
    ),
]

_QUALIFY: Schema = obj(
    [],
    {
        "count": whole(1, MOST_QUALIFIED),
        "fraction": FRACTION,
        "rounding": MODES,
        "at_least": NUMBER,
        "ties": word("all", "none"),
    },
)

_GROUP: Schema = obj(
    ["kind", "id", "title", "combine", "children"],
    {
        "kind": {"const": "group"},
        "role": word("stage", "module", "criterion", "sub_criterion"),
        "combine": word("sum", "weighted", "mean", "best", "last", "middle_mean", "stages"),
        "count": whole(1, NODES),
        "drop": _left_out(NODES),
        "parts": word("all", "given"),
        "carry_over": YES,
        "qualify": _QUALIFY,
        "children": listed({"$ref": "#/$defs/node"}, NODES, 1),
        **_NODE,
    },
)

SCHEME_DEFINITIONS: Schema = {
    "group": _GROUP,
    "aspect": {"oneOf": _ASPECTS},
    "node": {"oneOf": [{"$ref": "#/$defs/group"}, {"$ref": "#/$defs/aspect"}]},
}
