"""What stands on a sheet: what is expected in each cell, how it is typed and checked, and how it is shown."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from competition.rules.marking import ADJUSTMENT_WORDS, STATE_WORDS, MarkKind, MarkState
from competition.rules.numbers import as_decimal
from competition.rules.ruleset import RuleSet
from competition.rules.scheme import (
    Attempts,
    Better,
    Binary,
    ConvertedTime,
    Count,
    Declared,
    Deduction,
    Effect,
    Group,
    Judgement,
    Linear,
    Method,
    Panel,
    Part,
    Record,
    Time,
    Tolerance,
    Value,
)
from competition.rules.sentences import Sentence, sentence
from competition.scoring.models import Mark
from competition.scoring.queries import Item, items_of, module_of
from competition.scoring.queries.items import base_kind
from competition.web.language import language, say


def number(value: Any) -> str:
    """An exact number of the rule set as text."""
    return format(as_decimal(value), "f")


# --- what stands on a sheet -----------------------------------------------------------------------


def item_json(item: Item, heading: str, path: Sequence[str] = ()) -> dict[str, Any]:
    """An item as the sheet's script takes it. `path` are the groups that hold it, `judges` how many confer about its value."""
    return {
        "aspect": item.aspect.id,
        "kind": item.cell,
        "title": item.aspect.title.in_language(language()),
        "heading": heading,
        "path": list(path),
        "judges": item.aspect.conferring,
        "needed": item.needed,
        "extra": extra(item),
        "hint": say(hint(item)),
        "states": [state.value for state in _states(item)],
        "method": method_json(item),
    }


def _states(item: Item) -> tuple[MarkState, ...]:
    """What can be recorded instead of a number."""
    if item.kind is not MarkKind.MARK:
        return ()
    may_fail = item.aspect.part is Part.RECORD or item.attempt is not None
    return tuple(MarkState) if may_fail else (MarkState.NOT_ATTEMPTED,)


def extra(item: Item) -> str:
    """What sets the item apart from others of its aspect, "" for the mark itself."""
    if item.attempt is not None:
        return say(sentence("try %(number)s", number=item.attempt))
    words = {
        MarkKind.AGREED: sentence("agreed value of the judges"),
        MarkKind.DECLARED: sentence("declared value"),
        MarkKind.ENTRY: sentence("deductions"),
        MarkKind.PENALTY: sentence("penalties, pauses and bonuses"),
    }
    return say(words.get(item.kind))


def hint(item: Item) -> Sentence:
    """What is expected in the cell, in a few words."""
    method = item.aspect.method
    if isinstance(method, Judgement):
        return sentence("level 0 to 3, at most %(max)s points", max=number(method.max))
    if item.kind is MarkKind.DECLARED:
        assert isinstance(method, Panel), "only a panel has a declared value"
        if method.declared is Declared.MULTIPLY:
            return sentence("a number that the marks are multiplied by")
        return sentence("a number that is added")
    if item.kind is MarkKind.PENALTY:
        return sentence("seconds, each entry with its reason")
    match method:
        case Panel() if item.kind is MarkKind.AGREED:
            return _range_hint(method.low, method.high, None)
        case Panel():
            return _range_hint(method.low, method.high, method.step)
        case Binary():
            return sentence("fulfilled or not, %(max)s points", max=number(method.max))
        case Value():
            return _range_hint(Fraction(0), method.max, method.step)
        case Tolerance():
            return sentence("measured value, target %(target)s", target=number(method.target))
        case Count():
            return sentence(
                "how many of %(possible)s, at most %(max)s points",
                possible=method.possible,
                max=number(method.max),
            )
        case Linear():
            return _linear_hint(method)
        case ConvertedTime():
            return sentence(
                "seconds: full marks up to %(full)s, none from %(none)s on",
                full=number(method.full_within),
                none=number(method.none_after),
            )
        case Time():
            return sentence("seconds")
        case Record():
            return sentence("a number for comparisons")
        case Attempts():
            return _range_hint(method.low, method.high, method.step)
        case Deduction():
            return _DEDUCTION_HINTS[method.effect]


_DEDUCTION_HINTS: Mapping[Effect, Sentence] = {
    Effect.POINTS: sentence("each entry with its reason"),
    Effect.PERCENT: sentence("percent, each entry with its reason"),
    Effect.VOID: sentence("each violation with its reason; one of them voids the marks"),
}


def _linear_hint(method: Linear) -> Sentence:
    return sentence(
        "measured value: %(base)s + %(rate)s for each, at most %(max)s points",
        base=number(method.base),
        rate=number(method.rate),
        max=number(method.max),
    )


def _range_hint(low: Fraction, high: Fraction, step: Fraction | None) -> Sentence:
    if step is None:
        return sentence("%(low)s to %(high)s", low=number(low), high=number(high))
    return sentence(
        "%(low)s to %(high)s in steps of %(step)s", low=number(low), high=number(high), step=number(step)
    )


