"""Word files (.docx): what is taken as the file of a version, and the words in one. Pure functions of bytes.

A file is what is in it: its name does not count. It is kept as it is and only ever handed out as a download, so what
would act when somebody opens it is refused: macros, controls, embedded objects, templates, pictures and fields from
elsewhere. A file is unpacked within bounds and its XML is read without a document type, hence without entities.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from xml.parsers import expat

from core.uploads import DOCX, EMPTY, MAX_BYTES, TOO_LARGE, BadUpload, CleanFile

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MOST_ENTRIES = 1000
MOST_DIRECTORY = 500_000
"""Bytes of the list of what is in the file."""
MOST_UNPACKED = 60 * 1024 * 1024
MOST_RATIO = 150
"""How many times larger a large part of the file may become; the XML of Word shrinks to a tenth or a thirtieth."""
FREE_OF_RATIO = 1024 * 1024
MOST_XML = 8 * 1024 * 1024
MOST_XML_IN_ALL = 16 * 1024 * 1024
MOST_NAME = 200
PIECE = 64 * 1024

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TYPES, ROOT_RELATIONS = "[Content_Types].xml", "_rels/.rels"
ACTING_NAMES = re.compile(
    r"vba(project|data)|(^|/)(activex|embeddings|customui|attachedtoolbars)", re.IGNORECASE
)
ACTING_TYPES = re.compile(r"activex|oleobject|webextension|keymap", re.IGNORECASE)
ACTING_RELATIONS = {
    "vbaproject", "wordvbadata", "oleobject", "control", "activexcontrolbinary", "package", "afchunk",
    "attachedtemplate", "subdocument", "frame", "keymapcustomizations", "attachedtoolbars", "extensibility",
    "webextension", "webextensiontaskpanes",
}  # fmt: skip
"""Last words of the types of relations, in small letters, by which something else would be run or fetched."""
LINKS = ("http:", "https:", "mailto:", "tel:")
ACTING_FIELDS = {
    "DDE",
    "DDEAUTO",
    "LINK",
    "INCLUDETEXT",
    "INCLUDEPICTURE",
    "INCLUDE",
    "IMPORT",
    "EMBED",
    "MACROBUTTON",
}
HEADINGS = re.compile(r"(heading|title|subtitle)\d*", re.IGNORECASE)

OLD = (
    "The Word file is locked with a password, or of the old kind (.doc). Save it as .docx without a password"
)
DAMAGED = "The Word file is damaged and could not be opened. Save it again in Word"
NOT_WORD = "The file is not a Word document (.docx). Save it as .docx or PDF"
TEMPLATE = "The file is a Word template. Save it as an ordinary document (.docx)"
TOO_MUCH = "The Word file unpacks to too much. Make its pictures smaller, or save it as a PDF"
MACROS = "The Word file holds macros. Save it as .docx without them, or as a PDF"
OBJECTS = (
    "The Word file holds an object from another programme, such as a spreadsheet or a control. Make it a picture, "
    "or save the file as a PDF"
)
ELSEWHERE = (
    "The Word file takes a template, picture or text from elsewhere when it is opened. Put it into the file itself, "
    "or save it as a PDF"
)
LINK = "The Word file has a link to something else than a web page or an e-mail address. Remove it, or save as a PDF"


def word_file(data: bytes) -> CleanFile:
    """The file, if it is a Word document that holds nothing that would act. Raises BadUpload with what to do."""
    if not data:
        raise BadUpload(EMPTY)
    if len(data) > MAX_BYTES:
        raise BadUpload(TOO_LARGE)
    if data.startswith(OLE):
        raise BadUpload(OLD)
    with _opened(data) as archive:
        parts = _checked_parts(archive)
        main = _checked_types(parts)
        _checked_relations(parts, main)
        for name, xml in parts.items():
            if name.lower().endswith(".xml"):
                _checked_fields(xml)
    return CleanFile(data, DOCX)


def looks_like(data: bytes) -> bool:
    """Whether somebody may mean it as a Word file: any zip, and any file of the old kind."""
    return data.startswith((ZIP, OLE))


def words_in(data: bytes) -> str:
    """The paragraphs of the main text of a checked file, headings with "# " before them. Raises BadUpload.

    What was deleted with tracked changes is left out. Headers, footers, notes and pictures are not in it.
    """
    with _opened(data) as archive:
        parts = _checked_parts(archive)
        reader = _Words()
        _read(parts[_checked_types(parts)], start=reader.start, end=reader.end, text=reader.text)
    return "\n\n".join(reader.found)


# The container


def _opened(data: bytes) -> zipfile.ZipFile:
    """The file as a zip whose list was looked at before it was read: nothing before, behind or between its parts."""
    end = data[-22:]
    # Read from the end: without a comment, the list of what is in a zip is told in its last 22 bytes.
    if not data.startswith(ZIP) or end[:4] != b"PK\x05\x06" or end[20:] != b"\x00\x00":
        raise BadUpload(DAMAGED if data.startswith(ZIP) else NOT_WORD)
    entries, directory = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
    if data[-42:-38] == b"PK\x06\x07" or entries > MOST_ENTRIES or directory > MOST_DIRECTORY:
        raise BadUpload(TOO_MUCH)
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, RuntimeError) as error:
        raise BadUpload(DAMAGED) from error


def _checked_parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """The XML parts by name, after every part was unpacked once within bounds and found whole. Raises BadUpload."""
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise BadUpload(TOO_MUCH)
    _checked_entries(entries)
    found: dict[str, bytes] = {}
    left = MOST_XML_IN_ALL
    for entry in entries:
        is_xml = entry.filename.lower().endswith((".xml", ".rels"))
        if is_xml:
            left -= entry.file_size
            if entry.file_size > MOST_XML or left < 0:
                raise BadUpload(TOO_MUCH)
        kept = [piece if is_xml else b"" for piece in _unpacked(archive, entry)]
        if is_xml:
            found[entry.filename] = b"".join(kept)
            _read(found[entry.filename])
    return found


def _checked_entries(entries: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    until = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        name = entry.filename
        if entry.flag_bits & 0x2041:
            raise BadUpload(OLD)
        is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
        if entry.orig_filename != name or _leaves(name) or is_link or name.lower() in seen:
            raise BadUpload(DAMAGED)
        if entry.header_offset < until or entry.compress_type not in (
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
        ):
            raise BadUpload(DAMAGED)
        if entry.file_size > max(FREE_OF_RATIO, entry.compress_size * MOST_RATIO):
            raise BadUpload(TOO_MUCH)
        if ACTING_NAMES.search(name):
            raise BadUpload(MACROS if "vba" in name.lower() else OBJECTS)
        seen.add(name.lower())
        until = entry.header_offset + 30 + len(name.encode()) + entry.compress_size
    if entries and min(one.header_offset for one in entries):
        raise BadUpload(DAMAGED)


def _leaves(name: str) -> bool:
    """Whether a name leads out of the file, or is none that Word would write."""
    if not name or len(name) > MOST_NAME or not name.isprintable() or set(name) & set('\\:*?"<>|'):
        return True
    return name.startswith("/") or ".." in PurePosixPath(name).parts


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Its bytes, piece by piece; zipfile reads no more than the list says, and compares the checksum at the end."""
    try:
        with archive.open(entry) as part:
            while piece := part.read(PIECE):
                yield piece
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise BadUpload(DAMAGED) from error


