"""Down to which node the rules let a reader see values."""

from competition.competitions.queries import modules_of
from competition.rules.procedure import Breakdown
from competition.rules.ruleset import RuleSet
from competition.rules.scheme import Branch, Group


def public_breakdown(rules: RuleSet) -> Breakdown:
    """How much of the working everybody sees."""
    return rules.procedure.publication.breakdown


def told_nodes(rules: RuleSet, breakdown: Breakdown) -> frozenset[str] | None:
    """The nodes whose values are shown; None for all of them."""
    match breakdown:
        case Breakdown.FULL:
            return None
        case Breakdown.TOTAL:
            return frozenset({rules.scheme.id})
        case Breakdown.MODULES:
            modules = {module.id for module in modules_of(rules)}
            return frozenset(_above(rules.scheme, modules))


def _above(branch: Branch, modules: set[str]) -> set[str]:
    """The modules in a branch, and the groups that lead to them."""
    if branch.id in modules:
        return {branch.id}
    children = branch.children if isinstance(branch, Group) else ()
    inside = {node for child in children for node in _above(child, modules)}
    return {branch.id, *inside} if inside else set()