def method_json(item: Item) -> dict[str, Any]:
    """How the value of an item is typed, checked and turned into points."""
    method = item.aspect.method
    if item.kind is MarkKind.DECLARED:
        return {"type": "free"} if _is_added(method) else {"type": "multiplier"}
    if item.kind is MarkKind.PENALTY:
        kinds = [[kind.value, say(said)] for kind, said in ADJUSTMENT_WORDS.items()]
        return {"type": "adjustments", "kinds": kinds}
    match method:
        case Judgement():
            words = [title.in_language(language()) for title in method.descriptors]
            return {"type": "level", "max": number(method.max), "descriptors": words}
        case Panel():
            step = None if item.kind is MarkKind.AGREED else method.step
            return {"type": "range", **_scale(method.low, method.high, step)}
        case Binary():
            return {"type": "binary", "max": number(method.max)}
        case Value():
            return {"type": "range", **_scale(Fraction(0), method.max, method.step)}
        case Tolerance():
            bands = [[number(band.up_to), number(band.award)] for band in method.bands]
            return {"type": "tolerance", "target": number(method.target), "bands": bands}
        case Count():
            return {"type": "count", "max": number(method.max), "possible": str(method.possible)}
        case Linear():
            return {
                "type": "linear",
                "base": number(method.base),
                "rate": number(method.rate),
                "max": number(method.max),
                "floor": "0" if item.aspect.floor is None else number(item.aspect.floor),
                **_scale(method.low, method.high, method.step),
            }
        case ConvertedTime():
            return {
                "type": "converted",
                "max": number(method.max),
                "full_within": number(method.full_within),
                "none_after": number(method.none_after),
            }
        case Time():
            return {"type": "time", "high": _maybe(method.max_seconds)}
        case Record():
            return {"type": "record", **_scale(method.low, method.high, method.step)}
        case Attempts():
            return _try_json(method)
        case Deduction():
            return {
                "type": "deduction",
                "effect": method.effect.value,
                "high": _maybe(method.entry_max),
                "step": _maybe(method.entry_step),
                "cap": _maybe(item.aspect.cap),
            }


def _is_added(method: Method) -> bool:
    return isinstance(method, Panel) and method.declared is Declared.ADD


def _maybe(value: Fraction | None) -> str | None:
    return None if value is None else number(value)


def _scale(low: Fraction | None, high: Fraction | None, step: Fraction | None) -> dict[str, str | None]:
    return {"low": _maybe(low), "high": _maybe(high), "step": _maybe(step)}


def _try_json(method: Attempts) -> dict[str, Any]:
    """One try: its range, and how the tries are counted where they give marks."""
    return {
        "type": "try",
        **_scale(method.low, method.high, method.step),
        "counts": method.counts.value if method.better is Better.HIGHER else None,
        "tries": method.attempts,
        "drop": [method.drop_low, method.drop_high],
        "failures": method.failures_allowed,
    }


def headings_of(module: Group) -> dict[str, str]:
    """The title of the group that holds each aspect, "" where it is the module itself."""
    found: dict[str, str] = {}

    def visit(group: Group, title: str) -> None:
        for child in group.children:
            if isinstance(child, Group):
                visit(child, child.title.in_language(language()))
            else:
                found[child.id] = title

    visit(module, "")
    return found


def paths_of(module: Group) -> dict[str, tuple[str, ...]]:
    """The ids of the groups that hold each aspect, from the module down."""
    found: dict[str, tuple[str, ...]] = {}

    def visit(group: Group, above: tuple[str, ...]) -> None:
        path = (*above, group.id)
        for child in group.children:
            if isinstance(child, Group):
                visit(child, path)
            else:
                found[child.id] = path

    visit(module, ())
    return found


def items_json(rule_set: RuleSet, module: str, label: str) -> list[dict[str, Any]]:
    group = module_of(rule_set, module)
    headings, paths = headings_of(group), paths_of(group)
    return [
        item_json(item, headings[item.aspect.id], paths[item.aspect.id])
        for item in items_of(rule_set, module, label)
    ]


def shown_value(item: Item, mark: Mark | None) -> Sentence | str:
    """A recorded value in words and figures."""
    if mark is None:
        return sentence("blank") if item.needed else sentence("nothing recorded")
    if mark.value is None:
        return STATE_WORDS[MarkState(mark.state)]
    if item.kind is MarkKind.PENALTY:
        kind = ADJUSTMENT_WORDS[base_kind(mark.kind)]
        return sentence("%(kind)s of %(seconds)s seconds", kind=kind, seconds=format(mark.value, "f"))
    value, method = format(mark.value, "f"), item.aspect.method
    match method:
        case Binary():
            return sentence("fulfilled") if mark.value else sentence("not fulfilled")
        case Deduction(effect=Effect.PERCENT):
            return f"{value} %"
        case Deduction(effect=Effect.VOID):
            return sentence("violation")
        case _:
            return value
