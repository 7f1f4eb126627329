"""The map of the house is true."""

from pathlib import Path

import competition

PACKAGE = Path(competition.__file__).parent


def test_every_room_is_on_the_map_and_every_name_on_the_map_is_a_room() -> None:
    drawn = {line.split()[0] for line in (competition.__doc__ or "").splitlines() if line.startswith("    ")}
    modules = {path.stem for path in PACKAGE.glob("*.py")}
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert drawn == {name for name in modules | packages if not name.startswith("__")}
