"""What can go wrong for a person: every refusal carries a sentence and, where there is one, the next step."""

from competition.rules.sentences import Sentence, sentence


class Problem(Exception):
    """A refusal with words for the person who meets it; subclasses say which page shows it.

    `code` is for programs that must tell refusals of one status apart.
    """

    status = 400

    def __init__(self, because: Sentence, *, next_step: Sentence | None = None, code: str = "") -> None:
        super().__init__(str(because))
        self.sentence = because
        self.next_step = next_step
        self.code = code


class NotFound(Problem):
    """There is no such thing, or the person may not know that there is."""

    status = 404

    def __init__(self, because: Sentence | None = None, *, next_step: Sentence | None = None) -> None:
        super().__init__(
            because or sentence("There is nothing at this address."),
            next_step=next_step,
        )


class Refused(Problem):
    """The person may not do this at all."""

    status = 403


class Conflict(Problem):
    """Somebody else was faster: the page shows what they wrote beside what was sent."""

    status = 409

    def __init__(
        self,
        because: Sentence,
        *,
        next_step: Sentence | None = None,
        theirs: object = None,
        yours: object = None,
    ) -> None:
        super().__init__(because, next_step=next_step)
        self.theirs = theirs
        self.yours = yours


class RuleBroken(Problem):
    """The request is understood, but the rules or the state of things do not allow it: all reasons at once."""

    status = 422

    def __init__(self, *because: Sentence, next_step: Sentence | None = None) -> None:
        super().__init__(because[0], next_step=next_step)
        self.sentences = because


NO_REASON = sentence("Give the reason; it is kept for good.")


def given_reason(text: str, *, most: int = 500) -> str:
    """The reason of an act as it is kept: at most so many characters, no space around it. Raises RuleBroken for none."""
    if not text.strip():
        raise RuleBroken(NO_REASON)
    return text.strip()[:most]


class TooMany(Problem):
    """Too often in too short a time; the sentence says when to try again."""

    status = 429

    def __init__(self, because: Sentence, *, retry_after: int) -> None:
        super().__init__(because)
        self.retry_after = retry_after
