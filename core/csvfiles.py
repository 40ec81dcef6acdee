"""Reading other people's CSV files and writing our own without live formulas (quality C12, C13)."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
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
    lines = list(lines_of(data, most_rows=most_rows))
    headings = [cell.lower() for cell in lines[0][1]]
    check_headings(headings)
    _check_known(headings, required, optional)
    table = CsvTable(headings)
    for number, cells in lines[1:]:
        if len(cells) > len(headings):
            raise CsvProblem(f"Row {number} has more cells than there are headings.")
        cells += [""] * (len(headings) - len(cells))
        table.rows.append((number, dict(zip(headings, cells, strict=True))))
    return table


def lines_of(
    data: bytes, *, most_rows: int = 10_000, max_bytes: int = MAX_BYTES
) -> Iterator[tuple[int, list[str]]]:
    """The lines that are not empty, each with its number in the file; the headings are the first.

    They are read one after the other, so that a large file is not held twice. Cells are stripped, and lose
    the apostrophe of `guard`. Raises CsvProblem while it is read.
    """
    if len(data) > max_bytes:
        raise CsvProblem(
            f"The file is larger than {max_bytes // (1024 * 1024)} MB. Split it into smaller files."
        )
    stream = io.TextIOWrapper(io.BytesIO(data), encoding=_encoding(data), newline="")
    found = -1
    try:
        for number, line in enumerate(csv.reader(stream, strict=True), start=1):
            cells = [cell.strip() for cell in line]
            if not any(cells):
                continue
            found += 1
            if found > most_rows:
                raise CsvProblem(f"The file has more than {most_rows:,} rows. Split it into smaller files.")
            yield number, _filled(cells if found == 0 else [_unguard(cell) for cell in cells])
    except csv.Error as error:
        raise CsvProblem(
            f"The file could not be read as CSV ({error}). Check its quotation marks."
        ) from error
    if found < 0:
        raise CsvProblem("The file is empty.")


def _filled(cells: list[str]) -> list[str]:
    """The cells without the empty ones at the end, which spreadsheets leave behind."""
    last = next((i for i in range(len(cells), 0, -1) if cells[i - 1]), 0)
    return cells[:last]


def check_headings(headings: Sequence[str]) -> None:
    """Raise CsvProblem where a column has no heading, or two have the same."""
    if "" in headings:
        raise CsvProblem(f"Column {headings.index('') + 1} has no heading. Give it one, or delete it.")
    doubled = [heading for heading, count in Counter(headings).items() if count > 1]
    if doubled:
        raise CsvProblem(f"The heading “{doubled[0]}” stands twice. Keep one.")


def _check_known(headings: list[str], required: Sequence[str], optional: Sequence[str]) -> None:
    missing = [h for h in required if h not in headings]
    if missing:
        raise CsvProblem(
            f"The column “{missing[0]}” is missing. The first row must hold: {', '.join(required)}."
        )
    unknown = [h for h in headings if h not in required and h not in optional]
    if unknown:
        raise CsvProblem(f"The column “{unknown[0]}” is not known. Use: {', '.join([*required, *optional])}.")


def _encoding(data: bytes) -> str:
    """The encoding in which the whole file can be read."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            text = data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise CsvProblem("The file is damaged. Save it again as CSV UTF-8.") from error
        return _without_nul("utf-16", "\x00" in text)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _without_nul(encoding, b"\x00" in data)
    raise CsvProblem("The file's letters could not be read. Save it again as CSV UTF-8.")


def _without_nul(encoding: str, has_nul: bool) -> str:
    if has_nul:
        raise CsvProblem("The file is not a CSV file. Save it from your spreadsheet as CSV UTF-8.")
    return encoding


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
