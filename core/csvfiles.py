"""Reading other people's CSV files and writing our own without live formulas (quality C12, C13)."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.http import HttpResponse

MAX_BYTES = 5 * 1024 * 1024
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What makes a spreadsheet read a cell as a formula; the last four are the wide forms of the first."""


class CsvProblem(Exception):
    """The file as a whole cannot be read; the message says what to do."""


@dataclass
class CsvTable:
    """Rows by heading, each with its line number in the file (the heading is row 1)."""

    headings: list[str]
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)


def read(
    data: bytes, required: Sequence[str], optional: Sequence[str] = (), most_rows: int = 10_000
) -> CsvTable:
    """Read an uploaded file. Encodings and line ends of the usual spreadsheets are understood.

    Raises CsvProblem, in plain English, for a file that cannot be read or lacks a column.
    """
    if len(data) > MAX_BYTES:
        raise CsvProblem("The file is larger than 5 MB. Split it into smaller files.")
    text = _decode(data)
    if "\x00" in text:
        raise CsvProblem("The file is not a CSV file. Save it from your spreadsheet as CSV UTF-8.")
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise CsvProblem(
            f"The file could not be read as CSV ({error}). Check its quotation marks."
        ) from error
    numbered = [(i, line) for i, line in enumerate(lines, start=1) if any(cell.strip() for cell in line)]
    if not numbered:
        raise CsvProblem("The file is empty.")
    headings = _filled([cell.strip().lower() for cell in numbered[0][1]])
    _check_headings(headings, required, optional)
    if len(numbered) - 1 > most_rows:
        raise CsvProblem(f"The file has more than {most_rows:,} rows. Split it into smaller files.")
    table = CsvTable(headings)
    for number, line in numbered[1:]:
        cells = _filled([_unguard(cell.strip()) for cell in line])
        if len(cells) > len(headings):
            raise CsvProblem(f"Row {number} has more cells than there are headings.")
        cells += [""] * (len(headings) - len(cells))
        table.rows.append((number, dict(zip(headings, cells, strict=True))))
    return table


def _filled(cells: list[str]) -> list[str]:
    """The cells without the empty ones at the end, which spreadsheets leave behind."""
    last = next((i for i in range(len(cells), 0, -1) if cells[i - 1]), 0)
    return cells[:last]


def _check_headings(headings: list[str], required: Sequence[str], optional: Sequence[str]) -> None:
    if "" in headings:
        raise CsvProblem(f"Column {headings.index('') + 1} has no heading. Give it one, or delete it.")
    doubled = [heading for heading, count in Counter(headings).items() if count > 1]
    if doubled:
        raise CsvProblem(f"The heading “{doubled[0]}” stands twice. Keep one.")
    missing = [h for h in required if h not in headings]
    if missing:
        raise CsvProblem(
            f"The column “{missing[0]}” is missing. The first row must hold: {', '.join(required)}."
        )
    unknown = [h for h in headings if h not in required and h not in optional]
    if unknown:
        raise CsvProblem(f"The column “{unknown[0]}” is not known. Use: {', '.join([*required, *optional])}.")


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise CsvProblem("The file is damaged. Save it again as CSV UTF-8.") from error
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CsvProblem("The file's letters could not be read. Save it again as CSV UTF-8.")


def guard(value: object) -> str:
    """A cell that no spreadsheet runs as a formula: a leading apostrophe before what could be one."""
    text = "" if value is None else str(value)
    return "'" + text if text.startswith(_FORMULA) or text.startswith("'") else text


def _unguard(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith((*_FORMULA, "'")) else cell


def response(filename: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV download in UTF-8 with a byte order mark, so that Excel reads accents."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{filename}"'
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([guard(cell) for cell in row])
    return answer
