"""PDF documents from templates: tagged, in Dutch or English, without any request to the network."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pikepdf
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

logger = logging.getLogger(__name__)

# Relative addresses and those of {% static %} become file addresses, which the fetcher maps.
BASE_URL = "file:///"
VARIANT = "pdf/ua-1"  # tagged; conformance is not validated here


class PdfError(Exception):
    """A document that cannot be made: a file of ours that its template names is missing."""


class StaticFetcher(URLFetcher):
    """Gives `data:` addresses and our static files; nothing else of disk or network."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Raises `ValueError` for a refused address: it is left out of the document and logged.

        A static file that is not there is a fault of ours and ends the rendering.
        """
        if urlsplit(url).scheme == "data":
            return super().fetch(url, headers)
        path = static_path(url)
        if path is None:
            logger.warning("a document asked for an address it may not have")
            raise ValueError("address not allowed in a document")
        if not path.is_file():
            raise FatalURLFetchingError(f"no static file for {url}")
        content_type = guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": content_type})


def static_path(url: str) -> Path | None:
    """The file behind a static address, which need not exist; None for any other address."""
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc:
        return None
    path = unquote(parts.path)
    if not path.startswith(settings.STATIC_URL):
        return None
    name = path.removeprefix(settings.STATIC_URL)
    if "\\" in name or ".." in Path(name).parts or name.startswith("/"):
        return None
    collected = Path(settings.STATIC_ROOT or "/nonexistent") / name
    if collected.is_file():
        return collected if _is_within(collected, Path(settings.STATIC_ROOT)) else None
    try:
        found = finders.find(name)
    except SuspiciousFileOperation:
        return None
    return Path(found) if isinstance(found, str) else collected


def _is_within(path: Path, folder: Path) -> bool:
    """Whether a file lies in a folder after following links."""
    return path.resolve().is_relative_to(folder.resolve())


def render_pdf(template: str, context: Mapping[str, Any], *, language: str = "nl") -> bytes:
    """A tagged PDF of a template, `templates/pdf/<name>.html`, in a language.

    The template names its title and `lang`; `{% static %}` works. Raises `PdfError` when a static
    file it names is missing.
    """
    return html_to_pdf(_html_of(template, context, language))


def count_pages(template: str, context: Mapping[str, Any], *, language: str = "nl") -> int:
    """How many pages `render_pdf` makes of it, for a text that says so itself.

    Raises `PdfError` as that does.
    """
    with _as_pdf_errors():
        return len(_document(_html_of(template, context, language)).render().pages)


def html_to_pdf(html: str) -> bytes:
    """A tagged PDF of an HTML document. Raises `PdfError`."""
    with _as_pdf_errors():
        return _document(html).write_pdf(pdf_variant=VARIANT)


def _html_of(template: str, context: Mapping[str, Any], language: str) -> str:
    with translation.override(language):
        return render_to_string(template, dict(context))


def _document(html: str) -> HTML:
    return HTML(string=html, base_url=BASE_URL, url_fetcher=StaticFetcher())


@contextmanager
def _as_pdf_errors() -> Iterator[None]:
    try:
        yield
    except FatalURLFetchingError as error:
        raise PdfError(str(error)) from error


def merge_pdfs(documents: Iterable[bytes]) -> bytes:
    """Several PDFs after each other in one, with the title and language of the first.

    For print: the tags of the parts are lost, so also offer each document by itself.
    Raises `ValueError` without documents.
    """
    with pikepdf.new() as merged:
        sources = [pikepdf.open(BytesIO(document)) for document in documents]
        if not sources:
            raise ValueError("nothing to merge")
        for source in sources:
            merged.pages.extend(source.pages)
        for page in merged.pages:
            # It would point into a structure tree that is not here.
            if "/StructParents" in page.obj:
                del page.obj["/StructParents"]
        first = sources[0]
        if "/Lang" in first.Root:
            merged.Root.Lang = first.Root.Lang
        if "/Title" in first.docinfo:
            merged.docinfo["/Title"] = str(first.docinfo["/Title"])
        out = BytesIO()
        merged.save(out, deterministic_id=True)
        for source in sources:
            source.close()
    return out.getvalue()


def copies(document: bytes, count: int = 3) -> bytes:
    """One document a number of times in one PDF: an agreement is made in threefold."""
    return merge_pdfs([document] * count)
