"""The built front end fits its sources, stays small, and its two dark themes are one."""

import json
import re
from pathlib import Path

from competition import assets

ROOT = Path(__file__).resolve().parents[2]


def test_the_built_front_end_fits_its_sources() -> None:
    assert assets.stamp_problem() is None


def test_what_every_page_loads_stays_within_a_quarter_of_its_budget() -> None:
    loaded = [assets.asset_path(name) for name in ("app.css", "app.js", "icons.svg", "mark.svg")]
    assert sum(path.stat().st_size for path in loaded) < 60_000


def test_the_dark_theme_is_the_same_by_choice_and_by_the_system() -> None:
    css = (ROOT / "static/src/css/tokens.css").read_text(encoding="utf-8")
    blocks = re.findall(r'(?:not\(\[data-theme="light"\]\)|\[data-theme="dark"\]) \{(.*?)\}', css, re.DOTALL)
    by_system, by_choice = (re.sub(r"\s+", " ", block).strip() for block in blocks)
    assert by_system == by_choice


def test_only_what_the_manifest_lists_is_served() -> None:
    assert assets.served_file("manifest.json") is None
    assert assets.served_file("../../pyproject.toml") is None
    assert assets.served_file("fonts/LXGWWenKai-Regular.ttf") is None
    assert assets.served_file(assets.asset_name("app.css")) is not None


def test_a_rare_character_finds_its_font_part(tmp_path: Path) -> None:
    made = assets.rare_font_path("𤳉", tmp_path)
    assert made is not None
    assert made.read_bytes()[:4] == b"\x00\x01\x00\x00"
    assert assets.rare_font_path("A", tmp_path) is None


def test_front_end_packages_are_pinned_and_the_lock_names_no_host() -> None:
    manifest = json.loads((ROOT / "static/package.json").read_text(encoding="utf-8"))
    for name, version in (manifest["dependencies"] | manifest["devDependencies"]).items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), f"{name} is not pinned to one version"
    lock = json.loads((ROOT / "static/package-lock.json").read_text(encoding="utf-8"))
    hosts = {
        package.get("resolved", "").split("/")[2:3] == ["registry.npmjs.org"]
        for package in lock["packages"].values()
        if package.get("resolved")
    }
    assert hosts <= {True}
