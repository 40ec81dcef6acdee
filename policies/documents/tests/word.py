"""A Word file in one line, and what somebody might hide in one."""

import io
import zipfile
from html import escape

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
DOCUMENT, SETTINGS = "word/document.xml", "word/_rels/settings.xml.rels"


def paragraph(words: str) -> str:
    """A paragraph, or a heading where the words begin with "# "."""
    style = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>' if words.startswith("# ") else ""
    return f"<w:p>{style}<w:r><w:t>{escape(words.removeprefix('# '))}</w:t></w:r></w:p>"


def document(inside: str) -> str:
    """The main part."""
    return f'<?xml version="1.0" encoding="UTF-8"?><w:document {W}><w:body>{inside}</w:body></w:document>'


def types(main: str = MAIN, more: str = "") -> str:
    """The list of types."""
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/>{more}</Types>'
    )


def relations(*rows: str) -> str:
    """A list of relations."""
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(rows)}</Relationships>'


def relation(kind: str, target: str, outside: bool = False) -> str:
    """One relation."""
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{escape(target)}"{mode}/>'


def parts_of_a_file(*words: str) -> dict[str, str | bytes]:
    """What is in an ordinary file."""
    return {
        "[Content_Types].xml": types(),
        "_rels/.rels": relations(relation("officeDocument", "word/document.xml")),
        DOCUMENT: document("".join(map(paragraph, words or ("# Purpose", "Be kind.")))),
    }


def packed(parts: dict[str, str | bytes]) -> bytes:
    """These parts as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def a_word_file(*words: str, **more: str | bytes) -> bytes:
    """An ordinary file with these paragraphs; `more` by the constants of this module."""
    return packed({**parts_of_a_file(*words), **more})
