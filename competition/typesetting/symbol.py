"""The QR code as rectangles: the dark modules of a row that touch are one rectangle."""

from itertools import groupby

QUIET_ZONE = 4
"""Empty modules around the code (ISO/IEC 18004)."""


def modules(text: str) -> list[list[bool]]:
    """The code of a text at error level M, without its quiet zone. The mask is fixed: every mask reads well, and trying all eight takes six times as long."""
    import qrcode  # slow to import, and only documents need it

    made = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0, mask_pattern=2)
    made.add_data(text)
    made.make(fit=True)
    return [[bool(dark) for dark in row] for row in made.get_matrix()]


def operators(text: str, x: float, y: float, size: float) -> str:
    """PDF operators that draw the code, quiet zone included, into a white square of `size` points."""
    rows = modules(text)
    module = size / (len(rows) + 2 * QUIET_ZONE)
    parts = [f"1 1 1 rg {x:.3f} {y:.3f} {size:.3f} {size:.3f} re f", "0 0 0 rg"]
    for number, row in enumerate(rows):
        top = y + size - (QUIET_ZONE + number) * module
        column = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                left = x + (QUIET_ZONE + column) * module
                parts.append(f"{left:.3f} {top - module:.3f} {length * module:.3f} {module:.3f} re")
            column += length
    return "\n".join([*parts, "f"])
