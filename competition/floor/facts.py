"""Facts about the floor. Places go by part and batch or code; nobody is named but who acted."""

from dataclasses import dataclass

from competition.audit.facts import Fact
from competition.rules.floor import Kind
from competition.rules.sentences import Sentence, sentence


@dataclass(frozen=True)
class FloorPlanned(Fact):
    kind = "floor.planned"
    part: str
    minutes: int
    stations: int

    def sentence(self) -> Sentence:
        return sentence(
            "planned the floor of %(part)s: %(stations)s stations at once, %(minutes)s minutes",
            part=self.part,
            stations=self.stations,
            minutes=self.minutes,
        )


_SENTENCES: dict[str, Sentence] = {
    Kind.START: sentence("started the clock of %(place)s"),
    Kind.PAUSE: sentence("paused the clock of %(place)s: %(cause)s"),
    Kind.RESUME: sentence("resumed the clock of %(place)s"),
    Kind.EXTRA: sentence("gave %(place)s %(minutes)s extra minutes: %(cause)s"),
    Kind.STOP: sentence("stopped the clock of %(place)s"),
    Kind.MOVED: sentence("moved %(place)s to another batch: %(cause)s"),
    Kind.LATE: sentence("noted that %(place)s came late"),
    Kind.ADMITTED: sentence(
        "let the late arrival %(place)s in, with %(minutes)s minutes given back: %(cause)s"
    ),
    Kind.REFUSED: sentence("did not let the late arrival %(place)s in: %(cause)s"),
    Kind.INCIDENT: sentence("noted an incident at %(place)s: %(cause)s"),
    Kind.OVER: sentence("noted that the incident at %(place)s is over; it cost %(minutes)s minutes"),
    Kind.DECLINED: sentence("gave %(place)s no extra time for the incident: %(cause)s"),
    Kind.VIOLATION: sentence("noted a violation at %(place)s: %(cause)s"),
    Kind.RULED: sentence("ruled on the violation at %(place)s: %(cause)s"),
    Kind.EXPOSED: sentence("reported that the work of %(place)s shows whose it is"),
    Kind.HANDLED: sentence("dealt with the exposed identity of %(place)s: %(cause)s"),
    Kind.LEFT: sentence("noted that %(place)s left the venue"),
    Kind.RETURNED: sentence("noted that %(place)s came back"),
    Kind.WITHDRAWN: sentence("withdrew the entry %(cause)s of the floor log at %(place)s"),
}


@dataclass(frozen=True)
class FloorLogged(Fact):
    """A line of the floor log; the subject is its entry."""

    kind = "floor.logged"
    entry: str
    place: str
    minutes: int
    cause: str

    def sentence(self) -> Sentence:
        words = _SENTENCES[self.entry]
        return Sentence(
            words.text, {"place": self.place, "minutes": self.minutes, "cause": self.cause or "–"}
        )
