"""What is taken of an upload, and that nothing but the picture stays (quality: hostile files)."""

import io
import os
import resource
import struct
import sys
import warnings
import zlib
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from core import uploads
from core.uploads import BadUpload, FilesField, clean_file, files_kept

DATA = Path("/work/shared/data")
HOSTILE = sorted((DATA / "hostile-images").glob("*"))
PHOTOS = sorted((DATA / "exif-gps").glob("*.jpg"))
SECRET = b"Secret Street 5"
pytestmark = pytest.mark.filterwarnings("ignore")


def a_picture(form: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **how) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, 120).save(written, form, **how)
    return written.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(uploads.clean_file(data).data))


@pytest.mark.skipif(not HOSTILE, reason="the hostile images are not on this machine: in the other run")
def test_no_hostile_file_does_more_than_be_refused() -> None:
    for path in HOSTILE:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with suppress(BadUpload):
                clean = clean_file(path.read_bytes())
                assert Image.open(io.BytesIO(clean.data)).format in ("JPEG", "PNG")


@pytest.mark.skipif(not PHOTOS, reason="the photographs with positions are not on this machine")
def test_of_a_photograph_only_the_picture_stays() -> None:
    taken = 0
    for path in PHOTOS:
        try:
            image = opened(path.read_bytes())
        except BadUpload:
            continue
        taken += 1
        assert not dict(image.getexif())
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        raw = clean_file(path.read_bytes()).data
        assert not [mark for mark in (b"Exif\0", b"http://ns.adobe", b"Photoshop", b"GPS") if mark in raw]
    assert taken > 20


@pytest.mark.skipif(not PHOTOS, reason="the photographs with positions are not on this machine")
def test_a_photograph_stands_upright_however_the_camera_was_held() -> None:
    for kind, wide in (("landscape", True), ("portrait", False)):
        for path in sorted((DATA / "exif-gps").glob(f"jpg__orientation__{kind}_*.jpg")):
            image = opened(path.read_bytes())
            assert (image.width > image.height) is wide, path.name


def test_seven_kinds_of_words_in_a_file_are_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[29] = SECRET.decode()
    plain = a_picture(exif=exif.tobytes(), comment=SECRET, xmp=SECRET, icc_profile=SECRET)
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(SECRET)) + SECRET
    segment = b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc
    dirty = plain[:2] + segment + plain[2:] + SECRET
    assert dirty.count(SECRET) >= 6
    assert SECRET not in clean_file(dirty).data


def test_words_of_a_png_are_gone_too() -> None:
    words = PngInfo()
    words.add_text("Comment", SECRET.decode())
    words.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    data = a_picture("PNG", mode="L", pnginfo=words)
    assert SECRET in data
    assert SECRET not in clean_file(data + SECRET).data


@pytest.mark.parametrize("form", uploads.FORMATS)
def test_each_format_is_taken_and_written_anew(form: str) -> None:
    assert opened(a_picture(form, mode="L" if form == "GIF" else "RGB")).size == (60, 40)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_a_png_can_be_read(mode: str) -> None:
    assert opened(a_picture("PNG", mode=mode)).mode in ("L", "RGB")


def test_what_is_transparent_becomes_white() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(written, "PNG")
    assert opened(written.getvalue()).convert("RGB").getpixel((4, 4)) == (255, 255, 255)


def test_of_moving_pictures_the_first_stays() -> None:
    written = io.BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("white", "black", "black")]
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])
    image = opened(written.getvalue())
    assert getattr(image, "n_frames", 1) == 1
    assert image.convert("L").getpixel((4, 4)) == 255


def test_pages_of_a_fax_are_not_lost_in_silence() -> None:
    written = io.BytesIO()
    pages = [Image.new("L", (9, 9)) for _ in range(2)]
    pages[0].save(written, "TIFF", save_all=True, append_images=pages[1:])
    with pytest.raises(BadUpload, match="several pages"):
        clean_file(written.getvalue())


def test_a_large_picture_is_made_smaller_and_a_huge_one_refused() -> None:
    assert max(opened(a_picture(size=(5000, 900))).size) == uploads.MAX_SIDE
    for data in (a_picture(size=(8000, 4000)), a_picture("WEBP", size=(4000, 2100)), a_bomb()):
        with pytest.raises(BadUpload, match="lower resolution"):
            clean_file(data)


def a_bomb() -> bytes:
    """A PNG of a few bytes that says it is 60,000 by 60,000."""
    chunks = (
        b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0),
        b"IDAT" + zlib.compress(bytes(100)),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg onload='alert(1)'/>",
        b"<html>%PDF-1.4 %%EOF",
        b"MZ\x90\x00",
        b"%PDF-1.7 cut off",
        b"x" * (uploads.MAX_BYTES + 1),
        a_picture()[:200],
    ],
)
def test_what_is_no_whole_picture_or_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(BadUpload):
        clean_file(data)


def test_a_pdf_is_kept_as_it_is() -> None:
    data = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
    assert clean_file(data) == (data, uploads.PDF)


def test_a_name_of_a_file_says_nothing() -> None:
    one = clean_file(a_picture())
    assert one.new_name != one.new_name
    assert one.new_name.endswith(".jpg")
    assert len(one.new_name) == 36


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc: in the run on Linux")
def test_no_picture_takes_more_than_three_hundred_megabytes() -> None:
    """The largest that is taken of each kind, each in a process of its own."""
    for form, mode, size, how in (
        ("JPEG", "RGB", (6000, 5000), {}),
        ("JPEG", "RGB", (4000, 3200), {"progressive": True}),
        ("PNG", "RGB", (6000, 5000), {}),
        ("PNG", "RGBA", (4000, 3200), {}),
        ("WEBP", "RGBA", (4000, 2000), {}),
    ):
        data = a_picture(form, size, mode, **how)
        assert _peak(data) <= 300, (form, mode, size)


def _peak(data: bytes) -> int:
    """The most memory that reading it adds, in megabytes."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            clean_file(data)
            after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            os.write(writing, str((after - before) // 1024).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading) as said:
        return int(said.read() or 10_000)


# The field of a form


def an_upload(data: bytes) -> SimpleNamespace:
    return SimpleNamespace(read=lambda most: data[:most])


def test_a_field_takes_several_files_and_names_the_bad_one() -> None:
    field = FilesField(required=False, most=2)
    assert field.clean([]) == []
    assert len(field.clean([an_upload(a_picture()), an_upload(b"%PDF-1 %%EOF")])) == 2
    with pytest.raises(ValidationError, match="File 2: "):
        field.clean([an_upload(a_picture()), an_upload(b"no")])
    with pytest.raises(ValidationError, match="2 files at most"):
        field.clean([an_upload(a_picture())] * 3)
    with pytest.raises(ValidationError):
        FilesField().clean([])


def test_files_of_a_block_that_fails_are_deleted_again() -> None:
    gone: list[str] = []
    file = SimpleNamespace(name="one", storage=SimpleNamespace(delete=gone.append))
    with files_kept() as kept:
        kept.append(file)
    assert gone == []
    with pytest.raises(ZeroDivisionError), files_kept() as kept:
        kept.append(file) or 1 / 0
    assert gone == ["one"]


def test_a_drawing_stays_a_png_and_a_photograph_becomes_a_jpeg() -> None:
    image = Image.new("P", (30, 30))
    ImageDraw.Draw(image).line((0, 0, 30, 30), fill=3)
    written = io.BytesIO()
    image.save(written, "PNG")
    assert clean_file(written.getvalue()).media_type == uploads.PNG
    assert clean_file(a_picture("TIFF")).media_type == uploads.JPEG
