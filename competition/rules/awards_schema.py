"""The part of the published JSON Schema that is about awards and advancement, and its limits."""

from competition.rules.schema import FRACTION, ID, MODES, NUMBER, TITLE, Schema, listed, obj, whole, word

MOST_AWARDS = 20
MOST_RESERVES = 999
MOST_PLACES = 1_000_000


def _model(model: str, keys: Schema, stated: tuple[str, ...] = ()) -> Schema:
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


_PLACE: Schema = whole(1, MOST_PLACES)

AWARDS: Schema = {
    "oneOf": [
        _model("counts", {"count": _PLACE}),
        _model("percent", {"percent": NUMBER}, ("denominator", "rounding")),
        _model("bands", {"from": _PLACE, "to": _PLACE}),
        _model("top_fraction", {"fraction": FRACTION}, ("denominator", "rounding")),
    ]
}
ADVANCEMENT: Schema = obj(
    [],
    {"ties": word("all", "none", "by_tie_break"), "reserves": whole(0, MOST_RESERVES)},
)
