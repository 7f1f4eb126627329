"""A list of entrants from a real workbook: read and checked, then taken over."""

from io import BytesIO

from python_calamine import CalamineWorkbook

from benchmarks.figures import Baseline, Measurement, divided, spent
from benchmarks.rivals import Bench


def measure(bench: Bench) -> list[Measurement]:
    """Upload and take-over of everybody, against calamine reading the same bytes and doing nothing with them."""
    bench.house.imported()
    rows = bench.house.contestants
    taken = {step["name"]: step for step in bench.house.preparation}
    read, entered = taken["import: read"], taken["import: take over"]
    seconds, cpu = read["seconds"] + entered["seconds"], read["cpu_seconds"] + entered["cpu_seconds"]
    theirs = spent(lambda: _rows(bench.house.content), times=3)
    figures = {
        "seconds": round(seconds, 2),
        "rate": round(rows / seconds, 1),
        "read_seconds": read["seconds"],
        "take_over_seconds": entered["seconds"],
        "file_kb": round(len(bench.house.content) / 1000, 1),
    }
    baseline = Baseline(
        "calamine reads the same file",
        {"seconds": round(theirs.wall, 3), "rate": round(rows / theirs.wall, 1)},
    )
    wall = divided(seconds, theirs.wall)
    return [Measurement("import of entrants", "rows/s", figures, baseline, wall, divided(cpu, theirs.cpu))]


def _rows(content: bytes) -> int:
    return len(CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python())
