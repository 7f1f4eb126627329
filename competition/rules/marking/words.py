"""How a sheet and a result call what stands in the place of a number, and what is taken off or added to a time."""

from collections.abc import Mapping

from competition.rules.marking.given import MarkKind, MarkState
from competition.rules.sentences import Sentence, sentence

STATE_WORDS: Mapping[MarkState, Sentence] = {
    MarkState.NOT_ATTEMPTED: sentence("not attempted"),
    MarkState.DNF: sentence("did not finish"),
    MarkState.DNS: sentence("did not start"),
    MarkState.DSQ: sentence("disqualified"),
}
ADJUSTMENT_WORDS: Mapping[MarkKind, Sentence] = {
    MarkKind.PENALTY: sentence("penalty"),
    MarkKind.PAUSE: sentence("pause"),
    MarkKind.BONUS: sentence("bonus"),
}
