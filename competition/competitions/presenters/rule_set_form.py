"""The form of a rule set, made from its published schema and said in the words of the vocabulary.

The editor knows no member of the format by name: what the schema allows is what the form offers, so every comparator,
award model and quota policy can be reached. A description is plain JSON with a `kind`:

    object     members: name, label, hint, required, form; `when` another member says what makes it meaningful
    variants   one of several objects, told apart by fixed members or by the member only they have
    list, map  items of one form; a map has names of its own
    choice     one of several words;  reference: an identifier that stands elsewhere in the document
    number, whole, text, fraction, identifier, title, date, yes
    see        the definition of that name (the tree refers to itself)
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from competition.competitions.rule_set_vocabulary import choice_word, member_word, need_of, reference_of
from competition.rules.ruleset import SCHEMA
from competition.web.language import say

Form = dict[str, Any]
Path = tuple[str, ...]

_FIRST = ("title", "id", "by", "weight", "max")
_LAST = ("factor", "floor", "cap", "pass_mark", "rounding", "ties", "requires")
"""What a person looks for first stands first, what is seldom needed last; the rest keeps the order of the schema."""
_SCALARS = {"number": "number", "title": "title"}
_OWN_FORM = ("group", "aspect", "node")


def rule_set_form() -> Form:
    """The description of the whole form in the reader's language: the document, and the definitions it refers to."""
    definitions = cast(Mapping[str, Any], SCHEMA["$defs"])
    return {
        "document": _form(SCHEMA, ()),
        "definitions": {name: _form(definitions[name], (name,)) for name in _OWN_FORM},
    }


def _form(schema: Mapping[str, Any], path: Path) -> Form:
    if "$ref" in schema:
        return _referred(str(schema["$ref"]).rpartition("/")[2], path)
    if "oneOf" in schema:
        return _one_of(schema["oneOf"], path)
    if "enum" in schema:
        return _choice(schema["enum"], path)
    match schema.get("type"):
        case "object" if isinstance(schema.get("additionalProperties"), Mapping):
            return {
                "kind": "map",
                "items": _form(schema["additionalProperties"], path),
                "names": _names_of(schema, path),
            }
        case "object":
            return _object(schema, path)
        case "array":
            return {
                "kind": "list",
                "items": _form(schema["items"], path),
                "least": schema.get("minItems", 0),
                "most": schema.get("maxItems", 1000),
            }
        case "integer":
            return {"kind": "whole", "least": schema.get("minimum"), "most": schema.get("maximum")}
        case "boolean":
            return {"kind": "yes"}
        case _:
            return _text(schema, path)


def _referred(name: str, path: Path) -> Form:
    if name in _SCALARS:
        return {"kind": _SCALARS[name]}
    if name in _OWN_FORM:
        return {"kind": "see", "definition": name}
    return _form(cast(Mapping[str, Any], SCHEMA["$defs"])[name], path)


def _text(schema: Mapping[str, Any], path: Path) -> Form:
    if (to := reference_of(path)) is not None:
        return {"kind": "reference", "to": to}
    pattern = str(schema.get("pattern", ""))
    if schema.get("format") == "date":
        return {"kind": "date"}
    if pattern.endswith("{0,2}$") and "/" in pattern:
        return {"kind": "fraction"}
    if path and path[-1] == "id":
        return {"kind": "identifier"}
    return {"kind": "text", "most": schema.get("maxLength", 200)}


def _names_of(schema: Mapping[str, Any], path: Path) -> Form:
    """What the names in a map are: references (awards), or numbers (team sizes)."""
    to = reference_of((*path, "names"))
    return {"kind": "reference", "to": to} if to is not None else {"kind": "text", "most": 40}


def _object(schema: Mapping[str, Any], path: Path) -> Form:
    required = schema.get("required", [])
    members = []
    for name, inner in schema.get("properties", {}).items():
        if "const" in inner:
            continue
        word = member_word((*path, name))
        member = {
            "name": name,
            "label": say(word.label),
            "hint": say(word.hint),
            "required": name in required,
            "form": _form(inner, (*path, name)),
        }
        if (need := need_of((*path, name))) is not None:
            member["when"] = {"member": need.member, "words": list(need.words), "above": need.above}
        members.append(member)
    members.sort(key=lambda member: _rank(str(member["name"])))
    return {"kind": "object", "members": members}


