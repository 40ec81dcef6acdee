"""Handing out a kept file: always as a download, in a box without rights."""

from typing import TypeVar

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase

from core.uploads import EXTENSIONS

Response = TypeVar("Response", bound=HttpResponseBase)


def download(file: FieldFile, media_type: str, name: str) -> FileResponse:
    """The file under a plain name with the ending of its kind. Who may have it was asked before. Raises Http404."""
    if not file:
        raise Http404("There is no file")
    try:
        opened = file.open("rb")
    except OSError as error:
        raise Http404("The file is not there") from error
    response = FileResponse(
        opened,
        as_attachment=True,
        filename=f"{name}{EXTENSIONS.get(media_type, '')}",
        content_type=media_type or "application/octet-stream",
    )
    return boxed(response)


def boxed(response: Response) -> Response:
    """A download whose kind the browser does not guess, which may do nothing, and which nobody else keeps."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
