"""Files that people upload: what is taken, and how it is made harmless before it is kept.

An image is read by one of five decoders and written anew from its pixels, so that nothing else of the file
stays: no EXIF, position, XMP, IPTC, comment, profile, thumbnail, nor bytes behind its end. A PDF is kept as
it is and only ever handed out as a download. Evidence alone is kept byte for byte beside its harmless form.
"""

import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile
from PIL import Image, ImageOps

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 30_000_000
MAX_PIXELS_COPIED = 13_000_000
MAX_PIXELS_WEBP = 8_000_000
"""Of pictures of which reading holds one copy; two (progressive, transparent, with a palette); or five."""
MAX_NAME = 150
MAX_SIDE = 3508
"""The longer side of what is kept, in pixels: an A4 page at 300 dots an inch."""
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF")
ACCEPT = ".jpg,.jpeg,.png,.webp,.gif,.tif,.tiff,.pdf"
JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
"""Taken for documents alone (policies/documents/word_files.py), and kept as it is."""
EXTENSIONS = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf", DOCX: ".docx"}

TOO_LARGE = "The file is larger than 10 MB. Scan it again with a lower resolution"
EMPTY = "The file is empty. Choose another"
UNKNOWN = "The file must be a PDF, JPEG, PNG, WebP, GIF or TIFF. Save it as one of these"
DAMAGED = "The file is damaged and could not be opened. Scan or save it again"
TOO_MANY_PIXELS = "The picture is too large. Scan or photograph it again with a lower resolution"
SEVERAL_PAGES = "The TIFF file has several pages. Save it as a PDF"

Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class BadUpload(ValueError):
    """The file is not taken; the message says what to do."""


class CleanFile(NamedTuple):
    """A file that may be kept, and what it is."""

    data: bytes
    media_type: str

    @property
    def new_name(self) -> str:
        """A name that says nothing and cannot be guessed."""
        return f"{uuid.uuid4().hex}{EXTENSIONS[self.media_type]}"


def clean_file(data: bytes) -> CleanFile:
    """The harmless form of an uploaded file; its name and what the browser says of it do not count.

    Raises BadUpload.
    """
    if not data:
        raise BadUpload(EMPTY)
    if len(data) > MAX_BYTES:
        raise BadUpload(TOO_LARGE)
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-2048:]:
            raise BadUpload(DAMAGED)
        return CleanFile(data, PDF)
    return clean_image(data)


class OriginalFile(NamedTuple):
    """An upload as it came, byte for byte, and what of it may be shown. A PDF has nothing to show.

    `name` is the browser's, shortened: to be told, never to be a path. `media_type` was read from the bytes.
    """

    data: bytes
    name: str
    media_type: str
    shown: CleanFile | None

    @property
    def new_name(self) -> str:
        """A name that says nothing, cannot be guessed, and that nothing would open or run."""
        return f"{uuid.uuid4().hex}.bin"


def original_file(data: bytes, name: str = "") -> OriginalFile:
    """The upload itself together with its harmless form, of which only the latter is shown. Raises BadUpload."""
    clean = clean_file(data)
    bare = "".join(letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable())
    if clean.media_type == PDF:
        return OriginalFile(data, bare[:MAX_NAME], PDF, None)
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        # A JPEG with a second picture behind the first is called by another name.
        form = "JPEG" if image.format == "MPO" else str(image.format)
        return OriginalFile(data, bare[:MAX_NAME], f"image/{form.lower()}", clean)


def clean_image(data: bytes) -> CleanFile:
    """The first frame of an image, turned the right way up and written anew. Raises BadUpload."""
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise BadUpload(TOO_MANY_PIXELS) from error
    except Exception as error:  # a hostile file may raise anything in a decoder
        raise BadUpload(UNKNOWN) from error
    try:
        if image.width * image.height > _most_pixels(image):
            raise BadUpload(TOO_MANY_PIXELS)
        if image.format == "TIFF" and _has_second_page(image):
            raise BadUpload(SEVERAL_PAGES)
        return _written_anew(image)
    except BadUpload:
        raise
    except Exception as error:
        raise BadUpload(DAMAGED) from error
    finally:
        image.close()