def _fixed(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {name: inner["const"] for name, inner in schema.get("properties", {}).items() if "const" in inner}


def _rank(name: str) -> int:
    if name in _FIRST:
        return _FIRST.index(name) - len(_FIRST)
    return _LAST.index(name) + 1 if name in _LAST else 0


def _choice(values: Sequence[Any], path: Path) -> Form:
    return {
        "kind": "choice",
        "options": [{"value": value, "label": say(choice_word(path, _spelled(value)))} for value in values],
    }


def _spelled(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _one_of(alternatives: Sequence[Mapping[str, Any]], path: Path) -> Form:
    if any("$ref" in each for each in alternatives):
        return {
            "kind": "variants",
            "variants": [_variant_see(each, path) for each in alternatives],
        }
    if all(each.get("type") == "object" for each in alternatives):
        return _variants(alternatives, path)
    values = [value for each in alternatives for value in _values(each)]
    return _choice(values, path)


def _variant_see(alternative: Mapping[str, Any], path: Path) -> Form:
    name = str(alternative["$ref"]).rpartition("/")[2]
    return {
        "name": name,
        "label": say(choice_word(path, name)),
        "fixed": {"kind": name},
        "told_by": ["kind"],
        "implied": [],
        "form": {"kind": "see", "definition": name},
    }


def _values(schema: Mapping[str, Any]) -> Sequence[Any]:
    if "enum" in schema:
        return cast(Sequence[Any], schema["enum"])
    if "const" in schema:
        return [schema["const"]]
    return [True, False] if schema.get("type") == "boolean" else []


def _variants(alternatives: Sequence[Mapping[str, Any]], path: Path) -> Form:
    """Objects told apart by the members whose words differ; where there are none, by the members only they need."""
    telling = _telling(alternatives)
    variants = []
    for each in alternatives:
        own = _own_members(each, alternatives)
        for fixed in _ways(each, telling):
            name = ".".join(str(fixed[key]) for key in telling if key in fixed) or "+".join(own)
            form = _object({**each, "properties": _without(each, fixed)}, (*path, name))
            variants.append(
                {
                    "name": name,
                    "label": say(choice_word(path, name)),
                    "fixed": fixed,
                    "told_by": [key for key in telling if key in fixed] or own,
                    "implied": [key for key in fixed if key not in each.get("required", [])],
                    "form": form,
                }
            )
    return {"kind": "variants", "variants": variants}


def _telling(alternatives: Sequence[Mapping[str, Any]]) -> list[str]:
    """The members that say which of the alternatives a document means."""
    words: dict[str, set[str]] = {}
    for each in alternatives:
        for name, inner in each.get("properties", {}).items():
            if "const" in inner or "enum" in inner:
                words.setdefault(name, set()).update(map(str, _values(inner)))
    consts = {name for each in alternatives for name in _fixed(each)}
    shared = [name for name in words if sum(name in each.get("properties", {}) for each in alternatives) > 1]
    return [name for name in shared if name in consts and len(words[name]) > 1]


def _ways(alternative: Mapping[str, Any], telling: Sequence[str]) -> list[dict[str, Any]]:
    """The fixed members of an alternative; once for every word where a telling member has several."""
    fixed = _fixed(alternative)
    for name in telling:
        if values := alternative.get("properties", {}).get(name, {}).get("enum"):
            return [{**fixed, name: value} for value in values]
    return [fixed]


def _without(alternative: Mapping[str, Any], fixed: Mapping[str, Any]) -> dict[str, Any]:
    return {name: inner for name, inner in alternative.get("properties", {}).items() if name not in fixed}


def _own_members(one: Mapping[str, Any], alternatives: Sequence[Mapping[str, Any]]) -> list[str]:
    others = {name for each in alternatives if each is not one for name in each.get("properties", {})}
    return [name for name in one.get("required", []) if name not in others]
