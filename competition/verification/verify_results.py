#!/usr/bin/env python3
# fmt: off
"""Check a published result without trusting the program that made it / 不依赖发布系统,独立核验已公布的成绩.

    python3 verify_results.py bundle.json [--hash HASH] [--head HASH] [--lang zh|en]

Numbered checks say PASS, FAIL or SKIPPED; a failure names the place. Exit status: 0 all hold, 1 some differ,
2 the file cannot be checked. The result is computed again from the marks by the rules in the bundle, in exact
fractions (docs/verifying.md). Needs Python 3.9 only. 400 lines, laid out by hand, so that you can read them.
"""
import argparse, functools, hashlib, itertools, json, re, sys
from collections import Counter, defaultdict, namedtuple
from decimal import Decimal
from fractions import Fraction
try: from verify_awards import CHECKS as MORE, PARTS, check as check_more  # the program beside this one
except ImportError: MORE, PARTS, check_more = {"6": ("奖项:verify_awards.py",) * 2}, {}, None

FORMAT, ZERO, MOST = "skillsladder.bundle/1", Fraction(0), 10**30
MARKS, DEDUCTION, RECORD, SEVERAL = "marks", "deduction", "record", ("entry", "pause", "penalty", "bonus")
ONCE, SHEETS = ("entrant", "aspect", "judge", "attempt", "round", "kind"), ("received", "void", "missing")
CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))  # no spaces, UTF-8
CHECKS = {
    "1.1": ("完整性:每名参赛者恰有一行成绩", "Completeness: everybody has exactly one line"),
    "1.2": ("完整性:评分表份数相符,收回的已签名,缺少的经两人认可", "Completeness: sheets add up, are signed or accepted as missing"),
    "1.3": ("完整性:每个评分有主且不重复", "Completeness: every mark has its owner and is there once"),
    "2.1": ("真实性:成绩版本的哈希值", "Authenticity: the hash of the revision"),
    "2.2": ("真实性:与纸面上的哈希值相同", "Authenticity: the hash printed on paper (--hash)"),
    "2.3": ("真实性:与另存的审计链首相同", "Authenticity: the audit head kept elsewhere (--head)"),
    "3.1": ("一致性:先签名,再汇总,后由两人批准", "Consistency: signed, prepared, approved by two people"),
    "4.1": ("完好性:签名与评分表内容相符", "Integrity: every signature fits the cells it stands for"),
    "4.2": ("完好性:参与计算的正是签过名的评分", "Integrity: the marks that count are those that were signed"),
    "5.1": ("重算:各节点得分", "Recomputation: the value of every node"),
    "5.2": ("重算:总分与完整性", "Recomputation: totals, and who is complete"),
    "5.3": ("重算:名次", "Recomputation: places"),
}
Finding = namedtuple("Finding", "check place published found")
@functools.lru_cache(maxsize=200_000)
def number(raw):
    """The exact value of a number of the document; ValueError for anything else but null."""
    if raw is None: return None
    if not re.fullmatch(r"-?[0-9]{1,400}(\.[0-9]{1,400}|/[1-9][0-9]{0,400})?", str(raw)):
        raise ValueError(f"{str(raw)[:40]!r} is not a number")
    return Fraction(str(raw))

def rounded(value, rule):
    """Half up unless stated; `down` is towards zero, `up` away from it. No rule, no rounding."""
    if not rule: return value
    scale, mode = 10 ** min(rule["digits"], 30), rule.get("mode", "half_up")
    whole, rest = divmod(abs(value.numerator) * scale, value.denominator)
    tie = 2 * rest == value.denominator and (mode == "half_up" or (mode == "half_even" and whole % 2 == 1))
    up = rest > 0 if mode == "up" else mode != "down" and (2 * rest > value.denominator or tie)
    return Fraction(whole + up, scale) * (-1 if value < 0 else 1)

