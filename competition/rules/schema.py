"""The words in which the published JSON Schemas are written, and the definitions that all of them share."""

from competition.rules.numbers import INTEGER_DIGITS, NUMBER_PATTERN
from competition.rules.reading import FRACTION_PATTERN, ID_PATTERN, TEXT_PATTERN, TITLE_LENGTH

Schema = dict[str, object]

_LARGEST = 10**INTEGER_DIGITS - 1


def obj(required: list[str], properties: Schema) -> Schema:
    """An object with these members and no others."""
    return {
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": False,
    }


def listed(items: Schema, most: int, least: int = 0) -> Schema:
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


def word(*words: str) -> Schema:
    return {"enum": list(words)}


def whole(low: int, high: int) -> Schema:
    return {"type": "integer", "minimum": low, "maximum": high}


def text(most: int, least: int = 0) -> Schema:
    return {
        "type": "string",
        "minLength": least,
        "maxLength": most,
        "pattern": TEXT_PATTERN,
    }


NUMBER: Schema = {"$ref": "#/$defs/number"}
TITLE: Schema = {"$ref": "#/$defs/title"}
ROUNDING: Schema = {"$ref": "#/$defs/rounding"}
ID: Schema = {"type": "string", "pattern": ID_PATTERN}
FRACTION: Schema = {"type": "string", "pattern": FRACTION_PATTERN}
YES: Schema = {"type": "boolean"}
MODES: Schema = word("half_up", "half_even", "down", "up")

DEFINITIONS: Schema = {
    "number": {
        "description": "A decimal number, or a text that spells one; read exactly, never as a float.",
        "oneOf": [
            {"type": "number", "minimum": -_LARGEST, "maximum": _LARGEST},
            {"type": "string", "pattern": NUMBER_PATTERN},
        ],
    },
    "title": obj(["zh"], {"zh": text(TITLE_LENGTH, 1), "en": text(TITLE_LENGTH, 1)}),
    "rounding": obj(["digits"], {"digits": whole(0, 8), "mode": MODES}),
}
