"""Templates compile, have nothing inline, and trust nothing."""

import re

import pytest

from competition.assets import templates_folder

TEMPLATES = sorted(templates_folder().rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(templates_folder())))
def test_a_template_compiles_and_keeps_the_house_rules(app, path):
    text = path.read_text("utf-8")
    app.jinja_env.get_template(str(path.relative_to(templates_folder())))
    assert "|safe" not in text.replace(" ", ""), "trusts data"
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text), "an inline script"
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text), "an inline style or handler"
    assert not re.search(r"https?://(?!www\.w3\.org)", text), "an address of another host"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(templates_folder())))
def test_a_template_says_nothing_untranslated(path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.S)
    text = re.sub(r"<!--.*?-->|\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.S)
    words = re.findall(r"[A-Za-z\u4e00-\u9fff]{2,}", re.sub(r"<[^>]*>|&\w+;", " ", text))
    assert not [word for word in words if word not in ALLOWED], words[:10]


ALLOWED = {"SkillsLadder", "匠阶"}
