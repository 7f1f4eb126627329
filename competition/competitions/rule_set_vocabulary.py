"""The words in which the editor speaks of a rule set: a label and a hint for every member of the format and for every choice.

A name is looked up with as much of its place as it needs: "panel.combine" before "combine". A test holds the vocabulary
and the published schema together: every member and every choice has its words, and no word is left over.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from competition.rules.categories import OLDEST_YOUTH, WOMAN, YOUTH
from competition.rules.eligibility import WorkerStatus
from competition.rules.grades import Grade
from competition.rules.sentences import Sentence, sentence

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """What a member is called on a form, and what somebody who fills it in should know."""

    label: Sentence
    hint: Sentence | None = None


class References(StrEnum):
    """What an identifier that stands elsewhere in the document names."""

    NODE = "node"
    AWARD = "award"
    AWARD_OR_HONOUR = "award_or_honour"
    TEAM_AWARD = "team_award"
    SCALE = "scale"


@dataclass(frozen=True, slots=True)
class Need:
    """A member has a meaning only where another one says one of these words; `above`: where the group above says so."""

    member: str
    words: tuple[str, ...]
    above: bool = False


class NoWord(KeyError):
    """The format has a member or a choice for which the vocabulary has no word."""


def member_word(path: Path) -> Word:
    """The word for the member at this place: the names from the top of the document, lists left out."""
    for key in member_keys(path):
        if key in MEMBERS:
            return MEMBERS[key]
    raise NoWord(".".join(path))


def choice_word(path: Path, value: str) -> Sentence:
    """The word for one choice of the member at this place."""
    for key in choice_keys(path, value):
        if key in CHOICES:
            return CHOICES[key]
    raise NoWord(f"{'.'.join(path)}={value}")


def member_keys(path: Path) -> Iterator[str]:
    """The keys under which a member may stand, the most exact first.

    What teams receive is said in the words of awards and honours, but for those that are about teams.
    """
    if path[0:1] == ("teams",) and path[1:2] in (("awards",), ("honours",)):
        for key in member_keys(path[1:]):
            yield f"teams.{key}"
            yield key
        return
    yield from _ends(path)
    if len(path) > 1:
        yield f"{path[0]}.{path[-1]}"
    if path:
        yield path[-1]


def _ends(path: Path) -> Iterator[str]:
    """The last three names of a place, and the last two."""
    for start in range(max(0, len(path) - 3), len(path) - 1):
        yield ".".join(path[start:])


def choice_keys(path: Path, value: str) -> Iterator[str]:
    """The keys under which a choice may stand, the most exact first."""
    for key in member_keys(path):
        yield f"{key}={value}"
    yield f"={value}"


def reference_of(path: Path) -> References | None:
    """What the identifier at this place names; None where it is a word of its own."""
    return next((REFERENCES[key] for key in member_keys(path) if key in REFERENCES), None)


def need_of(path: Path) -> Need | None:
    """When the member at this place has a meaning; None for always."""
    return next((NEEDS[key] for key in (*_ends(path), path[-1]) if key in NEEDS), None)


_WEIGHTED = Need("combine", ("weighted",), above=True)
_STAGES = Need("combine", ("stages",), above=True)

NEEDS: Mapping[str, Need] = {
    "group.count": Need("combine", ("best",)),
    "group.drop": Need("combine", ("middle_mean",)),
    "group.carry_over": _STAGES,
    "group.qualify": _STAGES,
    "weight": _WEIGHTED,
    "panel.trim": Need("combine", ("trimmed_mean", "sum")),
    "panel.of": Need("combine", ("majority_mean",)),
    "attempts.drop": Need("counts", ("middle_mean",)),
    "attempts.failures_allowed": Need("counts", ("sum", "mean", "middle_mean")),
    "deduction.entry_max": Need("effect", ("", "points", "percent")),
    "deduction.entry_step": Need("effect", ("", "points", "percent")),
    "advancement.fraction": Need("model", ("fraction",)),
    "advancement.rounding": Need("model", ("fraction",)),
    "advancement.node": Need("model", ("threshold",)),
    "advancement.at_least": Need("model", ("threshold",)),
    "advancement.cap": Need("ties", ("cap",)),
    "appeals.second_minutes": Need("tiers", ("2",)),
}
"""When members have a meaning; "" stands for a member that is not stated. What is stated is always shown."""

REFERENCES: Mapping[str, References] = {
    "node": References.NODE,
    "panel.of": References.NODE,
    "teams.field.awards": References.TEAM_AWARD,
    "teams.honours.awards": References.TEAM_AWARD,
    "field.awards": References.AWARD,
    "honours.awards": References.AWARD,
    "coach.awards": References.AWARD,
    "balances.of": References.AWARD_OR_HONOUR,
    "points_by_award.names": References.AWARD,
    "scale": References.SCALE,
}

MEMBERS: Mapping[str, Word] = {
    # General
    "title": Word(
        sentence("Name in both languages"), sentence("Without English words the Chinese ones stand for both.")
    ),
    "source": Word(
        sentence("Source"), sentence("The rule text this follows, with document number, date and article.")
    ),
    "id": Word(
        sentence("Identifier"),
        sentence(
            "1 to 40 letters A–Z a–z, digits and _ . - ; other parts of the rule set name this part by it."
        ),
    ),
    # The marking scheme
    "scheme": Word(sentence("Marking scheme")),
    "role": Word(sentence("Level"), sentence("What the field calls this part; it changes no mark.")),
    "combine": Word(sentence("How the parts become one value")),
    "panel.combine": Word(sentence("How the marks of the judges become one value")),
    "children": Word(sentence("Parts")),
    "weight": Word(
        sentence("Weight in percent"),
        sentence("Needed where the parts above are weighted; the weights of one group add up to 100."),
    ),
    "factor": Word(sentence("Factor"), sentence("What the value is multiplied by; 1 when empty.")),
    "max": Word(sentence("Maximum")),
    "group.max": Word(sentence("Declared maximum"), sentence("Checked against what the parts add up to.")),
    "floor": Word(sentence("Not below")),
    "cap": Word(sentence("Not above")),
    "pass_mark": Word(
        sentence("Pass mark"),
        sentence("Who stays below it on any node with a pass mark has not passed, whatever the total."),
    ),
    "rounding": Word(
        sentence("Rounding of the value"), sentence("Nothing is rounded where nothing is said here.")
    ),
    "digits": Word(sentence("Decimal places")),
    "mode": Word(sentence("Way of rounding"), sentence("Half up when empty.")),
    "count": Word(sentence("How many")),
    "group.count": Word(sentence("How many of the best"), sentence("1 when empty.")),
    "parts": Word(sentence("Which parts count"), sentence("All of them when empty.")),
    "drop": Word(sentence("Left out")),
    "drop.low": Word(sentence("How many of the lowest")),
    "drop.high": Word(sentence("How many of the highest")),
    "carry_over": Word(
        sentence("What was reached before is carried over"),
        sentence("Must be said for every stage after the first."),
    ),
    "qualify": Word(
        sentence("Who enters this stage"),
        sentence("Without it everybody does. Counted by the value reached so far."),
    ),
    "qualify.count": Word(sentence("The best so many")),
    "qualify.fraction": Word(sentence("The best part of them"), sentence("For example 1/2.")),
    "qualify.rounding": Word(sentence("Rounding of the number")),
    "qualify.at_least": Word(sentence("Everybody with at least")),
    "qualify.ties": Word(sentence("Who shares the value at the line")),
    "step": Word(sentence("Steps"), sentence("The smallest difference between two marks.")),
    "target": Word(sentence("Target")),
    "bands": Word(
        sentence("Tolerance bands"),
        sentence("From the narrowest to the widest; beyond the last there are no marks."),
    ),
    "bands.up_to": Word(sentence("Deviation up to")),
    "bands.award": Word(sentence("Marks")),
    "possible": Word(sentence("Possible number")),
    "base": Word(
        sentence("Marks at zero"), sentence("What stands before anything is measured; 0 when empty.")
    ),
    "rate": Word(sentence("Marks per unit"), sentence("Negative when more is worse.")),
    "low": Word(sentence("Lowest")),
    "high": Word(sentence("Highest")),
    "full_within": Word(sentence("Full marks within (seconds)")),
    "none_after": Word(sentence("No marks after (seconds)")),
    "panel.judges": Word(sentence("Number of judges")),
    "judgement.judges": Word(sentence("Number of judges")),
    "judges": Word(
        sentence("Judges who confer"), sentence("They record one agreed value; a label for the sheet.")
    ),
    "max_spread": Word(
        sentence("Widest spread of levels"),
        sentence("Wider than this blocks the aspect until a new round with reasons."),
    ),
    "descriptors": Word(sentence("Descriptors of the levels 0 to 3")),
    "agreed": Word(sentence("One agreed value may be recorded")),
    "range": Word(sentence("Range of marks")),
    "minimum": Word(sentence("At least so many must have marked")),
    "trim": Word(sentence("Left out by the panel")),
    "trim.low": Word(sentence("How many of the lowest")),
    "trim.high": Word(sentence("How many of the highest")),
    "panel_rounding": Word(sentence("Rounding of the panel value")),
    "declared": Word(
        sentence("Value that the entrant declares"),
        sentence("For example a difficulty that the panel value is multiplied by."),
    ),
    "missing": Word(sentence("A seat without a mark")),
    "panel.of": Word(sentence("Majority on")),
    "entry_max": Word(sentence("Largest entry")),
    "entry_step": Word(sentence("Steps of an entry")),
    "max_seconds": Word(sentence("Longest time (seconds)")),
    "cut_off": Word(sentence("Cut-off (seconds)")),
    "cut_off_effect": Word(sentence("Beyond the cut-off")),
    "attempts": Word(sentence("Number of tries")),
    "better": Word(sentence("Better is")),
    "counts": Word(sentence("What counts")),
    "failures_allowed": Word(
        sentence("Failures allowed"), sentence("Beyond it there is no result; 0 when empty.")
    ),
    # Ranking
    "ranking": Word(
        sentence("Order of places"), sentence("Without it: by the total, equal totals share the place.")
    ),
    "by": Word(sentence("Compared in this order")),
    "node": Word(sentence("Part of the scheme")),
    "direction": Word(sentence("Direction")),
    "rank": Word(sentence("Which try"), sentence("2 is the second best.")),
    "ranking.ties": Word(sentence("Who is still equal")),
    "guests": Word(sentence("Entrants without award eligibility")),
    # Teams
    "teams": Word(sentence("Teams")),
    "teams.by": Word(sentence("Who makes a team")),
    "value": Word(sentence("Value of a team")),
    "teams.minimum": Word(
        sentence("Members with a value, at least"), sentence("With fewer there is no place.")
    ),
    "points_by_place": Word(
        sentence("Points for the places"), sentence("From the first place on; the other places give nothing.")
    ),
    "points_by_award": Word(sentence("Points for the awards")),
    "passed": Word(sentence("Points for who has passed without an award")),
    "otherwise": Word(sentence("Points for everybody else")),
    "teams.ranking": Word(sentence("Order of teams")),
    "teams.awards": Word(sentence("Awards of teams"), sentence("Given by the places of the teams.")),
    "teams.honours": Word(
        sentence("Honours of teams"), sentence("All conditions that are stated must be fulfilled.")
    ),
    "teams.honours.awards": Word(sentence("Teams with one of these awards")),
    "teams.honours.at_least": Word(sentence("Value of the team, at least")),
    "teams.honours.passed": Word(
        sentence("Every member has passed"),
        sentence("Every member who came has a place and reaches every pass mark."),
    ),
    # Awards
    "awards": Word(sentence("Awards")),
    "awards.awards": Word(sentence("Awards, the highest first")),
    "model": Word(sentence("Model")),
    "denominator": Word(sentence("Percentages are of")),
    "awards.rounding": Word(sentence("Rounding of the number")),
    "awards.ties": Word(sentence("Who shares the place at the line")),
    "merit": Word(sentence("Award of excellence behind them")),
    "merit.fraction": Word(sentence("Within the first"), sentence("For example 1/2, of all.")),
    "percent": Word(sentence("Percent")),
    "from": Word(sentence("From place")),
    "to": Word(sentence("To place")),
    "fraction": Word(sentence("Share"), sentence("For example 1/2.")),
    "share": Word(sentence("Percent who receive an award")),
    "awards.parts": Word(sentence("Parts of the ratio"), sentence("1, 2 and 3 give 1:2:3.")),
    "scale": Word(sentence("Scale")),
    "window": Word(sentence("Window"), sentence("So close to the best of a group counts as equal.")),
    "rounded": Word(sentence("The rounded values are compared")),
    "medallion": Word(sentence("Medallion behind the medals")),
    "requires": Word(
        sentence("Standards to be reached"),
        sentence("Who does not reach them does not get the award, which stays empty."),
    ),
    "at_least": Word(sentence("At least")),
    "ineligible": Word(sentence("Places of entrants without award eligibility")),
    "field": Word(sentence("Awards by field size")),
    "below": Word(sentence("With fewer entrants than")),
    "field.awards": Word(sentence("Only these awards")),
    # Honours, prizes, balances
    "honours": Word(sentence("Honours")),
    "places": Word(sentence("Up to place")),
    "by_team_size": Word(sentence("Up to place, by team size")),
    "honours.awards": Word(sentence("Who has one of these awards")),
    "categories": Word(sentence("All of these categories")),
    "not_categories": Word(sentence("None of these categories")),
    "first_member_only": Word(sentence("Only the first member of a team")),
    "prizes": Word(sentence("Prizes of delegations and coaches")),
    "prizes.by": Word(sentence("Counted by")),
    "prizes.count": Word(sentence("How many")),
    "prizes.awards": Word(sentence("Coaches of these awards")),
    "prizes.places": Word(sentence("Coaches up to place")),
    "balances": Word(sentence("Balances"), sentence("Shown beside the places; they never change anything.")),
    "balances.at_least": Word(sentence("At least (percent)")),
    "balances.of": Word(sentence("Of these awards or honours")),
    # Advancement
    "advancement": Word(sentence("Advancement")),
    "advancement.at_least": Word(sentence("At least")),
    "most": Word(sentence("Never more than this share")),
    "advancement.ties": Word(sentence("Who shares the place at the line")),
    "advancement.cap": Word(sentence("All of them, if no more than")),
    "reserves": Word(sentence("Number of reserves")),
    "delegation_cap": Word(sentence("At most from one delegation")),
    "advancement.categories": Word(sentence("Places of categories, in order of priority")),
    "categories.quota": Word(sentence("Number of places")),
    "categories.categories": Word(sentence("All of these categories")),
    "quotas": Word(sentence("Quota table")),
    "delegation": Word(sentence("Delegation")),
    "category": Word(sentence("Category")),
    "quotas.quota": Word(sentence("At most")),
    # Scales
    "scales": Word(sentence("Scales")),
    "centre": Word(sentence("Centre")),
    "constant": Word(sentence("Constant"), sentence("Not official: no public source states it.")),
    "spread": Word(sentence("Spread measured by")),
    "scales.minimum": Word(sentence("Smallest field")),
    # Procedure
    "recheck": Word(sentence("Re-check of sheets"), sentence("Without it there is no re-check.")),
    "top": Word(sentence("Checked in full")),
    "recheck.percent": Word(sentence("The first percent")),
    "recheck.count": Word(sentence("The first so many")),
    "sample_percent": Word(sentence("Sample of the rest (percent)")),
    "error_threshold_percent": Word(sentence("Everything again above (percent of errors)")),
    "appeals": Word(sentence("Appeals"), sentence("Without it there are no appeals by form.")),
    "appeals.base": Word(sentence("Counted from")),
    "minutes": Word(sentence("Minutes")),
    "tiers": Word(sentence("Tiers")),
    "second_minutes": Word(sentence("Minutes for the second tier")),
    "process_signature": Word(
        sentence("Who signs the lead's sheet"),
        sentence("With the contestant, the lead's sheet is signed on the tablet by both."),
    ),
    "floor_work": Word(
        sentence("On the floor"), sentence("Without it the chief judge decides on everybody who comes late.")
    ),
    "late_cut_off_minutes": Word(
        sentence("Late arrivals are let in up to (minutes after the start)"),
        sentence("Usual are 5, 15, 20 or 30. Beyond it the chief judge decides, with a reason."),
    ),
    "late_time_made_up": Word(sentence("Whoever is let in late gets the lost time back")),
    "publication": Word(sentence("Publication and public notice")),
    "live": Word(sentence("While marks are coming")),
    "notice_days": Word(sentence("Days of public notice")),
    "working_days": Word(sentence("Only working days count")),
    "breakdown": Word(sentence("What the public sees")),
    "publication.final": Word(
        sentence("How the result becomes final"), sentence("Once its notice is over and nothing is open.")
    ),
    "draw": Word(sentence("Draw")),
    "blind_layers": Word(
        sentence("Layers of blind codes"), sentence("0: judges see the start numbers. 1: codes only.")
    ),
    "panel": Word(sentence("Panels")),
    "own_delegation": Word(sentence("Judges and their own delegation")),
    "eligibility": Word(sentence("Who may enter")),
    "display": Word(sentence("Display")),
    # Eligibility
    "conditions": Word(sentence("Alternatives")),
    "on": Word(sentence("On the day")),
    "any_of": Word(sentence("Any of")),
    "min": Word(sentence("At least")),
    "eligibility.max": Word(sentence("No more than")),
    "min_birth": Word(sentence("Born on or after")),
    "max_birth": Word(sentence("Born on or before")),
    "at_most": Word(sentence("No more than")),
    "held_years": Word(sentence("Held for at least (years)")),
    "organisation": Word(sentence("Organisation")),
    "division": Word(sentence("Administrative division (six digits)")),
    "eligibility.effect": Word(sentence("Who fails it")),
    "zero": Word(sentence("Teams with a value of zero")),
    "among": Word(sentence("Places are counted among")),
    "medals.digits": Word(sentence("Decimal places compared")),
    "aspect.effect": Word(sentence("Effect")),
    "prizes.fraction": Word(sentence("The best part of them"), sentence("For example 1/2.")),
    "prizes.rounding": Word(sentence("Rounding of the number")),
    "advancement.rounding": Word(sentence("Rounding of the number")),
}

CHOICES: Mapping[str, Sentence] = {
    # Parts of the tree
    "node=group": sentence("Group of parts"),
    "node=aspect": sentence("Aspect"),
    "role=stage": sentence("Stage"),
    "role=module": sentence("Module"),
    "role=criterion": sentence("Criterion"),
    "role=sub_criterion": sentence("Sub-criterion"),
    "combine=sum": sentence("Sum"),
    "combine=weighted": sentence("Weighted in percent"),
    "combine=mean": sentence("Mean"),
    "combine=best": sentence("The best of them"),
    "combine=last": sentence("The last that was done"),
    "combine=middle_mean": sentence("Mean without the highest and lowest"),
    "combine=stages": sentence("Stages, one after the other"),
    "parts=all": sentence("All parts"),
    "parts=given": sentence("Only parts in which anything is recorded"),
    "aspect=measurement.binary": sentence("Measurement: fulfilled or not"),
    "aspect=measurement.value": sentence("Measurement: the mark itself"),
    "aspect=measurement.tolerance": sentence("Measurement: deviation in tolerance bands"),
    "aspect=measurement.count": sentence("Measurement: number completed"),
    "aspect=measurement.linear": sentence("Measurement: by formula"),
    "aspect=measurement.time": sentence("Measurement: time turned into marks"),
    "aspect=judgement": sentence("Judgement: levels 0 to 3"),
    "aspect=panel": sentence("Panel of judges"),
    "aspect=deduction": sentence("Deduction"),
    "aspect=time": sentence("Time, for comparison only"),
    "aspect=record": sentence("Number, for comparison only"),
    "aspect=attempts": sentence("Several tries"),
    "combine=median": sentence("Median"),
    "combine=trimmed_mean": sentence("Mean without the highest and lowest marks"),
    "combine=majority": sentence("The mark of the majority"),
    "combine=majority_mean": sentence("Mean of the judges in the majority"),
    "declared=add": sentence("Added to the panel value"),
    "declared=multiply": sentence("Multiplied with the panel value"),
    "declared=true": sentence("Added to the panel value (short form)"),
    "declared=false": sentence("None"),
    "missing=leave_out": sentence("It does not count"),
    "missing=lowest": sentence("Counts as the lowest mark of the range"),
    "effect=points": sentence("Takes points off"),
    "effect=percent": sentence("Takes a percentage off"),
    "effect=void": sentence("Voids what the group has"),
    "cut_off_effect=cap": sentence("Counts as the cut-off"),
    "cut_off_effect=no_value": sentence("No time"),
    "better=higher": sentence("Higher"),
    "better=lower": sentence("Lower"),
    "counts=best": sentence("The best try"),
    "counts=last": sentence("The last try"),
    "counts=sum": sentence("All tries added up"),
    "counts=mean": sentence("Mean of the tries"),
    "counts=middle_mean": sentence("Mean without the best and worst tries"),
    "=half_up": sentence("Half up"),
    "=half_even": sentence("Half to even"),
    "=down": sentence("Down"),
    "=up": sentence("Up"),
    "ties=all": sentence("All of them"),
    "ties=none": sentence("None of them"),
    # Ranking
    "direction=desc": sentence("Highest first"),
    "direction=asc": sentence("Lowest first"),
    "ranking.ties=shared": sentence("They share the place"),
    "ranking.ties=manual": sentence("A decision with its reason separates them"),
    "guests=ranked": sentence("They take places"),
    "guests=unranked": sentence("They take no place among the others"),
    "by=value": sentence("Value of a part"),
    "by=count_back": sentence("Count-back: the parts from the last to the first"),
    "by=best_parts": sentence("The best parts, one fewer each time"),
    "by=attempt": sentence("A certain try"),
    "by=untrimmed": sentence("The panel with the dropped marks"),
    "by=head_to_head": sentence("Head to head of exactly two"),
    # Teams
    "teams.by=team": sentence("Team"),
    "teams.by=delegation": sentence("Delegation"),
    "teams.value=combine": sentence("Values of the members combined"),
    "teams.value=points_by_place": sentence("Points for places"),
    "teams.value=points_by_award": sentence("Points for awards"),
    "teams.value=ranks": sentence("Places added up"),
    "teams.ranking=value": sentence("Value of the team"),
    "teams.ranking=node": sentence("A part, added up over the members who count"),
    "teams.ranking=best_member": sentence("Place of the best member, then of the next"),
    "teams.ranking=places": sentence("Most first places, then second places"),
    # Awards
    "teams.denominator=registered": sentence("Teams with members registered"),
    "teams.denominator=present": sentence("Teams with a member present"),
    "teams.denominator=completed": sentence("Teams with a place"),
    "awards=counts": sentence("Fixed numbers"),
    "awards=percent": sentence("Percentages"),
    "awards=bands": sentence("Bands of places"),
    "awards=top_fraction": sentence("Shares from the top"),
    "awards=ratio": sentence("Ratio within a total share"),
    "awards=medals": sentence("Medals with ties in a window"),
    "denominator=registered": sentence("Entrants registered"),
    "denominator=present": sentence("Entrants present"),
    "denominator=completed": sentence("Entrants with complete marks"),
    "awards.ties=all": sentence("They receive the higher award"),
    "awards.ties=none": sentence("They receive the lower award"),
    "ineligible=move_up": sentence("The next places move up"),
    "ineligible=leave_vacant": sentence("The place stays vacant"),
    # Honours, prizes
    "among=all": sentence("All entrants"),
    "among=category": sentence("The category only"),
    "prizes=delegation": sentence("Prize of a delegation"),
    "prizes=coach": sentence("Prize of coaches"),
    "prizes=best_of_delegation": sentence("The best of every delegation"),
    "zero=ranked": sentence("They take a place"),
    "zero=unranked": sentence("They take no place"),
    "prizes.by=teams": sentence("Place of the team"),
    "prizes.by=entries": sentence("Number of entries"),
    "prizes.by=awards": sentence("Number of awards"),
    # Advancement
    "model=quota": sentence("The quota of the link to the event above"),
    "model=fraction": sentence("A share of the entrants"),
    "model=threshold": sentence("Everybody who reaches a value"),
    "advancement.ties=all": sentence("They all advance"),
    "advancement.ties=none": sentence("None of them advances"),
    "advancement.ties=by_tie_break": sentence("The order of comparison decides"),
    "advancement.ties=cap": sentence("All of them up to a number, else none"),
    # Scales
    "scales=worldskills_style": sentence("WorldSkills-style scale (constant not official)"),
    "scales=t_score": sentence("T-scores of each judge"),
    "scales=severity": sentence("Corrected for the severity of judges"),
    "spread=sd": sentence("Standard deviation"),
    "spread=mad": sentence("Median absolute deviation"),
    # Procedure
    "top=percent": sentence("Percent of the entrants"),
    "top=count": sentence("Number of entrants"),
    "base=scoring_closed": sentence("End of the marking"),
    "base=published": sentence("Publication of the result"),
    "process_signature=judge": sentence("Its judge"),
    "process_signature=contestant": sentence("The contestant first, then its judge"),
    "live=none": sentence("Nothing is shown"),
    "live=board": sentence("A board shows standings"),
    "breakdown=full": sentence("Every aspect"),
    "breakdown=modules": sentence("The modules"),
    "breakdown=total": sentence("The total"),
    "final=declared": sentence("A person declares it final"),
    "final=automatic": sentence("It becomes final by itself"),
    "own_delegation=forbidden": sentence("May not mark it"),
    "own_delegation=allowed": sentence("May mark it"),
    # Eligibility
    "effect=bar": sentence("May not enter"),
    "effect=no_award": sentence("Entry without award"),
    "=age": sentence("Age"),
    "=grade": sentence("Grade held"),
    "=years_in_occupation": sentence("Years in the occupation"),
    "=worker_status": sentence("Status"),
    "=employer_within": sentence("Employer within"),
    "=occupation": sentence("Within certain occupations"),
    "=not_holding_honour": sentence("Does not hold an honour"),
    "=one_event_per_competition": sentence("One event per person"),
    "=certificate_held": sentence("Holds a certificate"),
    "=any": sentence("One of several conditions"),
    **{f"={grade}": grade.label for grade in Grade},
    **{f"={status}": status.label for status in WorkerStatus},
    # Categories: a status, or
    f"={WOMAN}": sentence("Women"),
    f"={YOUTH}": sentence("Youth: at most %(years)s years old", years=OLDEST_YOUTH),
}
