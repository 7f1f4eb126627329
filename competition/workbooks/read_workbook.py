"""The program that reads an uploaded workbook, in a process of its own with little memory and little time.

Started by `opening.cells_of` by its path, so that nothing of the house is loaded beside the file. Standard input
is the workbook, standard output a JSON document: {"sheets": [name, …], "rows": [[cell, …], …], "height": n, "width": n}
of the sheet that is asked for by name, without a name of the first visible one; without rows where there is none of
this name. A cell is null or a pair of kind and text: "text", "number", "date", "truth".
"""

import json
import sys
from datetime import date, datetime, time, timedelta
from io import BytesIO

MEMORY = 768 * 1024 * 1024
SECONDS = 20


def limit_resources() -> None:
    """Cap memory and processor time where the system can (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def cell(value: object) -> list[str] | None:
    """One cell as kind and text; numbers keep the digits that Excel kept."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return ["truth", str(value)]
    if isinstance(value, (int, float)):
        whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
        return ["number", str(int(value)) if whole else repr(value)]
    if isinstance(value, (date, datetime)):
        return ["date", value.isoformat()[:10]]
    if isinstance(value, (time, timedelta)):
        return ["text", str(value)]
    return ["text", str(value)]


def main(most_rows: int, most_columns: int, wanted: str) -> None:
    limit_resources()
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    workbook = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
    shown = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible is SheetVisibleEnum.Visible]
    names = workbook.sheet_names
    found = {"sheets": names, "rows": [], "height": 0, "width": 0}
    if not wanted or wanted in names:
        sheet = workbook.get_sheet_by_name(wanted or (shown or names)[0])
        last_row, last_column = sheet.end or (-1, -1)
        found |= {"height": last_row + 1, "width": last_column + 1}
        if last_row < most_rows and last_column < most_columns:
            found["rows"] = [[cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    sys.stdout.buffer.write(json.dumps(found).encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
