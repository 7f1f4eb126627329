"""What pages show of the record."""

from competition.rules.sentences import Sentence, sentence

AREAS: dict[str, Sentence] = {
    "accounts": sentence("Accounts"),
    "organisations": sentence("Organisations"),
    "workers": sentence("Workers"),
    "competitions": sentence("Competitions"),
    "registration": sentence("Registration"),
    "draws": sentence("Draws"),
    "panels": sentence("Panels"),
    "tablets": sentence("Tablets"),
    "scoring": sentence("Scoring"),
    "paper": sentence("Paper sheets"),
    "floor": sentence("Floor"),
    "rechecks": sentence("Re-checks"),
    "results": sentence("Results"),
    "judge_statistics": sentence("Judge statistics"),
    "appeals": sentence("Appeals"),
    "boards": sentence("Boards"),
    "certificates": sentence("Certificates"),
    "promotions": sentence("Promotions"),
    "drills": sentence("Drills"),
    "jobs": sentence("Background work"),
    "audit": sentence("Record"),
}
"""The rooms that write facts, in the order of the chain."""