def _has_second_page(image: Image.Image) -> bool:
    """Look at the next page alone: to count the pages of a hostile file takes minutes."""
    try:
        image.seek(1)
    except EOFError:
        image.seek(0)
        return False
    return True


def _most_pixels(image: Image.Image) -> int:
    if image.format == "WEBP":
        return MAX_PIXELS_WEBP
    copied = image.mode in ("P", "PA") or "progressive" in image.info or image.has_transparency_data
    return MAX_PIXELS_COPIED if copied else MAX_PIXELS


def _written_anew(image: Image.Image) -> CleanFile:
    """Each step lets the one before go: a large picture is held once, or twice."""
    drawn = image.format in ("PNG", "GIF") and image.mode in ("1", "L", "P")
    image.draft(image.mode, (MAX_SIDE, MAX_SIDE))
    image.load()
    if image.mode in ("1", "P", "PA"):
        image = image.convert("L" if image.mode == "1" else "RGBA" if image.has_transparency_data else "RGB")
    if image.has_transparency_data:
        image = _on_white(image)
    if max(image.size) > MAX_SIDE:
        image.thumbnail((MAX_SIDE, MAX_SIDE))
    _turn_upright(image)
    image = _in_plain_colours(image)
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    del image
    written = io.BytesIO()
    if drawn:
        bare.save(written, "PNG")
        return CleanFile(written.getvalue(), PNG)
    bare.save(written, "JPEG", quality=85)
    return CleanFile(written.getvalue(), JPEG)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        image = image.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    paper.info = image.info
    return paper


def _turn_upright(image: Image.Image) -> None:
    """Turn it as its EXIF says; where that cannot be read, leave it."""
    try:
        ImageOps.exif_transpose(image, in_place=True)
    except Exception:  # the picture itself is sound
        return


def _in_plain_colours(image: Image.Image) -> Image.Image:
    """In grey or in colour."""
    if image.mode in ("L", "RGB"):
        return image
    if not image.mode.startswith(("I", "F")):
        return image.convert("RGB")
    low, high = image.getextrema()
    spread = (high - low) or 1
    return image.convert("F").point(lambda value: value * (255 / spread) - low * (255 / spread)).convert("L")


# Forms


class FilesInput(forms.FileInput):
    """A box for several files at once."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": ACCEPT, **(attrs or {})})


class FilesField(forms.FileField):
    """Up to `most` files; the cleaned value is a list of CleanFile."""

    widget = FilesInput

    def __init__(self, *, most: int = 3, **kwargs: Any) -> None:
        self.most = most
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file made harmless. Raises ValidationError that names the place of the file at fault."""
        uploads = [one for one in (data if isinstance(data, (list, tuple)) else [data]) if one]
        if self.required and not uploads:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(uploads) > self.most:
            raise ValidationError(f"Choose {self.most} files at most")
        return [self._clean_one(one, place, len(uploads)) for place, one in enumerate(uploads, start=1)]

    @staticmethod
    def take(data: bytes, upload: Any) -> Any:
        """What becomes of one file. Raises BadUpload."""
        return clean_file(data)

    def _clean_one(self, upload: Any, place: int, of: int) -> Any:
        try:
            # One byte more than may be kept is enough to know that it is too large.
            return self.take(upload.read(MAX_BYTES + 1), upload)
        except BadUpload as problem:
            which = f"File {place}: " if of > 1 else ""
            raise ValidationError(f"{which}{problem}") from problem


class OriginalsField(FilesField):
    """As `FilesField`, for evidence: the cleaned value is a list of OriginalFile."""

    @staticmethod
    def take(data: bytes, upload: Any) -> OriginalFile:
        """The file as it came, and its harmless form."""
        return original_file(data, upload.name or "")


# Keeping


@contextmanager
def files_kept() -> Iterator[list[FieldFile]]:
    """A block whose files are deleted again when it fails. Put it around the transaction.

    with files_kept() as kept, audited():
        kept.append(store(row.file, clean))
    """
    kept: list[FieldFile] = []
    try:
        yield kept
    except BaseException:
        for file in kept:
            file.storage.delete(file.name)
        raise


def store(field: FieldFile, clean: CleanFile | OriginalFile) -> FieldFile:
    """Write a file under a name of its own into a field whose row is saved afterwards."""
    field.save(clean.new_name, ContentFile(clean.data), save=False)
    return field
