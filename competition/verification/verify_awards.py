#!/usr/bin/env python3
"""Check who receives what, from the places of a published result / 由名次核验奖项、荣誉与团体成绩.

Put it beside verify_results.py, which then runs it too: that program finds values and places again from the
marks; this one takes values and places as published and finds scales, awards, medals, honours, teams again.
Needs Python 3.9 and nothing else; docs/verifying.md describes both.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby
from typing import Any, NamedTuple

FORMAT, ZERO, LAST = "skillsladder.bundle/1", Fraction(0), 10**9
CHECKS = {
    "6.1": ("推算:标尺分", "What follows: values on a scale"),
    "6.2": ("推算:奖项", "What follows: awards"),
    "6.3": ("推算:荣誉称号", "What follows: honours"),
    "6.4": ("推算:团体成绩", "What follows: teams"),
}
PARTS = {"6.1": "scales", "6.2": "awards", "6.3": "honours", "6.4": "teams"}


class Finding(NamedTuple):
    """What does not hold: the check, the place (JSON pointer, whom it is about), published, found."""

    check: str
    place: str
    published: object
    found: object


def number(raw: Any) -> Fraction:
    """The exact value of a number of the document; ValueError for anything else."""
    if not re.fullmatch(r"-?[0-9]{1,400}(\.[0-9]{1,400}|/[1-9][0-9]{0,400})?", str(raw)):
        raise ValueError(f"{str(raw)[:40]!r} is not a number")
    return Fraction(str(raw))


def rounded(value: Fraction, digits: int, mode: str = "half_up") -> Fraction:
    """`down` is towards zero, `up` away from it."""
    scale = 10 ** min(digits, 30)
    whole, rest = divmod(abs(value) * scale, 1)
    even = 2 * rest > 1 or (2 * rest == 1 and whole % 2 == 1)
    up = {"half_up": 2 * rest >= 1, "half_even": even, "up": rest > 0, "down": False}[mode]
    return Fraction(int(whole) + up, scale) * (-1 if value < 0 else 1)


def share(part: Fraction, mode: str | None) -> int:
    """How many people a share of people is."""
    return int(rounded(part, 0, mode or "half_up"))


def order(value: Fraction | None, sign: int) -> tuple[bool, Fraction]:
    """To sort by: the lowest first where sign is 1, the highest where it is -1; None last."""
    return value is None, ZERO if value is None else sign * value


class Published:
    """A bundle, as far as awards and teams look at it: rules, entrants, lines with values and places."""

    def __init__(self, bundle: Any) -> None:
        contest = bundle["contest"]
        self.rules: Any = contest["ruleset"]
        self.entrants: dict[str, Any] = {each["id"]: each for each in contest["entrants"]}
        self.lines: dict[str, Any] = {line["entrant"]: line for line in bundle["outcome"]["lines"]}
        self.root: str = self.rules["scheme"]["id"]
        self.place = {n: line["place"] for n, line in self.lines.items() if line["place"] is not None}
        self.failed = {name for name, line in self.lines.items() if line["not_passed"]}
        self.eligible = {name for name, each in self.entrants.items() if each.get("award_eligible", True)}
        self.ranked = sorted(self.place, key=lambda name: (self.place[name], name))
        self.scaled = {
            rule["id"]: self.scale(rule) for rule in self.rules.get("scales", []) if is_style(rule)
        }
        self.award: dict[str, tuple[int, str | None]] = self.awards(self.rules.get("awards"))
        decided = {each["entrant"]: each["award"] for each in contest.get("award_decisions", [])}
        self.decided = {name: award for name, award in decided.items() if name in self.place}

    def value(self, name: str, node: str) -> Fraction | None:
        raw = self.lines[name]["values"][node]
        return None if raw is None else number(raw)

    def came(self, name: str) -> bool:
        return self.lines[name]["status"] in ("present", "disqualified")

    # --- scales ---------------------------------------------------------------------------------------

    def scale(self, rule: Any) -> dict[str, Fraction]:
        """Centre + constant × (value − median) ÷ spread, for all who are present and complete."""
        here = [n for n, line in self.lines.items() if line["status"] == "present" and line["complete"]]
        values = {name: value for name in here if (value := self.value(name, rule["node"])) is not None}
        centre, constant = number(rule.get("centre", 700)), number(rule.get("constant", 30))
        known = list(values.values())
        if len(known) < 3 or len(set(known)) == 1:
            return dict.fromkeys(values, centre)
        middle, mean = median(known), sum(known, ZERO) / len(known)
        if rule.get("spread", "sd") == "sd":
            spread = root(sum(((value - mean) ** 2 for value in known), ZERO) / (len(known) - 1))
        else:
            spread = Fraction("1.4826") * median([abs(value - middle) for value in known])
        if not spread:
            return dict.fromkeys(values, centre)
        return {name: centre + constant * (value - middle) / spread for name, value in values.items()}

    # --- awards ---------------------------------------------------------------------------------------

    def awards(self, rule: Any) -> dict[str, tuple[int, str | None]]:
        """The award place and the award of everybody to whom awards are open."""
        if rule is None:
            return {}
        came = [name for name in self.lines if self.came(name)]
        complete = sum(self.lines[name]["complete"] for name in came)
        counted = {"registered": len(self.lines), "completed": complete, "present": len(came)}
        field = counted[rule.get("denominator", "present")]
        rows = sorted((row["below"], row["awards"]) for row in rule.get("field", []) if field < row["below"])
        given = rows[0][1] if rows else None
        vacant = rule.get("ineligible") == "leave_vacant"
        queue: list[Any] = []
        found: dict[str, tuple[int, str | None]] = {}
        for _, tied in groupby(self.ranked, key=self.place.__getitem__):
            sharers = list(tied)
            members = [name for name in sharers if name in self.eligible and name not in self.failed]
            first = 1 if not queue else queue[-1][0] + queue[-1][2]
            found.update(dict.fromkeys(members, (first, None)))
            if members or vacant:
                queue.append([first, first, len(sharers if vacant else members), members])
        for name, award in self.from_the_top(rule, field, given, queue).items():
            found[name] = (found[name][0], award)
        medals = self.medals(rule, list(found), given, vacant) if rule["model"] == "medals" else {}
        for name, award in medals.items():
            found[name] = (found[name][0], award)
        return found

    def ends(self, rule: Any, field: int) -> Iterator[tuple[Any, int | None, int]]:
        """Each award with the award place where it ends, if that is a line, or with its number."""
        awards = [] if rule["model"] == "medals" else rule["awards"]
        parts, so_far, before = sum(each.get("parts", 0) for each in awards), 0, 0
        total = share(number(rule.get("share", 0)) * field / 100, rule.get("rounding"))
        for award in [*awards, *([rule["merit"]] if "merit" in rule else [])]:
            mode = award.get("rounding", rule.get("rounding"))
            if "to" in award or "fraction" in award:
                yield award, award.get("to", share(number(award.get("fraction", 0)) * field, mode)), 0
                continue
            amount = award.get("count", share(number(award.get("percent", 0)) * field / 100, mode))
            if parts:
                so_far += award["parts"]
                amount = max(0, min(total, share(Fraction(total * so_far, parts), mode)) - before)
            before += amount
            yield award, None, amount

    def from_the_top(self, rule: Any, field: int, given: Any, queue: list[Any]) -> dict[str, str]:
        """Award after award from the highest: who stands above its line and reaches what it requires has it.

        The queue holds those who share an award place: where they stand among numbers of awards, their place,
        how many they are, who is open to awards. Who leaves an award empty is considered for the next one;
        of numbers of awards they take the first places there, those behind stand so much further down.
        """
        found, end = {}, 0
        for award, line, amount in self.ends(rule, field):
            if given is not None and award["id"] not in given:
                continue
            start = award.get("from", 0) if award.get("from", 0) > end + 1 else 0
            last = end + amount if line is None else line
            is_merit = award is rule.get("merit")
            waiting, failed = [], 0
            all_share = award.get("ties", rule.get("ties", "all")) == "all"
            while queue:
                at, first, size, members = queue[0]
                spot = (at if line is None else first) + (0 if all_share else size - 1)
                if spot > last:
                    break
                queue.pop(0)
                if spot < start:
                    waiting.append([at, first, size, members])
                    continue
                short = [name for name in members if not self.reaches(award, name)]
                found.update({name: award["id"] for name in members if name not in short})
                if short:
                    waiting.append([at, first, len(short), short])
                    failed += len(short)
            if failed and line is None:
                free = last + 1
                for group in waiting:
                    group[0], free = free, free + group[2]
                for group in queue:
                    group[0] = max(group[0] + failed, free)
                    free = group[0] + group[2]
            queue[:0] = waiting
            end = end if is_merit else max(end, last)
        return found

    def reaches(self, award: Any, name: str) -> bool:
        needed = [
            (self.value(name, each["node"]), number(each["at_least"])) for each in award.get("requires", [])
        ]
        return all(value is not None and value >= least for value, least in needed)

    def medals(self, rule: Any, open_to: list[str], given: Any, vacant: bool) -> dict[str, str]:
        """Windows of scores, each anchored on its best; the medallion for others from a stated score on."""
        scale: Any = next(
            (each for each in self.rules.get("scales", []) if each["id"] == rule.get("scale")), {}
        )
        usual = scale.get("digits", 0) if scale else self.rules.get("display", {}).get("digits", 2)
        scores, found = {}, {}
        for name in self.ranked if vacant else open_to:
            value = self.scaled[rule["scale"]].get(name) if scale else self.value(name, rule["node"])
            if value is not None:
                scores[name] = (
                    rounded(value, rule.get("digits", usual)) if rule.get("rounded", True) else value
                )
        for name, medal in zip_medals(scores, number(rule.get("window", 2)), rule["awards"]):
            if (given is None or medal["id"] in given) and self.reaches(medal, name):
                found[name] = medal["id"]
        extra = rule.get("medallion")
        if extra and (given is None or extra["id"] in given):
            least = number(extra["at_least"])
            found.update({n: extra["id"] for n in scores if n not in found and scores[n] >= least})
        return {name: award for name, award in found.items() if name in open_to}

    # --- honours ----------------------------------------------------------------------------------------

    def places(self) -> dict[str, int]:
        """The places that honours look at: award places, or places where there are no awards."""
        if "awards" in self.rules:
            return {name: place for name, (place, _) in self.award.items()}
        return {name: place for name, place in self.place.items() if name in self.eligible}

    def won(self, name: str) -> str | None:
        return self.decided[name] if name in self.decided else self.award.get(name, (0, None))[1]

    def honours(self) -> list[dict[str, Any]]:
        places, found = self.places(), []
        leaders: dict[Any, Any] = {}
        ranked = sorted(places, key=lambda name: (places[name], name))
        for name in ranked:
            each = self.entrants[name]
            listed = (each.get("order") is None, each.get("order", 0), name)
            leaders[each.get("team")] = min(listed, leaders.get(each.get("team"), listed))
        for rule in self.rules["honours"]:
            needed, barred = set(rule.get("categories", [])), set(rule.get("not_categories", []))
            groups = {name: set(self.entrants[name].get("categories", [])) for name in ranked}
            fit = [name for name in ranked if groups[name] >= needed and not groups[name] & barred]
            among: dict[int, int] = {}
            for index, name in enumerate(fit, start=1):
                among.setdefault(places[name], index)
            for name in fit:
                team, size = self.entrants[name].get("team"), self.entrants[name].get("team_size", 1)
                place = among[places[name]] if rule.get("among") == "category" else places[name]
                most = rule.get("places", rule.get("by_team_size", {str(size): LAST}).get(str(size), 0))
                only_first = rule.get("first_member_only", False)
                follows = only_first and team and leaders[team][2] != name
                if place <= most and not follows and self.won(name) in rule.get("awards", [self.won(name)]):
                    only = {"first_member_only": only_first and size > 1}
                    found.append({"honour": rule["id"], "entrant": name, "place": place, **only})
        return found

    # --- teams ----------------------------------------------------------------------------------------

    def sign(self) -> int:
        """1 where the lower total comes first, else -1."""
        steps = self.rules.get("ranking", {}).get("by", [])
        first = [s for s in steps if s["node"] == self.root and s.get("by", "value") == "value"]
        return 1 if first and first[0].get("direction") == "asc" else -1

    def brings(self, name: str, what: Any) -> Fraction | None:
        place = self.place.get(name)
        if place is None or "combine" in what:
            return None if place is None else self.value(name, self.root)
        if "points_by_place" in what:
            return (
                number(what["points_by_place"][place - 1]) if place <= len(what["points_by_place"]) else ZERO
            )
        otherwise = what.get("otherwise" if name in self.failed else "passed", 0)
        return (
            Fraction(place)
            if "ranks" in what
            else number(what["points_by_award"].get(self.won(name), otherwise))
        )

    def teams(self) -> list[dict[str, Any]]:
        rule: Any = self.rules.get("teams", {"by": "team", "value": {}})
        what, members, keys = rule["value"], defaultdict(list), {}
        lines: list[Any] = []
        for name, each in self.entrants.items():
            members[each.get(rule["by"]) or ""].append(name)
        members.pop("", None)
        sign = 1 if "ranks" in what else self.sign() if "combine" in what else -1
        for team, names in sorted(members.items()):
            brought = {name: value for name in names if (value := self.brings(name, what)) is not None}
            listed = sorted(brought, key=lambda n: (sign * brought[n], self.listed(n), self.place[n], n))
            kept = listed[: what.get("count", 1 if what.get("combine") == "best" else None)]
            value = sum((brought[name] for name in kept), ZERO) if kept else None
            if value is not None and what.get("combine") == "mean":
                value /= len(kept)
            is_open = any(
                self.lines[n]["status"] == "present" and not self.lines[n]["complete"] for n in names
            )
            value = None if is_open else value
            if value is not None and len(brought) >= rule.get("minimum", 1) and (value or "zero" not in what):
                keys[team] = self.team_key(rule, sign, value, names, kept)
            lines.append({"team": team, "value": value, "place": None, "shared": False, "counted": kept})
        ranked = sorted(keys.values())
        for line in lines:
            if (key := keys.get(line["team"])) is not None:
                line["place"] = bisect_left(ranked, key) + 1
                line["shared"] = bisect_right(ranked, key) > line["place"]
        return sorted(lines, key=lambda line: (line["place"] or LAST, line["team"]))

    def listed(self, name: str) -> int:
        found = self.entrants[name].get("order")
        return LAST if found is None else int(found)

    def team_key(self, rule: Any, sign: int, value: Fraction, names: list[str], kept: list[str]) -> list[Any]:
        """What a team is compared by, comparator by comparator."""
        places = sorted(self.place[name] for name in names if name in self.place)
        key: list[Any] = []
        for step in rule.get("ranking") or [{"by": "value"}]:
            if step["by"] == "places":
                key.append([-places.count(place) for place in range(1, max(self.place.values()) + 1)])
            elif step["by"] == "best_member":
                key.append([*places, LAST])
            elif step["by"] == "value":
                key.append(order(value, sign))
            else:
                values = [self.value(name, step["node"]) for name in kept]
                total = None if None in values else sum((each for each in values if each is not None), ZERO)
                key.append(order(total, 1 if step.get("direction") == "asc" else -1))
        return key


def is_style(rule: Any) -> bool:
    """Whether the scale can be found again from values; models of judges are advice and are not."""
    return bool(rule["kind"] == "worldskills_style")


def median(values: list[Fraction]) -> Fraction:
    kept = sorted(values)
    return (kept[(len(kept) - 1) // 2] + kept[len(kept) // 2]) / 2


def root(value: Fraction) -> Fraction:
    """The square root, half up to 12 decimals, by whole numbers."""
    return Fraction((math.isqrt(4 * value.numerator * 10**24 // value.denominator) + 1) // 2, 10**12)


def zip_medals(scores: dict[str, Fraction], window: Fraction, medals: list[Any]) -> Iterator[tuple[str, Any]]:
    """After two golds no silver; after more, and after two silvers, a bronze only within the last window."""
    left = sorted(scores, key=lambda name: (-scores[name], name))
    above: list[str] = []
    golds = 0
    for index, medal in enumerate(medals):
        close = bool(left and above) and scores[above[-1]] - scores[left[0]] <= window
        free = (
            index == 0
            or (index == 1 and golds == 1)
            or (index == 2 and (golds == 2 or (golds == len(above) == 1)))
        )
        if left and (free or (index == 2 and close)):
            above = [name for name in left if scores[name] >= scores[left[0]] - window]
            left, golds = left[len(above) :], golds or len(above)
            yield from ((name, medal) for name in above)


def claims(bundle: Any) -> Iterator[tuple[str, str, object, object]]:
    """Everything that must follow: the check, the place, what is published, what was found."""
    outcome, again = bundle["outcome"], Published(bundle)
    for index, line in enumerate(outcome["lines"]):
        name, place = line["entrant"], f"/outcome/lines/{index}"
        award_place, computed = again.award.get(name, (None, None))
        yield "6.2", f"{place}/award ({name})", line["award"], again.won(name)
        yield "6.2", f"{place}/computed_award ({name})", line.get("computed_award", computed), computed
        yield "6.2", f"{place}/award_place ({name})", line["award_place"], award_place
        for rule in filter(is_style, again.rules.get("scales", [])):
            value = again.scaled[rule["id"]].get(name)
            raw = line["scaled"].get(rule["id"])
            expected = None if value is None else rounded(value, rule.get("digits", 0))
            shown = None if raw is None else number(raw)
            yield "6.1", f"{place}/scaled/{rule['id']} ({name})", shown, expected
    for index, line in enumerate(bundle["lines"]):
        yield "6.2", f"/lines/{index}/award ({line['entrant']})", line["award"], again.won(line["entrant"])
    for check_, part in (("6.3", "honours"), ("6.4", "teams")):
        found = getattr(again, part)() if again.rules.get(part) else []
        yield check_, f"/outcome/{part} (length)", len(outcome.get(part, [])), len(found)
        for index, (published, expected) in enumerate(zip(outcome.get(part, []), found)):
            for key, value in expected.items():
                raw = published.get(key)
                shown = number(raw) if isinstance(value, Fraction) and raw is not None else raw
                yield check_, f"/outcome/{part}/{index}/{key}", shown, value


def check(bundle: Any) -> list[Finding]:
    """What does not follow in this bundle, [] when everything does. Pure: reads and writes nothing else."""
    return [Finding(*each) for each in claims(bundle) if each[2] != each[3]]
