"""Files that break programs, as evidence: refused, or kept byte for byte with a picture that opens."""

import hashlib
import io
import warnings
from pathlib import Path

import pytest
from PIL import Image

from core.uploads import JPEG, PNG, BadUpload, original_file

DATA = Path("/work/shared/data")
HOSTILE = sorted((DATA / "hostile-images").glob("*"))
PHOTOS = sorted((DATA / "exif-gps").glob("*.jpg"))
MARKS = (b"Exif\0", b"GPS", b"http://ns.adobe", b"Photoshop", b"ICC_PROFILE")
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.mark.skipif(not HOSTILE, reason="the hostile images are not on this machine: in the other run")
def test_a_hostile_file_is_refused_or_shown_as_another_picture() -> None:
    taken = 0
    for path in HOSTILE:
        data = path.read_bytes()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                one = original_file(data, path.name)
            except BadUpload:
                continue
        taken += 1
        assert hashlib.sha256(one.data).digest() == hashlib.sha256(data).digest()
        if one.shown is not None:
            assert one.shown.media_type in (JPEG, PNG)
            assert Image.open(io.BytesIO(one.shown.data)).size
    assert taken


@pytest.mark.skipif(not PHOTOS, reason="the photographs with positions are not on this machine")
def test_of_seven_kinds_of_words_in_a_photograph_none_is_shown_and_all_are_kept() -> None:
    taken = 0
    for path in PHOTOS:
        data = path.read_bytes() + b"behind the end"
        try:
            one = original_file(data, path.name)
        except BadUpload:
            continue
        taken += 1
        assert one.data == data
        shown = one.shown.data
        image = Image.open(io.BytesIO(shown))
        assert not dict(image.getexif())
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not [mark for mark in MARKS if mark in shown]
        assert b"behind the end" not in shown
    assert taken > 20


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg onload='alert(1)'/>",
        b"<html>%PDF-1.4 %%EOF",
        b"PK\x03\x04",
        b"%PDF-1.7 cut off",
        b"GIF89a",
    ],
)
def test_what_is_no_picture_is_no_evidence(data: bytes) -> None:
    with pytest.raises(BadUpload):
        original_file(data, "picture.jpg")
