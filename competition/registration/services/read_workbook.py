"""The program that reads an uploaded workbook, in a process of its own with little memory and little time.

Started by `workbooks.cells_of` by its path, so that nothing of the house is loaded beside the file. Standard input
is the workbook, standard output a JSON document: {"rows": [[cell, …], …], "height": n, "width": n} of the first
visible sheet. A cell is null or a pair of kind and text: "text", "number", "date", "truth".
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


def main(most_rows: int, most_columns: int) -> None:
    limit_resources()
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    workbook = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
    shown = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible is SheetVisibleEnum.Visible]
    sheet = workbook.get_sheet_by_name((shown or workbook.sheet_names)[0])
    last_row, last_column = sheet.end or (-1, -1)
    height, width = last_row + 1, last_column + 1
    rows = []
    if height <= most_rows and width <= most_columns:
        rows = [[cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    sys.stdout.buffer.write(json.dumps({"rows": rows, "height": height, "width": width}).encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
