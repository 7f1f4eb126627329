"""The border of a certificate: interlaced waves, rosettes in the corners, a pale rosette behind the text.

Made once per process as finished PDF operators; each document holds it once, as a form that every page paints.
"""

from collections.abc import Iterable
from functools import cache
from math import cos, pi, sin

MM = 72 / 25.4
WIDTH, HEIGHT = 297 * MM, 210 * MM

_RED = "0.55 0.12 0.09"
_GOLD = "0.70 0.56 0.27"
_PALE = "0.955 0.935 0.88"
_OUTER, _INNER = 9 * MM, 19 * MM
_CORNER = _INNER - _OUTER

Point = tuple[float, float]


@cache
def artwork() -> str:
    """Every operator of the artwork, in points from the lower left corner of an A4 page laid across."""
    return "\n".join(["1 J 1 j", *_watermark(), *_waves(), *_corners(), *_frames()])


def _watermark() -> Iterable[str]:
    yield f"{_PALE} RG 0.3 w"
    for phase in range(6):
        turn = phase * pi / 36
        yield _at(WIDTH / 2, HEIGHT / 2, _closed(_rosette(61 * MM, 0.24, 12, turn)))
    yield _at(WIDTH / 2, HEIGHT / 2, _closed(_rosette(33 * MM, 0.45, 12, 0)))
    yield _at(WIDTH / 2, HEIGHT / 2, _closed(_rosette(33 * MM, 0.45, 12, pi / 12)))


def _waves() -> Iterable[str]:
    """Both pairs of sides: one period drawn once and repeated, so that the stream packs small."""
    yield f"{_GOLD} RG 0.28 w"
    middle = (_OUTER + _INNER) / 2
    for length, turned in ((WIDTH - 2 * _INNER, False), (HEIGHT - 2 * _INNER, True)):
        periods = round(length / (10 * MM))
        tile = _tile(length / periods, _CORNER / 2 - 0.9 * MM)
        for number in range(periods):
            along = _INNER + number * length / periods
            for across in (middle, (WIDTH if turned else HEIGHT) - middle):
                if turned:
                    yield f"q 0 1 -1 0 {across:.2f} {along:.2f} cm {tile} Q"
                else:
                    yield f"q 1 0 0 1 {along:.2f} {across:.2f} cm {tile} Q"


def _tile(length: float, height: float) -> str:
    """One period of eight waves of the same length, each a step further, under a swelling second wave."""
    steps = 24
    lines = []
    for phase in range(8):
        shift = phase * pi / 4
        lines.append(
            _line(
                (
                    x * length / steps,
                    height * sin(2 * pi * x / steps + shift) * (0.72 + 0.28 * cos(4 * pi * x / steps)),
                )
                for x in range(steps + 1)
            )
        )
    return " ".join(lines)


def _corners() -> Iterable[str]:
    middle = (_OUTER + _INNER) / 2
    for x in (middle, WIDTH - middle):
        for y in (middle, HEIGHT - middle):
            yield f"{_GOLD} RG 0.28 w"
            for phase in range(3):
                yield _at(x, y, _closed(_rosette(3.5 * MM, 0.3, 8, phase * pi / 12)))
            yield f"{_RED} RG 0.4 w"
            yield _at(x, y, _closed(_rosette(1.5 * MM, 0.35, 6, 0)))


def _frames() -> Iterable[str]:
    yield f"{_RED} RG"
    for inset, weight in ((_OUTER - 1.3 * MM, 1.1), (_OUTER, 0.35), (_INNER, 0.35), (_INNER + 1.1 * MM, 0.8)):
        yield f"{weight} w {inset:.2f} {inset:.2f} {WIDTH - 2 * inset:.2f} {HEIGHT - 2 * inset:.2f} re S"


def _rosette(radius: float, depth: float, petals: int, turn: float) -> Iterable[Point]:
    steps = petals * 18
    for step in range(steps):
        angle = 2 * pi * step / steps
        distance = radius * (1 - depth + depth * cos(petals * angle))
        yield distance * cos(angle + turn), distance * sin(angle + turn)


def _at(x: float, y: float, operators: str) -> str:
    return f"q 1 0 0 1 {x:.2f} {y:.2f} cm {operators} Q"


def _line(points: Iterable[Point]) -> str:
    return (
        " ".join(f"{x:.2f} {y:.2f} {'l' if number else 'm'}" for number, (x, y) in enumerate(points)) + " S"
    )


def _closed(points: Iterable[Point]) -> str:
    return _line(points)[:-1] + "s"
