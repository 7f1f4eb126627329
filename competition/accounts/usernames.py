"""What a user name must be: short, visible, typed the same way everywhere."""

from competition.rules.identity import half_width
from competition.rules.sentences import Sentence, sentence

SHORTEST, LONGEST = 2, 64
_SIGNS = "._-@"


def normalise_username(text: str) -> str:
    """The user name as it is stored and compared: half-width, lower case, no blanks at its ends."""
    return half_width(text).strip().lower()


def username_problem(text: str) -> Sentence | None:
    """Why this user name will not do, or None."""
    username = normalise_username(text)
    if not SHORTEST <= len(username) <= LONGEST:
        return sentence(
            "A user name has %(shortest)s to %(longest)s characters.", shortest=SHORTEST, longest=LONGEST
        )
    if not all(letter.isalnum() or letter in _SIGNS for letter in username):
        return sentence("A user name is made of letters, digits and the signs . _ - @, without blanks.")
    return None