# The XML


def _refuse(*_: object) -> None:
    raise BadUpload(DAMAGED)


def _read(
    xml: bytes,
    start: Callable[[str, dict[str, str]], None] | None = None,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Read XML without a document type. Names come without their namespace. Raises BadUpload."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    if start:
        parser.StartElementHandler = lambda name, values: start(
            _bare(name), {_bare(key): values[key] for key in values}
        )
    if end:
        parser.EndElementHandler = lambda name: end(_bare(name))
    if text:
        parser.CharacterDataHandler = text
        parser.buffer_text = True
    try:
        parser.Parse(xml, True)
    except BadUpload:
        raise
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise BadUpload(DAMAGED) from error


def _bare(name: str) -> str:
    return name.rpartition(" ")[2]


def _checked_types(parts: dict[str, bytes]) -> str:
    """The name of the part with the words, as the list of types has it. Raises BadUpload where this is no Word file."""
    if TYPES not in parts:
        raise BadUpload(NOT_WORD)
    types: list[str] = []
    mains: list[str] = []

    def start(_: str, values: dict[str, str]) -> None:
        kind = values.get("ContentType", "").strip()
        types.append(kind)
        if kind.lower() == MAIN and "PartName" in values:
            mains.append(values["PartName"].removeprefix("/"))

    _read(parts[TYPES], start=start)
    if any(re.search("macro|vba", kind, re.IGNORECASE) for kind in types):
        raise BadUpload(MACROS)
    if any(ACTING_TYPES.search(kind) for kind in types):
        raise BadUpload(OBJECTS)
    if any("template.main" in kind for kind in types):
        raise BadUpload(TEMPLATE)
    if len(mains) != 1 or mains[0] not in parts:
        raise BadUpload(NOT_WORD)
    return mains[0]


def _checked_relations(parts: dict[str, bytes], main: str) -> None:
    """Nothing is run, nothing fetched, and the file's first relation leads to its words. Raises BadUpload."""
    leads: list[str] = []
    for name, xml in parts.items():
        if not name.lower().endswith(".rels"):
            continue

        def start(_: str, values: dict[str, str], root: bool = name == ROOT_RELATIONS) -> None:
            if "Target" not in values:
                return
            kind, target = values.get("Type", "").rpartition("/")[2].lower(), values["Target"].strip()
            _checked_relation(kind, target, values.get("TargetMode", "").strip().lower() == "external")
            if root and kind == "officedocument":
                leads.append(target.removeprefix("/"))

        _read(xml, start=start)
    if leads != [main]:
        raise BadUpload(NOT_WORD)


def _checked_relation(kind: str, target: str, external: bool) -> None:
    if kind in ACTING_RELATIONS:
        elsewhere = external or kind in ("attachedtemplate", "subdocument", "frame", "afchunk")
        raise BadUpload(MACROS if "vba" in kind else ELSEWHERE if elsewhere else OBJECTS)
    scheme = re.match(r"[\s\x00-\x1f]*[A-Za-z][A-Za-z0-9+.\-]*:", target)
    if not external:
        if scheme or target.startswith(("//", "\\")):
            raise BadUpload(ELSEWHERE)
        return
    if kind != "hyperlink":
        raise BadUpload(ELSEWHERE)
    if target.startswith(("\\", "//")) or (scheme and not target.lower().startswith(LINKS)):
        raise BadUpload(LINK)


def _checked_fields(xml: bytes) -> None:
    """No field that fetches or runs something when it is brought up to date. Raises BadUpload."""
    open_fields: list[list[str]] = []
    reading = False

    def start(name: str, values: dict[str, str]) -> None:
        nonlocal reading
        reading = name == "instrText"
        if name == "fldSimple":
            _checked_field(values.get("instr", ""))
        elif name == "fldChar":
            kind = values.get("fldCharType")
            if kind == "begin":
                open_fields.append([])
            elif open_fields:
                _checked_field("".join(open_fields[-1]))
                if kind == "end":
                    open_fields.pop()

    def end(name: str) -> None:
        nonlocal reading
        if name == "instrText":
            reading = False

    def text(words: str) -> None:
        if reading and open_fields:
            open_fields[-1].append(words)
        elif reading:
            _checked_field(words)

    _read(xml, start=start, end=end, text=text)
    for one in open_fields:
        _checked_field("".join(one))


def _checked_field(words: str) -> None:
    first = words.split(maxsplit=1)[:1]
    if first and first[0].upper().lstrip("\\") in ACTING_FIELDS:
        raise BadUpload(ELSEWHERE)


class _Words:
    """Gathers the paragraphs while the XML is read; paragraphs may stand inside one another, in text boxes."""

    AWAY = ("del", "moveFrom", "Fallback")
    """Deleted, moved from here, or there a second time for older programmes."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._open: list[tuple[list[str], list[bool]]] = []
        self._away = 0
        self._reading = False

    def start(self, name: str, values: dict[str, str]) -> None:
        """An element begins."""
        if name in self.AWAY:
            self._away += 1
        elif name == "p":
            self._open.append(([], []))
        elif name == "t":
            self._reading = True
        elif name in ("tab", "br", "cr") and self._open:
            self._open[-1][0].append(" ")
        elif name == "pStyle" and self._open and HEADINGS.fullmatch(values.get("val", "")):
            self._open[-1][1].append(True)

    def end(self, name: str) -> None:
        """An element ends."""
        if name in self.AWAY:
            self._away -= 1
        elif name == "t":
            self._reading = False
        elif name == "p" and self._open:
            pieces, heading = self._open.pop()
            if words := " ".join("".join(pieces).split()):
                self.found.append(f"# {words}" if heading else words)

    def text(self, words: str) -> None:
        """Words, which count inside of w:t alone."""
        if self._reading and not self._away and self._open:
            self._open[-1][0].append(words)
