"""Random contests that use everything the document format has, from a seed: for two implementations to agree on."""

from collections import defaultdict
from random import Random
from typing import Any

from competition.orm import fingerprint
from competition.rules import contest, ruleset

ROUNDING = ("half_up", "half_even", "down", "up")
AWARDS = ("gold", "silver", "bronze")
JUDGES = "abcdefg"


def title(text):
    return {"zh": text, "en": text}


class ContestMaker:
    """Makes one contest document; whatever the checker of rule sets refuses is left out of it again."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.number = 0

    def one(self, *choices):
        return self.random.choice(choices)

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def make(self):
        rules = self.rules()
        entrants = [self.entrant(number) for number in range(self.random.randint(1, 14))]
        judges = [{"id": name, **({"shadow": True} if self.chance(10) else {})} for name in JUDGES]
        document = {
            "format": "skillsladder.contest/1",
            "title": title("比赛"),
            "ruleset": rules,
            "judges": judges,
            "entrants": entrants,
            "marks": [],
            "decisions": [],
        }
        self.mark_everybody(document)
        self.decide_ties(document)
        self.decide_awards(document)
        self.random.shuffle(document["marks"])
        return document

    # --- rules ------------------------------------------------------------------------------------

    def rules(self):
        while True:
            rules = {
                "format": "skillsladder.ruleset/1",
                "title": title("规则"),
                "scheme": self.scheme(),
                "display": {"digits": self.random.randint(0, 4)},
            }
            if not ruleset.problems(rules):
                break
        nodes = list(walk(rules["scheme"]))
        for part in (self.ranking, self.scales, self.awards, self.honours, self.teams):
            for _ in range(4):
                more = part(nodes, rules)
                if not ruleset.problems({**rules, **more}):
                    rules.update(more)
                    break
        return rules

    def name(self, kind: str) -> str:
        self.number += 1
        return f"{kind}{self.number}"

    def rounding(self):
        return {"digits": self.random.randint(0, 3), "mode": self.one(*ROUNDING)}

    def decimal(self, low: int, high: int) -> str | int:
        """A few values, so that many are equal."""
        places = self.one(0, 0, 1, 2)
        number = self.random.randint(low * 10**places, high * 10**places)
        return (
            number
            if not places
            else f"{'-' if number < 0 else ''}{abs(number) // 10**places}.{abs(number) % 10**places:0{places}d}"
        )

    def scheme(self):
        if self.chance(25):
            return self.stages()
        return self.group("group", depth=0)

    def stages(self):
        children = []
        for index in range(self.random.randint(2, 4)):
            stage = self.group("stage", depth=2, role="stage")
            if index:
                stage["carry_over"] = self.chance(50)
                if self.chance(80):
                    stage["qualify"] = self.qualify()
            children.append(stage)
        return {**self.node("group"), "kind": "group", "combine": "stages", "children": children}

    def qualify(self):
        ties = {"ties": self.one("all", "none")} if self.chance(70) else {}
        line = self.one("count", "fraction", "at_least")
        if line == "count":
            return {"count": self.random.randint(1, 8), **ties}
        if line == "fraction":
            return {"fraction": self.one("1/2", "1/3", "3/4"), "rounding": self.one(*ROUNDING), **ties}
        return {"at_least": self.decimal(0, 12)}

    def node(self, kind: str):
        name = self.name(kind)
        plain = {"id": name, "title": title(name)}
        if self.chance(15):
            plain["factor"] = self.one("0.6", 2, "1.25", 3)
        if self.chance(10):
            plain["cap"] = self.decimal(1, 15)
        if self.chance(10):
            plain["floor"] = self.decimal(-3, 4)
        if self.chance(10):
            plain["pass_mark"] = self.decimal(0, 6)
        if self.chance(30):
            plain["rounding"] = self.rounding()
        return plain

    def group(self, kind: str, depth: int, **more):
        combine = self.one("sum", "sum", "weighted", "mean", "best", "last", "middle_mean")
        count = self.random.randint(1, 4)
        group = {**self.node(kind), "kind": "group", "combine": combine, **more}
        if combine == "weighted":
            cuts = sorted(self.random.sample(range(1, 100), count - 1))
            weights = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
            group["children"] = [{**self.of_ten(), "weight": weight} for weight in weights]
            group["children"] += [self.deduction() for _ in range(self.one(0, 0, 1, 2))]
            return group
        make = self.aspect
        if self.chance(12):
            make = self.one(self.deduction, self.time, self.record)
        group["children"] = [
            self.group("group", depth + 1) if depth < 2 and self.chance(30) else make() for _ in range(count)
        ]
        if self.chance(25):
            group["children"].append(self.deduction())
        if combine == "best":
            group["count"] = self.random.randint(1, count)
        if combine == "middle_mean":
            group["drop"] = {"low": self.one(0, 1), "high": self.one(0, 1)}
        if self.chance(40):
            group["parts"] = self.one("given", "given", "all")
        return group

    def of_ten(self):
        """An aspect with at most 10, for weighted groups: one scale for all parts."""
        node = {
            key: value for key, value in self.node("aspect").items() if key not in ("factor", "cap", "floor")
        }
        if self.chance(50):
            return {**node, "kind": "aspect", "type": "measurement", "mode": "value", "max": 10}
        return {
            **node,
            "kind": "aspect",
            "type": "panel",
            **self.panel_rules(),
            "range": {"low": 0, "high": 10},
        }

    def aspect(self):
        makers = (
            self.measurement, self.measurement, self.judgement, self.panel, self.panel, self.deduction,
            self.time, self.record, self.attempts,
        )  # fmt: skip
        return self.random.choice(makers)()

    def measurement(self):
        mode = self.one("binary", "value", "tolerance", "count", "linear", "time")
        rules = {
            "binary": {"max": self.decimal(1, 9)},
            "value": {"max": 8, "step": self.one("0.5", 1, "0.25")},
            "tolerance": {
                "target": self.one(5, "4.5"),
                "bands": [{"up_to": "0.5", "award": 6}, {"up_to": 2, "award": "2.5"}],
            },
            "count": {"max": self.decimal(1, 9), "possible": self.random.randint(1, 7)},
            "linear": {"max": 9, "base": self.decimal(-4, 6), "rate": self.one("-0.5", 2, "1.1")},
            "time": {"max": self.decimal(1, 9), "full_within": 2, "none_after": self.one(5, "9.5")},
        }[mode]
        return {**self.node("aspect"), "kind": "aspect", "type": "measurement", "mode": mode, **rules}

    def judgement(self):
        return {
            **self.node("aspect"),
            "kind": "aspect",
            "type": "judgement",
            "max": self.decimal(1, 9),
            **({"judges": self.random.randint(1, 5)} if self.chance(40) else {}),
            **({"max_spread": self.random.randint(0, 3)} if self.chance(40) else {}),
            **({"agreed": True} if self.chance(30) else {}),
        }

    def panel_rules(self):
        combine = self.one("mean", "median", "sum", "trimmed_mean", "majority")
        judges = self.random.randint(1, 7)
        rules = {"judges": judges, "combine": combine, "minimum": self.random.randint(1, judges)}
        if combine == "trimmed_mean" or (combine == "sum" and self.chance(50)):
            rules["trim"] = {"low": self.one(0, 1), "high": self.one(0, 1, 2)}
        if self.chance(30) and rules["minimum"] < judges:
            rules["missing"] = self.one("lowest", "leave_out")
        return rules

    def panel(self):
        rules = self.panel_rules()
        if self.chance(30):
            rules["panel_rounding"] = self.rounding()
        if self.chance(20):
            rules["declared"] = self.one(True, "add", "multiply")
        if self.chance(20):
            rules["agreed"] = True
        low = self.one(0, 0, -3, 1)
        made = {
            **self.node("aspect"),
            "kind": "aspect",
            "type": "panel",
            "range": {"low": low, "high": 9, "step": self.one("0.5", 1)},
            **rules,
        }
        if self.panels and self.chance(25):
            made |= {"combine": "majority_mean", "of": self.random.choice(self.panels)}
            made.pop("trim", None)
        self.panels.append(made["id"])
        return made

    @property
    def panels(self):
        return self.__dict__.setdefault("_panels", [])

    def deduction(self):
        name = self.name("aspect")
        effect = self.one("points", "points", "percent", "void")
        node = {"kind": "aspect", "id": name, "title": title(name), "type": "deduction"}
        if effect != "points" or self.chance(30):
            node["effect"] = effect
        if effect != "void" and self.chance(30):
            node["cap"] = self.decimal(1, 4)
        return node

    def time(self):
        name = self.name("aspect")
        cut = {"cut_off": 6} if self.chance(40) else {}
        if cut and self.chance(60):
            cut["cut_off_effect"] = self.one("cap", "no_value")
        return {"kind": "aspect", "id": name, "title": title(name), "type": "time", **cut}

    def record(self):
        name = self.name("aspect")
        return {"kind": "aspect", "id": name, "title": title(name), "type": "record"}

    def attempts(self):
        count, counts = self.random.randint(1, 5), self.one("best", "last", "sum", "mean", "middle_mean")
        rules = {"drop": {"low": self.one(0, 1), "high": self.one(0, 1)}} if counts == "middle_mean" else {}
        if counts in ("sum", "mean", "middle_mean") and self.chance(60):
            rules["failures_allowed"] = self.random.randint(0, 2)
        return {
            **self.node("aspect"),
            "kind": "aspect",
            "type": "attempts",
            "attempts": count,
            "better": self.one("higher", "lower"),
            "counts": counts,
            "range": {"low": self.one(0, 1), "high": 9},
            **rules,
        }

    # --- ranking, awards, honours, teams ----------------------------------------------------------

    def ranking(self, nodes, rules):
        by = []
        for _ in range(self.random.randint(1, 5)):
            node = self.random.choice([rules["scheme"], *nodes])
            kind = self.one(
                "value", "value", "count_back", "best_parts", "attempt", "untrimmed", "head_to_head"
            )
            step = {"by": kind, "node": node["id"]} if kind != "value" else {"node": node["id"]}
            if kind == "attempt":
                step["rank"] = self.random.randint(1, 3)
            elif self.chance(40):
                step["direction"] = self.one("asc", "desc")
            by.append(step)
            if ruleset.problems({**rules, "ranking": {"by": by}}):
                by.pop()
        ties = {"ties": "manual"} if self.chance(30) else {}
        guests = {"guests": self.one("ranked", "unranked")} if self.chance(40) else {}
        return {"ranking": {"by": by, **ties, **guests}} if by else {}

    def scales(self, nodes, rules):
        if self.chance(60):
            return {}
        scale = {"id": "scale", "title": title("标尺"), "kind": "worldskills_style"}
        scale["node"] = self.random.choice([rules["scheme"], *nodes])["id"]
        if self.chance(50):
            scale |= {"spread": self.one("sd", "mad"), "digits": self.random.randint(0, 3)}
        if self.chance(30):
            scale |= {"centre": 500, "constant": self.one("25", 40)}
        return {"scales": [scale]}

    def awards(self, nodes, rules):
        model = self.one("counts", "percent", "bands", "top_fraction", "ratio", "medals", "none")
        if model == "none":
            return {}
        awards = [{"id": name, "title": title(name)} for name in AWARDS]
        bands, start = [], 1
        for _ in awards:
            start += self.one(0, 0, 1)
            bands.append({"from": start, "to": start + self.random.randint(0, 2)})
            start = bands[-1]["to"] + 1
        own: Any = {
            "counts": [{"count": self.random.randint(1, 3)} for _ in awards],
            "percent": [{"percent": self.one(10, "12.5", 20, 30)} for _ in awards],
            "bands": bands,
            "top_fraction": [
                {"fraction": each} for each in self.one(("1/10", "1/4", "1/2"), ("1/3", "1/2", "2/3"))
            ],
            "ratio": [{"parts": self.random.randint(1, 3)} for _ in awards],
            "medals": [{} for _ in awards],
        }[model]
        rule = {"model": model, "denominator": self.one("registered", "present", "completed")}
        rule |= {"rounding": self.one(*ROUNDING), "ties": self.one("all", "none")}
        rule["awards"] = [{**award, **mine} for award, mine in zip(awards, own, strict=True)]
        for award in rule["awards"]:
            if self.chance(25) and model != "medals":
                award["ties"] = self.one("all", "none")
            if self.chance(25) and model not in ("medals", "counts", "bands"):
                award["rounding"] = self.one(*ROUNDING)
            if self.chance(25):
                node = self.random.choice(nodes)
                award["requires"] = [{"node": node["id"], "at_least": self.decimal(0, 8)}]
        if model == "ratio":
            rule["share"] = self.one(20, 50, "66.6")
        if model == "medals":
            if "scales" in rules and self.chance(60):
                rule["scale"] = "scale"
            else:
                rule["node"] = self.random.choice([rules["scheme"], *nodes])["id"]
            rule["window"] = self.one(0, 1, 2, "0.5")
            if self.chance(50):
                rule["rounded"] = self.chance(50)
            if rule.get("rounded") is not False and self.chance(30):
                rule["digits"] = self.random.randint(0, 2)
            if self.chance(50):
                rule["medallion"] = {
                    "id": "medallion",
                    "title": title("奖章"),
                    "at_least": self.decimal(0, 9),
                }
        if self.chance(40):
            rule["merit"] = {
                "id": "merit",
                "title": title("优胜奖"),
                "fraction": self.one("3/4", "9/10", "1/2"),
            }
        if self.chance(40):
            rule["ineligible"] = self.one("move_up", "leave_vacant")
        if self.chance(30):
            rule["field"] = [
                {"below": 4, "awards": []},
                {"below": 6, "awards": self.one(["gold"], ["gold", "bronze"])},
            ]
        return {"awards": rule}

    def honours(self, nodes, rules):
        if self.chance(50):
            return {}
        made = []
        for number in range(self.random.randint(1, 3)):
            honour = {"id": f"honour{number}", "title": title("荣誉")}
            line = self.one("places", "by_team_size", "awards")
            if line == "places" or "awards" not in rules:
                honour["places"] = self.random.randint(1, 6)
            elif line == "by_team_size":
                honour["by_team_size"] = {"1": self.random.randint(0, 5), "2": 3}
            if line == "awards" and "awards" in rules:
                honour["awards"] = self.one(["gold"], ["gold", "silver"])
            if self.chance(60):
                honour["categories"] = self.one(["worker"], ["woman"], ["worker", "woman"])
                if self.chance(50):
                    honour["among"] = self.one("all", "category")
            if self.chance(30):
                honour["not_categories"] = ["youth"]
            if self.chance(40):
                honour["first_member_only"] = self.chance(70)
            made.append(honour)
        return {"honours": made}

    def teams(self, nodes, rules):
        if self.chance(40):
            return {}
        values = [
            {"combine": "sum"}, {"combine": "mean"}, {"combine": "best"}, {"combine": "best", "count": 2},
            {"combine": "sum", "count": 2}, {"points_by_place": [8, 4, 2, 1]}, {"ranks": "sum"},
            {"points_by_award": {"gold": 8, "silver": "4.5"}, "passed": 1, "otherwise": self.one(0, "0.5")},
            {"points_by_award": {"gold": 8}, "zero": "unranked"},
        ]  # fmt: skip
        steps = [
            {"by": "value"}, {"by": "best_member"}, {"by": "places"},
            {"by": "node", "node": self.random.choice(nodes)["id"], "direction": self.one("asc", "desc")},
        ]  # fmt: skip
        rule = {"by": self.one("team", "delegation"), "value": self.random.choice(values)}
        if self.chance(50):
            rule["minimum"] = self.random.randint(1, 2)
        if self.chance(70):
            rule["ranking"] = self.random.sample(steps, self.random.randint(1, 4))
        if self.chance(50):
            rule["awards"] = {
                "model": "counts",
                "awards": [{"id": "best", "title": title("best"), "count": 1}],
            }
            rule["honours"] = [{"id": "medal", "title": title("medal"), "awards": ["best"], "places": 2}]
        return {"teams": rule}

    # --- entrants and marks -----------------------------------------------------------------------

    def entrant(self, number: int):
        entrant = {"id": f"e{number:02d}"}
        if self.chance(15):
            entrant["status"] = self.one("absent", "withdrawn", "disqualified", "present")
        if self.chance(20):
            entrant["award_eligible"] = self.chance(30)
        if self.chance(80):
            entrant["team"] = self.one("A", "B", "C")
            if self.chance(70):
                entrant["order"] = self.random.randint(1, 3)
        if self.chance(80):
            entrant["delegation"] = self.one("X", "Y", "Z")
        if self.chance(70):
            entrant["categories"] = self.random.sample(
                ["worker", "woman", "youth"], self.random.randint(0, 3)
            )
        if self.chance(30):
            entrant["team_size"] = self.random.randint(1, 3)
        return entrant

    def mark_everybody(self, document) -> None:
        """Marks for everybody; of stages, for those who reach them, which the stages before decide."""
        scheme = document["ruleset"]["scheme"]
        self.sloppy = 3 if self.chance(30) else 0
        if scheme["combine"] != "stages":
            self.mark(document, scheme, [entrant["id"] for entrant in document["entrants"]])
            return
        reached = [entrant["id"] for entrant in document["entrants"]]
        for index, stage in enumerate(scheme["children"]):
            self.mark(document, stage, reached)
            if index + 1 < len(scheme["children"]):
                stage_of = {line.entrant: line.stage for line in contest.evaluate(document).lines}
                later = {each["id"] for each in scheme["children"][index + 1 :]}
                reached = [
                    name for name, name_of in stage_of.items() if name_of in later or self.chance(self.sloppy)
                ]

    def mark(self, document, part, names) -> None:
        statuses = {entrant["id"]: entrant.get("status", "present") for entrant in document["entrants"]}
        shadows = [judge["id"] for judge in document["judges"] if judge.get("shadow")]
        for name in names:
            if statuses[name] == "absent" or (statuses[name] != "present" and self.chance(40)):
                continue
            skipped = self.left_out(part)
            for node in walk(part):
                if node["kind"] == "aspect" and node["id"] not in skipped and not self.chance(self.sloppy):
                    made = self.marks_of(node, shadows)
                    document["marks"] += [{"entrant": name, "aspect": node["id"], **mark} for mark in made]

    def left_out(self, part):
        """Parts in which nothing is recorded, where the rules leave them out."""
        found = set()
        for node in walk(part):
            if node.get("parts") == "given":
                for child in node["children"]:
                    if self.chance(25):
                        found |= {each["id"] for each in walk(child)}
        return found

    def marks_of(self, node, shadows):
        kind = node["type"]
        if kind in ("panel", "judgement"):
            return self.judged(node, shadows)
        if kind == "deduction":
            amount = 1 if node.get("effect") == "void" else self.one("0.5", 1, 2)
            times = self.one(0, 0, 1, 2) if node.get("effect") != "void" else self.one(0, 0, 0, 1)
            judge = (
                {"judge": next(name for name in JUDGES if name not in shadows)}
                if len(shadows) < len(JUDGES)
                else {}
            )
            return [{"kind": "entry", "value": amount, **judge} for _ in range(times)]
        if kind == "attempts":
            return self.tries(node)
        if kind in ("time", "record") and self.chance(15):
            return []
        if self.chance(3):
            return [
                {
                    "state": self.one("not_attempted", "dnf", "dns")
                    if kind in ("time", "record")
                    else "not_attempted"
                }
            ]
        whole = node.get("mode") in ("binary", "count") or node.get("step") == 1 or kind == "record"
        high = 1 if node.get("mode") == "binary" else node.get("possible", 9)
        value = (
            self.random.randint(0, high)
            if whole
            else self.one(self.random.randint(0, 9), "4.5", "5.5", "2.5")
        )
        if node.get("mode") == "value" and float(value) > 8:
            value = 8
        made = [{"value": value}]
        if kind == "time" and self.chance(30):
            made += [
                {"kind": self.one("pause", "penalty", "bonus"), "value": self.one(1, "0.5", 2)}
                for _ in range(self.one(1, 2))
            ]
        return made

    def judged(self, node, shadows):
        seats = node.get("judges", 3)
        counting = [name for name in JUDGES if name not in shadows]
        beside = [{"judge": name, "value": self.score(node, None)} for name in shadows if self.chance(70)]
        if self.chance(2):
            return [*beside, {"state": "not_attempted"}]
        least = node.get("minimum", seats) if node["type"] == "panel" else seats
        number = self.random.randint(min(least, len(counting)), min(seats, len(counting)))
        judges = self.random.sample(counting, number)
        base = self.score(node, None)
        made = [{"judge": name, "value": self.score(node, base)} for name in judges]
        if self.chance(3):
            made = [{"judge": name, "state": "not_attempted"} for name in judges]
        elif self.chance(15):
            last = self.one(2, 3)
            made += [{"judge": name, "round": last, "value": self.score(node, base)} for name in judges]
        if node.get("declared"):
            made.append({"kind": "declared", "value": self.one(0, 1, "1.5", 2)})
        if node.get("agreed") and self.chance(40):
            made = made[: self.one(0, 2)] if not any("round" in mark for mark in made) else made
            made.append({"kind": "agreed", "value": self.score(node, base)})
            if node.get("declared"):
                made.append({"kind": "declared", "value": 1})
        declared = [mark for mark in made if mark.get("kind") == "declared"]
        return [*beside, *(mark for mark in made if mark.get("kind") != "declared"), *declared[:1]]

    def score(self, node, base):
        if node["type"] == "judgement":
            return self.random.randint(0, 3) if base is None else min(3, max(0, base + self.one(0, 0, 0, 1)))
        if "step" not in node["range"]:
            return self.one(base, base, self.decimal(0, 10)) if base is not None else self.decimal(0, 10)
        low = int(node["range"]["low"])
        return (
            self.one(base, base, self.random.randint(low, 9))
            if base is not None
            else self.random.randint(low, 9)
        )

    def tries(self, node):
        if self.chance(5):
            return [{"state": self.one("not_attempted", "dns", "dsq")}]
        if node["better"] == "lower" and self.chance(10):
            return []
        made = []
        for number in range(1, node["attempts"] + 1):
            if self.chance(12):
                state = self.one("dnf", "dns", "dsq", "not_attempted")
                made.append({"attempt": number, "state": state})
                if state != "dnf" and self.chance(60):
                    break
            else:
                low = int(node["range"]["low"])
                made.append(
                    {"attempt": number, "value": self.one(self.random.randint(low, 9), "4.5", "3.25")}
                )
        return made

    def decide_ties(self, document) -> None:
        if document["ruleset"].get("ranking", {}).get("ties") != "manual":
            return
        tied = defaultdict(list)
        for line in contest.evaluate(document).lines:
            if line.shared:
                tied[line.place].append(line.entrant)
        for names in tied.values():
            if self.chance(70):
                order = self.random.sample(names, len(names))
                document["decisions"].append({"order": order, "reason": "加赛"})

    def decide_awards(self, document) -> None:
        awards = document["ruleset"].get("awards", {}).get("awards", [])
        decided = [each["id"] for each in document["entrants"] if awards and self.chance(10)]
        if decided:
            given = [self.one(None, *(award["id"] for award in awards)) for _ in decided]
            document["award_decisions"] = [
                {"entrant": name, "award": award, "reason": "纪要"}
                for name, award in zip(decided, given, strict=True)
            ]


def signed_sheets(document) -> list[dict[str, Any]]:
    """A signed sheet for every entrant and judge of a contest, "group" for what nobody gave alone.

    A cell holds what stands in the end: of a discussed aspect the level of the last round, never those before it.
    """
    last: dict[tuple[str, str], int] = defaultdict(lambda: 1)
    for mark in document["marks"]:
        key = mark["entrant"], mark["aspect"]
        last[key] = max(last[key], mark.get("round", 1))
    cells = defaultdict(list)
    for mark in document["marks"]:
        kind, number = mark.get("kind", "mark"), mark.get("round", 1)
        if kind == "mark" and number < last[mark["entrant"], mark["aspect"]]:
            continue
        value = None if "state" in mark else str(mark["value"])
        cell = [mark["aspect"], kind, value, mark.get("state", "value"), number, 1]
        cells[mark["entrant"], mark.get("judge", "group")].append(cell)
    made = []
    for (entrant, judge), own in sorted(cells.items()):
        content = {"sheet": f"{entrant}.{judge}", "module": "total", "code": f"0{entrant}", "cells": own}
        at = {"signed_at": "2026-11-22T07:00:00.000000+00:00", "confirmed_at": None}
        made.append({**content, **at, "entrant": entrant, "judge": judge, "hash": fingerprint(content)})
    return made


def walk(node):
    yield node
    for child in node.get("children", []):
        yield from walk(child)


def generated_contest(seed: int) -> dict[str, Any]:
    """The contest of this seed, the same every time."""
    return ContestMaker(seed).make()
