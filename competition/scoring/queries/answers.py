"""What an operation was answered, in words: the one place for the sentences of refusals and conflicts."""

from fractions import Fraction

from competition.rules.marking import mark_refusal
from competition.rules.numbers import NumberRefused, as_typed, read_number
from competition.rules.ruleset import RuleSet
from competition.rules.sentences import Sentence, sentence
from competition.scoring.models import MarkOperation
from competition.scoring.queries.items import base_kind

APPLIED = "applied"
DUPLICATE = "duplicate"
CONFLICT = "conflict"
REJECTED = "rejected"

OUT_OF_RANGE = "out-of-range"
UNCHANGED = "unchanged"

REASONS: dict[str, Sentence] = {
    "": sentence("Recorded."),
    UNCHANGED: sentence("Recorded: the mark was the same already."),
    OUT_OF_RANGE: sentence("This value cannot be recorded here."),
    "agreement-needed": sentence(
        "This is measured together: the value counts when as many seated judges as the rules ask for agree with it."
        " Note who agrees and record it again."
    ),
    "changed-elsewhere": sentence(
        "Another device changed this mark in the meantime. Both values are kept; choose which one counts."
    ),
    "closed": sentence("The marking of this event is not open, so the value is kept but does not count."),
    "gap": sentence("An earlier entry of this device has not arrived yet; it is sent again."),
    "not-yours": sentence("This sheet is not yours to mark. The value is kept for the chief judge."),
    "not-on-sheet": sentence("This item is not on the sheet of your seat."),
    "op-id-reuse": sentence(
        "An entry with the same number and other content was received before. It was not used."
    ),
    "quarantined": sentence(
        "This device may not send marks any more. The value is kept for the chief judge and does not count."
    ),
    "reason-needed": sentence(
        "All levels are in. Whoever changes a level now gives the reason, in a new round of discussion."
    ),
    "entry-needs-reason": sentence("A deduction needs its reason."),
    "adjustment-needs-reason": sentence("A pause, a penalty and a bonus need their reason."),
    "ruled": sentence(
        "The chief judge ruled this deduction; only the chief judge changes it, on the floor log."
    ),
    "sequence-used": sentence(
        "This device sent another entry under the same running number. It was not used."
    ),
    "signed": sentence(
        "The sheet was signed before this value arrived. The chief judge sees it and can reopen the sheet."
    ),
    "withdrawn": sentence("This entrant does not compete any more, so the value is kept but does not count."),
    "void": sentence("The sheet was declared void, so the value is kept but does not count."),
}


def value_of(text: str) -> Fraction:
    """The number a device sent, typed in any width. Raises NumberRefused."""
    return read_number(as_typed(text).replace("、", "."))


def value_refusal(rule_set: RuleSet, aspect_id: str, kind: str, text: str) -> Sentence | None:
    """Why this value cannot be recorded in this cell, or None."""
    aspect = next(aspect for aspect in rule_set.aspects if aspect.id == aspect_id)
    try:
        return mark_refusal(aspect, base_kind(kind), value_of(text))
    except NumberRefused as refused:
        return refused.sentence


def said(reason: str, body: dict[str, object], rule_set: RuleSet) -> Sentence:
    """The sentence of an answer; a value out of range says its range."""
    if reason == OUT_OF_RANGE:
        refusal = value_refusal(rule_set, str(body["aspect"]), str(body["kind"]), str(body["value"]))
        return refusal or REASONS[OUT_OF_RANGE]
    return REASONS[reason]


def sentence_of(operation: MarkOperation, rule_set: RuleSet) -> Sentence:
    """What the device was told."""
    return said(operation.reason, operation.body, rule_set)
