"""House rules of templates, checked on their text: what a linter cannot know."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))
BUILT_IN = Environment(autoescape=True)

FORBIDDEN = {
    r"\|\s*safe\b": "a value that is not escaped",
    r"\sstyle=": "an inline style, which the content security policy refuses",
    r"<style\b": "an inline style sheet",
    r"\son[a-z]+=": "an inline event handler",
    r"<script(?![^>]*\bsrc=)(?![^>]*application/json)": "an inline script",
    r"(?:src|href)=\"(?:https?:)?//": "something from another host",
}


def _named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _code(path: Path) -> str:
    return re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=_named)
def test_a_template_holds_nothing_the_security_policy_refuses(path: Path) -> None:
    code = _code(path)
    found = [words for pattern, words in FORBIDDEN.items() if re.search(pattern, code)]
    assert not found, f"{_named(path)} has {found}"


@pytest.mark.parametrize("path", TEMPLATES, ids=_named)
def test_a_template_names_only_templates_that_exist(path: Path) -> None:
    tree = BUILT_IN.parse(path.read_text(encoding="utf-8"))
    named = {
        node.template.value
        for node in tree.find_all((nodes.Extends, nodes.FromImport, nodes.Import, nodes.Include))
        if isinstance(node.template, nodes.Const)
    }
    missing = [name for name in named if not (ROOT / "templates" / name).is_file()]
    assert not missing, f"{_named(path)} uses {missing}"


@pytest.mark.parametrize("path", COMPONENTS, ids=_named)
def test_a_component_is_one_documented_macro_of_its_own_name(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    macros = [macro.name for macro in BUILT_IN.parse(text).find_all(nodes.Macro)]
    assert [name for name in macros if not name.startswith("_")] == [path.stem]
    assert text.startswith(f"{{#- {path.stem}("), (
        "the file opens with a comment that shows how the macro is called"
    )


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'"([a-z0-9-]+)"', (ROOT / "static/src/icons.json").read_text(encoding="utf-8")))
    asked = {
        name for path in TEMPLATES for name in re.findall(r"""\bicon\(["']([a-z0-9-]+)["']""", _code(path))
    }
    assert asked <= sprite, f"add to static/src/icons.json: {sorted(asked - sprite)}"
