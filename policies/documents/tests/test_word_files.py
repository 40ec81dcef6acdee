"""A Word file is taken for what is in it, and refused where it would act, swell or lead out."""

import io
import re
import warnings
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.uploads import DOCX, MAX_BYTES, BadUpload
from policies.documents import word_files
from policies.documents.tests.cases import a_document, client_of
from policies.documents.tests.word import (
    DOCUMENT,
    MAIN,
    SETTINGS,
    W,
    a_word_file,
    document,
    packed,
    paragraph,
    parts_of_a_file,
    relation,
    relations,
    types,
)
from policies.documents.word_files import word_file, words_in
from policies.models import Version
from smgov.testing import a_cit_trust

ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    f"<w:document {W}><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
)
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
DOTX = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"


def field(words: str) -> str:
    """A field, its instruction in two runs."""
    half = len(words) // 2
    runs = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in (words[:half], words[half:]))
    ends = ('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', '<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    return document(f"<w:p>{ends[0]}{runs}{ends[1]}</w:p>")


def with_parts(**more: str | bytes) -> bytes:
    """An ordinary file and more parts, or other ones."""
    return packed({**parts_of_a_file(), **more})


def flagged(flag: int) -> bytes:
    """An ordinary file whose first part says that it is encrypted."""
    data = bytearray(a_word_file())
    data[6] |= flag
    data[data.index(b"PK\x01\x02") + 8] |= flag
    return bytes(data)


def twice() -> bytes:
    """A file with two parts of one name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, data in [*parts_of_a_file().items(), (DOCUMENT, document(""))]:
            archive.writestr(name, data)
    return out.getvalue()


def lying_about_its_size() -> bytes:
    """A file whose list says that its largest part is tiny."""
    data = bytearray(with_parts(**{"word/media/a.bin": b"x" * 500_000}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)


def test_an_ordinary_file_is_taken_as_it_is_whatever_else_word_puts_in() -> None:
    more = {
        "word/_rels/document.xml.rels": relations(
            relation("hyperlink", "https://www.gov.uk/", True),
            relation("hyperlink", "mailto:office@school.sch.uk", True),
            relation("hyperlink", "other-policy.docx", True),
            relation("image", "media/crest.png"),
        ),
        "word/media/crest.png": b"\x89PNG" * 100,
        "docMetadata/LabelInfo.xml": "<clbl:labelList xmlns:clbl='x'/>",
        "word/header1.xml": field(" HYPERLINK &quot;https://www.gov.uk/link&quot; "),
    }
    data = with_parts(**more)
    clean = word_file(data)
    assert (clean.data, clean.media_type) == (data, DOCX)
    assert clean.new_name.endswith(".docx")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"PK\x03\x04" + b"x" * MAX_BYTES, "larger than 10 MB"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "old kind"),
        (a_word_file()[:-40], "damaged"),
        (a_word_file().replace(b"document.xml", b"documant.xml", 1), "damaged"),
        (a_word_file() + b"MZ more behind it", "damaged"),
        (b"MZ" + a_word_file(), "not a Word document"),
        (flagged(1), "password"),
        (twice(), "damaged"),
        (lying_about_its_size(), "damaged"),
        (packed({"a.txt": "hello"}), "not a Word document"),
        (packed({"mimetype": "application/vnd.oasis.opendocument.text"}), "not a Word document"),
        (with_parts(**{"[Content_Types].xml": types("application/xml")}), "not a Word document"),
        (with_parts(**{"_rels/.rels": relations()}), "not a Word document"),
        (with_parts(**{"[Content_Types].xml": types(DOTX)}), "template"),
        (with_parts(**{DOCUMENT: "<w:document"}), "damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_sound_word_document_is_refused_in_words(data: bytes, said: str) -> None:
    with pytest.raises(BadUpload, match=said):
        word_file(data)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"[Content_Types].xml": types(MACRO)}, "macros"),
        ({"[Content_Types].xml": types(MAIN, f'<Default Extension="bin" ContentType="{MACRO}"/>')}, "macros"),
        ({"word/vbaProject.bin": b"x"}, "macros"),
        ({"word/VBAPROJECT.BIN": b"x"}, "macros"),
        ({"word/_rels/document.xml.rels": relations(relation("vbaProject", "a.bin"))}, "macros"),
        ({"word/activeX/activeX1.xml": "<a/>"}, "object from another"),
        ({"word/embeddings/oleObject1.bin": b"x"}, "object from another"),
        ({"word/_rels/document.xml.rels": relations(relation("oleObject", "a.xml"))}, "object from another"),
        (
            {SETTINGS: relations(relation("attachedTemplate", "http://evil.example/a.dotm", True))},
            "elsewhere",
        ),
        ({SETTINGS: relations(relation("attachedTemplate", "file:///C:/letter.dotx", True))}, "elsewhere"),
        (
            {"word/_rels/document.xml.rels": relations(relation("image", "http://a.example/", True))},
            "elsewhere",
        ),
        ({"word/_rels/document.xml.rels": relations(relation("image", "http://a.example/"))}, "elsewhere"),
        ({"word/_rels/document.xml.rels": relations(relation("aFChunk", "a.html"))}, "elsewhere"),
        ({"word/_rels/x.xml.rels": relations(relation("hyperlink", "file://host/share", True))}, "a link"),
        ({"word/_rels/x.xml.rels": relations(relation("hyperlink", "\\\\host\\share", True))}, "a link"),
        ({"word/_rels/x.xml.rels": relations(relation("hyperlink", "javascript:alert(1)", True))}, "a link"),
        ({DOCUMENT: field(" DDEAUTO c:\\\\windows\\\\cmd.exe ")}, "elsewhere"),
        ({DOCUMENT: field("includepicture &quot;http://a.example/x.png&quot;")}, "elsewhere"),
        ({DOCUMENT: document('<w:p><w:fldSimple w:instr=" DDE x y"/></w:p>')}, "elsewhere"),
        ({DOCUMENT: ENTITIES}, "damaged"),
        ({"docProps/core.xml": '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'}, "damaged"),
        ({"../../evil.xml": "<a/>"}, "damaged"),
        ({"/etc/evil.xml": "<a/>"}, "damaged"),
        ({"word\\..\\evil.xml": "<a/>"}, "damaged"),
        ({"WORD/document.xml": document("")}, "damaged"),
        ({"word/media/a.bin": b"\0" * 5_000_000}, "unpacks to too much"),
        ({"word/media/a.xml": b"<a>" + b"\0" * 9_000_000}, "unpacks to too much"),
        ({f"word/media/{n}.png": b"x" for n in range(1001)}, "unpacks to too much"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value,
)
def test_what_would_act_swell_or_lead_out_is_refused_in_words(more: dict, said: str) -> None:
    with pytest.raises(BadUpload, match=said):
        word_file(with_parts(**more))


def test_many_parts_that_each_look_small_are_too_much_together(monkeypatch) -> None:
    monkeypatch.setattr(word_files, "MOST_UNPACKED", 3000)
    with pytest.raises(BadUpload, match="unpacks to too much"):
        word_file(with_parts(**{f"word/media/{n}.png": b"x" * 500 for n in range(6)}))
    monkeypatch.setattr(word_files, "MOST_UNPACKED", 30_000)
    monkeypatch.setattr(word_files, "MOST_XML_IN_ALL", 3000)
    with pytest.raises(BadUpload, match="unpacks to too much"):
        word_file(with_parts(**{f"word/{n}.xml": f"<a>{'x' * 500}</a>" for n in range(6)}))


def test_the_words_of_a_file_are_its_paragraphs_without_what_was_deleted() -> None:
    inside = (
        paragraph("# Purpose")
        + "<w:p><w:r><w:t>Be </w:t></w:r><w:r><w:tab/><w:t>kind &amp; fair</w:t></w:r>"
        + "<w:del><w:r><w:delText>never</w:delText></w:r></w:del>"
        + "<w:moveFrom><w:r><w:t>moved away</w:t></w:r></w:moveFrom>"
        + "<w:ins><w:r><w:t>, always.</w:t></w:r></w:ins></w:p><w:p/>"
        + f"<w:tbl><w:tr><w:tc>{paragraph('In a table')}</w:tc></w:tr></w:tbl>"
    )
    data = with_parts(**{DOCUMENT: document(inside)})
    assert words_in(data) == "# Purpose\n\nBe kind & fair, always.\n\nIn a table"


@pytest.fixture
def cast(settings: Any, tmp_path: Any) -> Any:
    """The trust of the suite; files go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
    return a_cit_trust()


def url(name: str, row: Any) -> str:
    """A page of a document or a version."""
    return reverse(f"policies:{name}", args=[row.uuid])


@pytest.mark.django_db
def test_a_word_file_is_added_as_a_draft_downloaded_and_compared_with_the_words_before_it(cast) -> None:
    row, bob = a_document(cast.bob, cast.hilltop), client_of(cast.bob)
    page = url("version-draft", row)
    assert b'accept=".docx,' in bob.get(page).content

    def send(data: bytes, name: str = "policy.docx", seen: str = "") -> Any:
        return bob.post(page, {"how": "file", "seen": seen, "file": SimpleUploadedFile(name, data)})

    refused = send(with_parts(**{"word/vbaProject.bin": b"x"}))
    assert refused.status_code == 422
    beside = re.search(r'id="id_file_error"[^>]*>(.*?)</p>', refused.content.decode(), re.DOTALL)
    assert "The Word file holds macros" in beside[1]
    assert send(b"hello", "policy.docx").status_code == 422
    assert not row.versions.filter(state="draft").exists()
    data = a_word_file("# Purpose", "We keep all children safe online.", "<b>Ask first</b>")
    assert send(data, "../Policy <b>.exe").status_code == 302
    draft = row.versions.get(state="draft")
    assert (draft.media_type, draft.text) == (DOCX, "")
    answer = bob.get(url("version-file", draft))
    assert b"".join(answer.streaming_content) == data
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Disposition"].endswith('version-2.docx"')
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (DOCX, "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"]
    shown = bob.get(url("version-compare", draft)).content.decode()
    assert "[put in: </span>all <" in shown
    assert "&lt;b&gt;Ask first&lt;/b&gt;" in shown
    assert "without headers, footers, notes" in shown
    assert client_of(cast.alice).get(url("version-file", draft)).status_code == 404


@pytest.mark.django_db
def test_a_word_file_that_is_gone_or_too_long_says_so_on_the_page_that_compares(cast) -> None:
    row, bob = a_document(cast.bob, cast.hilltop), client_of(cast.bob)
    page = url("version-draft", row)
    data = a_word_file(*(["x" * 1000] * 201))
    bob.post(page, {"how": "file", "seen": "", "file": SimpleUploadedFile("a.docx", data)})
    draft = row.versions.get(state="draft")
    compare = url("version-compare", draft)
    assert "cannot be compared here. Download both." in bob.get(compare).content.decode()
    draft.file.storage.delete(draft.file.name)
    assert "words of a file could not be read" in bob.get(compare).content.decode()
    assert bob.get(url("version-file", draft)).status_code == 404
    Version.objects.filter(pk=draft.pk).update(media_type="application/pdf")
    assert "a PDF or a scan is not" in bob.get(compare).content.decode()
