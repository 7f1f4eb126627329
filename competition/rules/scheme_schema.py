"""The marking scheme in the published JSON Schema of a rule set, and the limits that it shares with the reader."""

from competition.rules.schema import ID, NUMBER, ROUNDING, TITLE, YES, Schema, listed, obj, whole, word

NODES = 2_000
DEPTH = 8
MOST_JUDGES = 50
MOST_BANDS = 50

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
_RECORD: Schema = {key: _NODE[key] for key in ("id", "title")}
_SUBTRACTED: Schema = {key: _NODE[key] for key in ("id", "title", "factor", "cap", "rounding")}


def _aspect(type_: str, required: list[str], properties: Schema, common: Schema = _NODE) -> Schema:
    named: Schema = {"kind": {"const": "aspect"}, "type": {"const": type_}}
    return obj(["kind", "id", "title", "type", *required], {**named, **common, **properties})


def _measurement(mode: str, required: list[str], properties: Schema) -> Schema:
    return _aspect("measurement", ["mode", *required], {"mode": {"const": mode}, **properties})


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
            "range": obj(["low", "high"], {"low": NUMBER, "high": NUMBER, "step": NUMBER}),
            "judges": whole(1, MOST_JUDGES),
            "minimum": whole(1, MOST_JUDGES),
            "combine": word("mean", "median", "sum", "trimmed_mean"),
            "trim": obj(
                ["low", "high"],
                {"low": whole(0, MOST_JUDGES), "high": whole(0, MOST_JUDGES)},
            ),
            "panel_rounding": ROUNDING,
            "declared": YES,
            "agreed": YES,
        },
    ),
    _aspect("deduction", [], {"entry_max": NUMBER, "entry_step": NUMBER}, _SUBTRACTED),
    _aspect("time", [], {"max_seconds": NUMBER}, _RECORD),
]

_GROUP: Schema = obj(
    ["kind", "id", "title", "combine", "children"],
    {
        "kind": {"const": "group"},
        "role": word("stage", "module", "criterion", "sub_criterion"),
        "combine": word("sum", "weighted", "mean", "best"),
        "children": listed({"$ref": "#/$defs/node"}, NODES, 1),
        **_NODE,
    },
)

SCHEME_DEFINITIONS: Schema = {
    "group": _GROUP,
    "aspect": {"oneOf": _ASPECTS},
    "node": {"oneOf": [{"$ref": "#/$defs/group"}, {"$ref": "#/$defs/aspect"}]},
}
