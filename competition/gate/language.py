"""Which messages the code asks for, and which of them no catalogue says in Chinese.

python -m competition.gate.language [room]     prints what is missing, ready to paste into translations/zh/<room>.po
python -m competition.gate.language --unused   prints what no code asks for any more
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent
CATALOGUES = PACKAGE / "translations" / "zh"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "_l": None,
    "lazy_gettext": None,
    "sentence": None,
    "ngettext": (1, 2),
}


def messages() -> dict[str, set[str]]:
    """Every message id the code and the templates ask for, and where."""
    found: dict[str, set[str]] = {}
    for text, place in _extracted():
        for each in [text] if isinstance(text, str) else text:
            found.setdefault(each, set()).add(place)
    return found


def _extracted() -> Iterator[tuple[str | tuple[str, ...], str]]:
    python = [("**.py", "python")]
    jinja = [("**.html", "jinja2"), ("**.txt", "jinja2")]
    options = {"**.html": {"trimmed": "false"}}
    for folder, methods in ((PACKAGE, python), (ROOT / "templates", jinja)):
        for name, line, text, _comments, _context in extract_from_dir(
            str(folder), methods, options, keywords=KEYWORDS, strip_comment_tags=False
        ):
            if not name.startswith(("gate/", "migrations/")):
                yield text, f"{folder.name}/{name}:{line}"


def translated() -> dict[str, tuple[str, str]]:
    """Every message id that has Chinese words, with the words and the catalogue."""
    known: dict[str, tuple[str, str]] = {}
    for path in sorted(CATALOGUES.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh"):
                for each in [message.id] if isinstance(message.id, str) else list(message.id):
                    words = (
                        message.string if isinstance(message.string, str) else (message.string or ("",))[0]
                    )
                    if each and words and not message.fuzzy:
                        known[each] = (words, path.name)
    return known


def disagreements() -> list[tuple[str, set[str]]]:
    """Messages that two catalogues say differently: the reader would get whichever is read last."""
    ways: dict[str, set[str]] = {}
    for path in sorted(CATALOGUES.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh"):
                if isinstance(message.id, str) and message.id and isinstance(message.string, str):
                    ways.setdefault(message.id, set()).add(message.string)
    return [(text, said) for text, said in ways.items() if len(said) > 1]


def missing() -> dict[str, set[str]]:
    """Messages without Chinese words."""
    known = translated()
    return {text: places for text, places in messages().items() if text and text not in known}


def unused() -> list[tuple[str, str]]:
    """Translations nobody asks for, with their catalogue."""
    asked = messages()
    return [(text, catalogue) for text, (_, catalogue) in translated().items() if text not in asked]


def main(arguments: list[str]) -> int:
    if arguments == ["--unused"]:
        for text, catalogue in unused():
            print(f"{catalogue}: {text!r}")
        return 0
    room = arguments[0] if arguments else ""
    for text, places in missing().items():
        if any(f"/{room}" in place for place in places):
            escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            print(f'#: {" ".join(sorted(places)[:3])}\nmsgid "{escaped}"\nmsgstr ""\n')
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
