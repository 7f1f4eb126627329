"""Scales beside the total: what each is, what is said of it, and why there is none. They change no place."""

from dataclasses import dataclass
from uuid import UUID

from competition.results.models import ResultRevision
from competition.results.presenters.breakdowns import told_nodes
from competition.results.queries.outcomes import outcome_of_revision
from competition.rules.procedure import Breakdown
from competition.rules.ruleset import RuleSet
from competition.rules.scales import Scaled, ScaleKind
from competition.rules.sentences import Sentence, sentence
from competition.web.language import language

SCALE_LABELS: dict[ScaleKind, Sentence] = {
    ScaleKind.WORLDSKILLS_STYLE: sentence("WorldSkills-style scale, constant not official"),
    ScaleKind.T_SCORE: sentence("T-scores, advice only"),
    ScaleKind.SEVERITY: sentence("corrected for the severity of judges, advice only"),
}


@dataclass(frozen=True)
class ScaleShown:
    """A scale as an extra column. `said` is its notice, or why there are no values (`is_refused`)."""

    title: str
    label: Sentence
    said: Sentence | None
    is_refused: bool
    scaled: Scaled

    def value(self, entrant_id: UUID) -> str:
        """The value of an entrant, "–" for who has none."""
        value = self.scaled.shown(str(entrant_id))
        return "–" if value is None else f"{value:f}"


def scales_of(revision: ResultRevision, rules: RuleSet, breakdown: Breakdown) -> tuple[ScaleShown, ...]:
    """The scales of a revision, without those of nodes whose values the reader does not see."""
    if not rules.scales:
        return ()
    told = told_nodes(rules, breakdown)
    return tuple(
        ScaleShown(
            title=scaled.rule.title.in_language(language()),
            label=SCALE_LABELS[scaled.rule.kind],
            said=scaled.refusal or scaled.notice,
            is_refused=scaled.refusal is not None,
            scaled=scaled,
        )
        for scaled in outcome_of_revision(revision).scales
        if told is None or scaled.rule.node in told
    )