def combined(how, values, low=0, high=0, count=1):
    """One value of several; `low` and `high` are how many of the lowest and highest are left out."""
    if how == "last": return values[-1]
    if how == "majority":
        value, votes = Counter(values).most_common(1)[0] if values else (None, 0)
        return value if 2 * votes > len(values) else None
    kept = sorted(values)[low : len(values) - high]
    if how == "median": return (kept[(len(kept) - 1) // 2] + kept[len(kept) // 2]) / 2
    if how == "best": return sum(kept[-count:], ZERO)
    return sum(kept, ZERO) / (1 if how == "sum" else len(kept))

def order(values, sign):  # sorts the lowest first where sign is 1, the highest where it is -1, None last
    return [(value is None, ZERO if value is None else sign * value) for value in values]
def split(names, key):  # the names in the order of the key, equal ones together
    keys = {name: key(name) for name in sorted(names)}
    return [list(tied) for _, tied in itertools.groupby(sorted(keys, key=keys.get), keys.get)]

def is_number(value): return isinstance(value, Fraction)
def one(given, kind): return next(iter(given.get(kind, {}).values()), None)
def fingerprint(document): return hashlib.sha256(CANONICAL.encode(document).encode()).hexdigest()

class Tally:
    """The values of all nodes for one entrant, each by the method of its type; `open` if any is missing."""
    def __init__(self, contest, marks):
        self.contest, self.marks, self.values = contest, marks, {}
        self.open, self.stage, self.reached = False, 0, ZERO
    def blank(self, counts=True): self.open = self.open or counts
    def recorded(self, node): return any(name in self.marks for name in self.contest.below[node["id"]])
    def rounds(self, name): return self.marks.get(name, {}).get("scores", {})
    def scores(self, name):
        """What the judges gave in the last round: a number, or a state."""
        last = max((turn for turn, _ in self.rounds(name)), default=1)
        return {judge: score for (turn, judge), score in self.rounds(name).items() if turn == last}
    def no_value(self, name):
        stated = [*self.marks.get(name, {}).get("mark", {}).values()] or [*self.scores(name).values()]
        return bool(stated) and not any(map(is_number, stated))
    def value(self, node):
        name, part = node["id"], self.contest.part[node["id"]]
        value = None if part == RECORD else ZERO
        if not self.no_value(name):
            value = getattr(self, node.get("type", "group"))(node, self.marks.get(name, {}))
            if value is not None:
                factor, cap, floor = map(number, map(node.get, ("factor", "cap", "floor")))
                if factor is not None: value *= factor
                if cap is not None: value = max(value, -cap) if part == DEDUCTION else min(value, cap)
                value = rounded(value if floor is None else max(value, floor), node.get("rounding"))
        self.values[name] = value
        return value
    def of_judges(self, node, least, seats):
        """The scores, where the judges are as many as needed, all in the last round, and all gave one."""
        scores, everybody = self.scores(node["id"]), {judge for _, judge in self.rounds(node["id"])}
        numbers = [score for score in scores.values() if is_number(score)]
        return numbers if len(everybody) == len(numbers) and least <= len(numbers) <= seats else None
    def judgement(self, node, given):
        agreed, seats = one(given, "agreed"), node.get("judges", 3)
        levels = self.of_judges(node, seats, seats) if agreed is None else [agreed] * seats
        if levels is None or max(levels) - min(levels) > node.get("max_spread", 1): return self.blank()
        return number(node["max"]) * sum(levels) / (3 * seats)
    def panel(self, node, given):
        value, declared = self.of_panel(node, **node.get("trim", {})), one(given, "declared")
        if value is None or (declared is None and node.get("declared")): return self.blank()
        value = rounded(value, node.get("panel_rounding"))
        return value * declared if node.get("declared") == "multiply" else value + (declared or ZERO)
    def of_panel(self, node, low=0, high=0):
        """What the panel makes of its marks, before its rounding and what was declared."""
        agreed, seats = one(self.marks.get(node["id"], {}), "agreed"), node["judges"]
        marks = self.of_judges(node, node.get("minimum", seats), seats)
        if agreed is not None or marks is None: return agreed
        lowest = [number(node["range"]["low"])] if node.get("missing") == "lowest" else []
        if node["combine"] != "majority_mean":
            return combined(node["combine"], marks + lowest * (seats - len(marks)), low, high)
        own, asked = self.scores(node["id"]), self.scores(node["of"])
        value = combined("majority", [score for score in asked.values() if is_number(score)])
        agreeing = [judge for judge, score in asked.items() if score == value is not None]
        marks = [mark for judge in agreeing for mark in ([own[judge]] if judge in own else lowest)]
        return combined("mean", marks) if marks else None
    def measurement(self, node, given):
        value, mode, top = one(given, "mark"), node["mode"], number(node.get("max", 0))
        if value is None: return self.blank()
        if mode == "linear":
            value = number(node.get("base", 0)) + number(node["rate"]) * value
            return min(value if "floor" in node else max(value, ZERO), top)
        if mode == "time":
            none, full = number(node["none_after"]), number(node["full_within"])
            return top * min(max((none - value) / (none - full), ZERO), Fraction(1))
        if mode == "tolerance":
            off = abs(value - number(node["target"]))
            return next((number(b["award"]) for b in node["bands"] if off <= number(b["up_to"])), ZERO)
        return value if mode == "value" else top * value / node.get("possible", 1)
    def record(self, node, given):
        value = one(given, "mark")
        return self.blank(node["id"] in self.contest.needed) if value is None else value
    def time(self, node, given):
        if self.record(node, given) is None: return None
        signs = (("mark", 1), ("pause", -1), ("bonus", -1), ("penalty", 1))
        value = max(sum(sign * each for kind, sign in signs for each in given.get(kind, {}).values()), ZERO)
        if value <= number(node.get("cut_off", MOST)): return value
        return None if node.get("cut_off_effect") == "no_value" else number(node["cut_off"])
    def deduction(self, node, given): return -sum(given.get("entry", {}).values(), ZERO)
    def attempts(self, node, given):
        """Who did not start or was disqualified in a try is so in those after it that are not recorded."""
        tries, lower, counts, last = [], node["better"] == "lower", node["counts"], None
        for turn in range(1, node["attempts"] + 1):
            last = given.get("tries", {}).get(turn, last if last in ("dns", "dsq", "not_attempted") else None)
            tries.append(last)
        if None in tries: return self.blank(bool(given) or not lower or node["id"] in self.contest.needed)
        results = [each for each in tries if is_number(each)]
        failed, worst = len(tries) - len(results), number(node["range"]["high" if lower else "low"])
        if counts == "best": kept = sorted(results, reverse=lower)[-1:]
        elif counts == "last": kept = [each for each in tries if each not in ("dns", "not_attempted")][-1:]
        else: kept = results + [worst] * failed if failed <= node.get("failures_allowed", 0) else []
        if not kept or not is_number(kept[0]): return None if lower else ZERO
        return combined(counts, kept, **node.get("drop", {}))
    def group(self, node, _):
        name, how, drop, children = node["id"], node["combine"], node.get("drop", {}), node["children"]
        parts, part = self.contest.parts[name], self.contest.part[name]
        left = [child for child in parts if node.get("parts") == "given" and not self.recorded(child)]
        if how == "stages": left = children[self.stage + 1 :]
        for child in children:
            if child in left:
                self.values.update(dict.fromkeys(self.contest.below[child["id"]]))
                self.blank(how == "stages" and self.recorded(child))
            elif how != "stages": self.value(child)
        if how == "stages": return self.reached
        if part == DEDUCTION: return self.less_deductions(children, ZERO)
        known = [(value, child) for child in parts if (value := self.values[child["id"]]) is not None]
        is_choice, count = part == RECORD and how in ("best", "last"), node.get("count", 1)
        least = min(count, len(children)) if is_choice else len(parts) - len(left)
        if len(known) < max(least, sum(drop.values()) + 1) or (part == RECORD and how == "weighted"):
            return self.blank(part == MARKS)
        if how == "weighted":
            return self.less_deductions(children, sum(v * number(c["weight"]) for v, c in known) / 100)
        sign = -1 if self.contest.lower[name] and how == "best" else 1
        value = combined(how, [sign * value for value, _ in known], count=count, **drop)
        return self.less_deductions(children, sign * value)
    def less_deductions(self, children, value):
        """Violations void what is above 0, percentages are added up and taken off it, then points."""
        taken = defaultdict(list)
        for child in (each for each in children if self.contest.part[each["id"]] == DEDUCTION):
            taken[child.get("effect", "points")].append(self.values[child["id"]] or ZERO)
        if not taken: return value
        left = max(1 + sum(taken["percent"], ZERO) / 100, ZERO) if not any(taken["void"]) else ZERO
        return (value * left if value > 0 else value) + sum(taken["points"], ZERO)

class Contest:
    """A contest document, computed again: a tally for each entrant, and the places."""
    def __init__(self, document):
        self.rules, self.entrants = document["ruleset"], {each["id"]: each for each in document["entrants"]}
        self.nodes, self.part, self.parts, self.lower, self.below = {}, {}, {}, {}, {}
        scheme, self.root = self.rules["scheme"], self.survey(self.rules["scheme"])
        self.by = self.rules.get("ranking", {}).get("by") or [{"node": self.root}]
        records = [step["node"] for step in self.by if self.part[step["node"]] == RECORD]
        self.needed = set().union(*map(self.below.get, records))
        whole = [step for step in self.by if step["node"] == self.root and step.get("by", "value") == "value"]
        self.sign = 1 if whole and whole[0].get("direction") == "asc" else -1
        self.tallies = {name: Tally(self, marks) for name, marks in self.recorded(document).items()}
        self.status = {name: each.get("status", "present") for name, each in self.entrants.items()}
        self.decide_stages(scheme, list(self.entrants))
        for tally in self.tallies.values(): tally.value(scheme)
        least = {name: number(node["pass_mark"]) for name, node in self.nodes.items() if "pass_mark" in node}
        self.failed = {name: [n for n, low in least.items() if (v := tally.values[n]) is not None and v < low]
                       for name, tally in self.tallies.items()}
        self.rank({frozenset(each["order"]): each["order"] for each in document.get("decisions", [])})
    def survey(self, node):
        """Note of a node what it is to the group above, its parts, which end is better, and all below."""
        name, kind, children = node["id"], node.get("type"), node.get("children", [])
        self.nodes[name] = node
        names = [self.survey(child) for child in children]
        kinds, timed = {self.part[each] for each in names}, kind == "time" or node.get("better") == "lower"
        takes = kind == "deduction" or (kinds and MARKS not in kinds)
        self.below[name] = {name}.union(*(self.below[each] for each in names))
        is_record = timed or kind == "record" or kinds == {RECORD}
        part = self.part[name] = RECORD if is_record else DEDUCTION if takes else MARKS
        self.parts[name] = [child for child in children if self.part[child["id"]] == part != DEDUCTION]
        self.lower[name] = timed or (kinds == {RECORD} and all(self.lower[each] for each in names))
        return name
    def recorded(self, document):
        """What counts at each aspect, by kind: marks of judges by round and judge, tries by number."""
        shadows = {judge["id"] for judge in document.get("judges", []) if judge.get("shadow")}
        found = {name: defaultdict(lambda: defaultdict(dict)) for name in self.entrants}
        for index, mark in enumerate(document["marks"]):
            kind, judge, key = mark.get("kind", "mark"), mark.get("judge"), mark.get("attempt", index)
            if judge and kind == "mark" and self.nodes[mark["aspect"]]["type"] in ("panel", "judgement"):
                if judge in shadows: continue
                kind, key = "scores", (mark.get("round", 1), judge)
            kind, value = "tries" if "attempt" in mark else kind, mark.get("state")
            found[mark["entrant"]][mark["aspect"]][kind][key] = value or number(mark["value"])
        return found
    def decide_stages(self, scheme, field):
        """Who enters each stage, by the value reached before it."""
        for index, stage in enumerate(scheme["children"] if scheme["combine"] == "stages" else []):
            if index: field = self.entering(field, stage)
            for tally in (self.tallies[name] for name in field):
                own, before, tally.stage = tally.value(stage), tally.reached, index
                added = before if stage.get("carry_over") else ZERO
                tally.reached = None if None in (own, before) else own + added
    def entering(self, field, stage):
        rule, marked = stage.get("qualify"), {n for n in field if self.tallies[n].recorded(stage)}
        field = [name for name in field if name in marked or self.status[name] == "present"]
        if rule is None: return field
        reached = {name: self.sign * v for name in field if (v := self.tallies[name].reached) is not None}
        share = {"digits": 0, "mode": rule.get("rounding", "half_up")}
        seats = rule.get("count", rounded(number(rule.get("fraction", 0)) * len(reached), share))
        inside, all_sharers = set(), rule.get("ties", "all") == "all"
        for tied in split(reached, reached.get):
            fits = len(inside) + len(tied) <= seats or (len(inside) < seats and all_sharers)
            if "at_least" in rule: fits = reached[tied[0]] <= self.sign * number(rule["at_least"])
            if not fits: break
            inside.update(tied)
        unclear = any(self.tallies[name].open for name in field)
        return [name for name in field if name in inside or (unclear and name in marked)]
    def rank(self, decided):
        """All start in one group, each comparator splits; a decision orders exactly those who are tied."""
        rule, self.place, self.shared = self.rules.get("ranking", {}), {}, set()
        here = [n for n, tally in self.tallies.items() if self.status[n] == "present" and not tally.open
                and (rule.get("guests") != "unranked" or self.entrants[n].get("award_eligible", True))]
        groups = split(here, lambda name: -self.tallies[name].stage)
        for step in self.by: groups = [part for group in groups for part in self.split_by(step, group)]
        for group in groups:
            for tied in [[name] for name in decided.get(frozenset(group), ())] or [group]:
                self.place.update(dict.fromkeys(tied, len(self.place) + 1))
                self.shared.update(tied if len(tied) > 1 else ())
    def split_by(self, step, group):
        node, by = step["node"], step.get("by", "value")
        usual = "asc" if self.lower[node] and by not in ("value", "untrimmed") else "desc"
        sign = 1 if step.get("direction", usual) == "asc" else -1
        def compared(name):
            tally, parts = self.tallies[name], self.parts[node]
            row = [tally.values[part["id"]] for part in parts]
            if by == "value": return [tally.values[node]]
            if by == "untrimmed": return [tally.of_panel(self.nodes[node])]
            tries = {} if tally.no_value(node) else tally.marks.get(node, {}).get("tries", {})
            best = sorted(filter(is_number, tries.values() if by == "attempt" else row), reverse=sign < 0)
            if by == "attempt": return [*best[step["rank"] - 1 : step["rank"]], None][:1]
            if by == "best_parts":
                return [sum(best[:k], ZERO) if k <= len(best) else None for k in range(len(row) - 1, 0, -1)]
            return row[::-1] if by == "count_back" else row
        if by != "head_to_head": return split(group, lambda name: order(compared(name), sign))
        rows = [order(compared(name), sign) for name in group]
        wins = [sum(own < their for own, their in zip(row, other)) for row, other in zip(rows, rows[::-1])]
        return split(group, lambda name: -wins[group.index(name)]) if len(group) == 2 else [group]

def claims(bundle, printed=None, head=None, again=None):
    """What must hold, as findings: published must be found. `again` is the contest computed before."""
    contest, lines, sheets, revision = (bundle[key] for key in ("contest", "lines", "sheets", "revision"))
    rules, outcome, counted = contest["ruleset"], bundle["outcome"]["lines"], bundle["reconciliation"]
    names = Counter(each["id"] for each in contest["entrants"])
    judges = {None, *(each["id"] for each in contest["judges"])}
    for part, listed in (("contest/entrants", names), ("lines", lines), ("outcome/lines", outcome)):
        times = listed if listed is names else Counter(line["entrant"] for line in listed)
        for name in {**names, **times}: yield "1.1", f"/{part} ({name})", times[name], int(name in names)
    seen, signed, used = Counter(), Counter(), Counter()
    accepted = counted.get("accepted", {"by": [], "sheets": []})  # two people accepted that these are missing
    absent = {(each["module"], each["code"], each["judge"]): each["entrant"] for each in accepted["sheets"]}
    yield "1.2", "/reconciliation/expected", counted["expected"], sum(map(counted.get, SHEETS))
    yield "1.2", "/reconciliation/missing", counted["missing"], len(absent)
    for index, mark in enumerate(contest["marks"]):
        known = mark["entrant"] in names and mark.get("judge") in judges
        key = index if mark.get("kind") in SEVERAL else tuple(map(mark.get, ONCE))
        seen[key] += 1
        yield "1.3", f"/contest/marks/{index} ({mark['entrant']}, {mark['aspect']})", seen[key], int(known)
    covered = {"contest": contest, "lines": sorted(lines, key=lambda line: str(line["entrant"]))}
    covered |= ({"accepted": accepted} if absent else {}) | ({} if sheets is None else {"sheets": sheets})
    yield "2.1", "/revision/hash", revision["hash"], fingerprint(covered)
    yield "2.2", "/revision/hash", revision["hash"], (printed or revision["hash"]).lower()
    yield "2.3", "/audit/head", bundle["audit"]["head"], head.lower() if head else bundle["audit"]["head"]
    for index, each in enumerate(revision["approvals"]):
        yield "3.1", f"/revision/approvals/{index}/at", each["at"], max(each["at"], revision["prepared_at"])
    people = min(2, len({each["by"] for each in revision["approvals"]}))
    yield "3.1", "/revision/approvals", people, 2 if revision["published_at"] else people
    yield "3.1", "/reconciliation/accepted/by", len({each["by"] for each in accepted["by"]}), 2 * bool(absent)
    if sheets is not None: yield "1.2", "/reconciliation/received", counted["received"], len(sheets)
    for index, sheet in enumerate(sheets or []):
        place = f"/sheets/{index}/%s ({sheet['module']}, {sheet['code']}, {sheet['judge']})"
        content = {key: sheet[key] for key in ("sheet", "module", "code", "cells")}
        yield "1.2", place % "judge", (sheet["module"], sheet["code"], sheet["judge"]) in absent, False
        yield "4.1", place % "hash", sheet["hash"], fingerprint(content)
        yield "3.1", place % "signed_at", sheet["signed_at"], min(sheet["signed_at"], revision["prepared_at"])
        for aspect, _, value, state, *_ in sheet["cells"]:
            signed[sheet["entrant"], aspect, number(value) if state == "value" else state] += state != "blank"
    by_round = sorted(contest["marks"], key=lambda m: m.get("round", 1))
    last = {(m["entrant"], m["aspect"]): m.get("round", 1) for m in by_round}
    for m in by_round if sheets is not None else []:  # rounds before the last do not count
        is_old = m.get("kind", "mark") == "mark" and m.get("round", 1) < last[m["entrant"], m["aspect"]]
        used[m["entrant"], m["aspect"], m.get("state") or number(m["value"])] += not is_old
    for key in {**signed, **used}:
        yield "4.2", f"/contest/marks ({', '.join(str(shown(each)) for each in key)})", used[key], signed[key]
    again = again or Contest(contest)
    digits = {"outcome/lines": 8, "lines": rules.get("display", {}).get("digits", 2)}
    every = [("outcome/lines", *e) for e in enumerate(outcome)] + [("lines", *e) for e in enumerate(lines)]
    for part, index, line in every:
        name, tally, place = line["entrant"], again.tallies[line["entrant"]], f"/{part}/{index}"
        total = None if tally.open else tally.values[again.root]
        shown_total = None if total is None else rounded(total, {"digits": digits[part]})
        yield "5.2", f"{place}/total ({name})", number(line["total"]), shown_total
        yield "5.2", f"{place}/status ({name})", line["status"], again.status[name]
        yield "5.3", f"{place}/place ({name})", line["place"], again.place.get(name)
        if part == "lines": continue
        for node, value in tally.values.items():
            yield "5.1", f"{place}/values/{node} ({name})", number(line["values"][node]), value
        yield "5.2", f"{place}/exact ({name})", number(line["exact"]), total
        yield "5.2", f"{place}/complete ({name})", line["complete"], not tally.open
        lacks = tally.open and again.status[name] == "present" and bool(revision["published_at"])
        yield "1.2", f"{place}/complete ({name})", lacks, lacks and name in absent.values()
        yield "5.2", f"{place}/not_passed ({name})", line["not_passed"], again.failed[name]
        yield "5.3", f"{place}/shared ({name})", line["shared"], name in again.shared

def shown(value):  # a fraction as people write it: as a decimal where it ends within 8 places
    ends = is_number(value) and 10**8 % value.denominator == 0
    return format(Decimal(value.numerator) / value.denominator, "f") if ends else value

def check(bundle: object, printed: str = "", head: str = "", again: object = None) -> "list[Finding]":
    """What does not hold in this bundle, [] when everything does. Pure: reads and writes nothing else."""
    found = []
    try: found += (Finding(*each) for each in claims(bundle, printed, head, again) if each[2] != each[3])
    except Exception as problem:
        if not found: raise
        found.append(Finding("5.1", "/contest", "?", f"{type(problem).__name__}: {problem}"))
    return found

def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("bundle", "--hash", "--head"): parser.add_argument(name)
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    given, trouble = (parser.parse_args(arguments), "无法读取,请重新下载 / This cannot be read, download it again")
    try:
        with open(given.bundle, encoding="utf-8") as file: bundle = json.load(file, parse_float=str)
        trouble = f"格式不是“{FORMAT}” / The format of this file is not “{FORMAT}”"
        if bundle["format"] != FORMAT: raise ValueError(bundle["format"])
        trouble = "文件残缺或被改动 / The file is damaged"
        found = check(bundle, given.hash, given.head) + (check_more(bundle) if check_more else [])
    except Exception as problem:  # whatever is missing or of the wrong kind: a sentence, never a traceback
        print(f"{trouble}: {type(problem).__name__}: {problem}", file=sys.stderr)
        return 2
    needed = {"2.2": given.hash, "2.3": given.head, "6": check_more}
    needed["4.1"] = needed["4.2"] = bundle["sheets"] is not None
    needed.update((name, bundle["contest"]["ruleset"].get(part)) for name, part in PARTS.items())
    for name, title in {**CHECKS, **MORE}.items():
        failures = [each for each in found if each.check == name]
        says = "FAIL   " if failures else "PASS   " if needed.get(name, True) else "SKIPPED"
        print(says, name, title[given.lang == "en"])
        for each in failures[:20]:
            words = "published {}, found {}" if given.lang == "en" else "公布为 {},核验得 {}"
            print("        ", each.place, words.format(shown(each.published), shown(each.found)))
    return 1 if found else 0

if __name__ == "__main__": sys.exit(main())
