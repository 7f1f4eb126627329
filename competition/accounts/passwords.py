"""What a password must be: long, not common, not the person's own name. No puzzles, no forced symbols (NIST SP 800-63B)."""

from competition.rules.sentences import Sentence, sentence

SHORTEST = 10
LONGEST = 200

_COMMON_PARTS = (
    "password",
    "qwerty",
    "12345",
    "11111",
    "00000",
    "66666",
    "88888",
    "abcde",
    "asdfg",
    "iloveyou",
    "admin",
)


def password_problem(password: str, *, username: str, name: str) -> Sentence | None:
    """Why this password will not do, or None."""
    lowered = password.lower()
    if len(password) < SHORTEST:
        return sentence(
            "Use at least %(shortest)s characters. A few words in a row are easy to keep.",
            shortest=SHORTEST,
        )
    if len(password) > LONGEST:
        return sentence("Use at most %(longest)s characters.", longest=LONGEST)
    if len(set(lowered)) < 5:
        return sentence("This repeats the same few characters. Use more different ones.")
    if username.lower() in lowered or (len(name) > 1 and name.lower() in lowered):
        return sentence("A password must not contain your name. Choose something nobody would try.")
    rest = lowered
    for part in _COMMON_PARTS:
        rest = rest.replace(part, "")
    if len(rest) < SHORTEST // 2:
        return sentence(
            "This is one of the passwords that are tried first. Choose something nobody would try."
        )
    return None
