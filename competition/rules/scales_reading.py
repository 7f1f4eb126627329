"""Reads the scales of a rule set: every problem with its path and a sentence."""

from collections.abc import Mapping
from fractions import Fraction

from competition.rules.ranking_schema import MOST_MINIMUM, MOST_SCALES, SCALE_DIGITS
from competition.rules.reading import Reader
from competition.rules.scales import ScaleKind, ScaleRule, Spread
from competition.rules.scheme import Aspect, Branch, Judgement, Panel
from competition.rules.sentences import sentence

_CENTRE = Fraction(700)
_CONSTANT = Fraction(30)
_MINIMUM = 8
_MODEL_DIGITS = 2
_OWN_KEYS = {
    ScaleKind.WORLDSKILLS_STYLE: ("centre", "constant", "spread"),
    ScaleKind.T_SCORE: ("minimum",),
    ScaleKind.SEVERITY: ("minimum",),
}


def read(reader: Reader, nodes: Mapping[str, Branch] | None) -> tuple[ScaleRule, ...]:
    """The scales; `nodes` are those of the marking scheme (None: it could not be read)."""
    found: list[ScaleRule] = []
    for scale in reader.objects("scales", most=MOST_SCALES):
        rule = _scale(scale, nodes)
        if rule is None:
            continue
        if any(rule.id == other.id for other in found):
            scale.note("id", sentence("The identifier “%(id)s” is used twice.", id=rule.id))
        found.append(rule)
    return tuple(found)


def _scale(scale: Reader, nodes: Mapping[str, Branch] | None) -> ScaleRule | None:
    kind = scale.choice("kind", ScaleKind)
    if kind is None:
        return None
    scale.only("id", "title", "kind", "node", "digits", *_OWN_KEYS[kind])
    name, title, node = scale.identifier("id"), scale.title(), scale.identifier("node")
    if node and nodes is not None:
        _check_node(scale, kind, nodes.get(node), node)
    is_model = kind is not ScaleKind.WORLDSKILLS_STYLE
    usual = _MODEL_DIGITS if is_model else 0
    digits = scale.whole("digits", low=0, high=SCALE_DIGITS, default=usual)
    centre = constant = None
    spread, minimum = Spread.SD, _MINIMUM
    if is_model:
        minimum = scale.whole("minimum", low=2, high=MOST_MINIMUM, default=_MINIMUM) or _MINIMUM
    else:
        centre, constant = scale.number("centre"), scale.number("constant", above=0)
        spread = scale.choice("spread", Spread, Spread.SD) or Spread.SD
    return ScaleRule(
        name,
        title,
        kind,
        node,
        _CENTRE if centre is None else centre,
        _CONSTANT if constant is None else constant,
        spread,
        usual if digits is None else digits,
        minimum,
    )


def _check_node(scale: Reader, kind: ScaleKind, node: Branch | None, name: str) -> None:
    if node is None:
        scale.note("node", sentence("The marking scheme has no “%(id)s” to put on a scale.", id=name))
    elif kind is not ScaleKind.WORLDSKILLS_STYLE and not (
        isinstance(node, Aspect) and isinstance(node.method, Panel | Judgement)
    ):
        scale.note(
            "node",
            sentence("This scale is made of the marks of single judges; “%(id)s” has none.", id=name),
        )
