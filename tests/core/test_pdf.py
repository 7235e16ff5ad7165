"""Documents are read back: tags, language, text, codes, and what they may not fetch."""

import socket
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from django.template import engines

from stage.core.ui import pdf as pdf_module
from stage.core.ui.pdf import PdfError, copies, html_to_pdf, merge_pdfs, render_pdf, static_path
from stage.core.ui.qr import qr_data_uri, qr_svg
from tests.papers import text_of

PAGE = '<!doctype html><html lang="nl"><head><title>Proef</title>{head}</head><body>{body}</body>'


def document(body, head=""):
    return html_to_pdf(PAGE.format(head=head, body=body))


@pytest.fixture
def static(tmp_path, settings):
    folder = tmp_path / "static"
    (folder / "css").mkdir(parents=True)
    settings.STATICFILES_DIRS = [folder]
    settings.STATIC_ROOT = None
    settings.STATIC_URL = "/static/"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    from django.contrib.staticfiles import finders

    finders.get_finder.cache_clear()
    yield folder
    finders.get_finder.cache_clear()


def test_a_document_is_tagged_and_says_its_language():
    data = document("<h1>Overeenkomst</h1><table><tr><th>Uren<td>8</table>")
    with pikepdf.open(BytesIO(data)) as opened:
        assert bool(opened.Root.MarkInfo.Marked)
        assert str(opened.Root.Lang) == "nl"
        assert "/StructTreeRoot" in opened.Root
    assert "Overeenkomst" in text_of(data)[0]


def test_template_is_rendered_in_the_language_asked(monkeypatch):
    template = engines["django"].from_string(
        '<html lang="{{ lang }}"><title>x</title>{{ name }} {{ day|date:"F" }}'
    )
    monkeypatch.setattr(
        pdf_module, "render_to_string", lambda _name, context: template.render(context)
    )
    from datetime import date

    context = {"name": "<b>Zoë", "day": date(2026, 3, 2), "lang": "nl"}
    assert text_of(render_pdf("pdf/x.html", context))[0].split() == ["<b>Zoë", "maart"]
    assert "March" in text_of(render_pdf("pdf/x.html", context, language="en"))[0]


def test_static_files_are_used_and_their_own_addresses_too(static):
    (static / "css" / "pdf.css").write_text('@import "more.css"; h1 { display: none }')
    (static / "css" / "more.css").write_text("h2 { display: none }")
    link = '<link rel="stylesheet" href="/static/css/pdf.css">'
    text = text_of(document("<h1>een</h1><h2>twee</h2><p>drie</p>", head=link))[0]
    assert text.split() == ["drie"]


def test_a_missing_static_file_is_an_error(static):
    with pytest.raises(PdfError, match=r"weg\.css"):
        document("x", head='<link rel="stylesheet" href="/static/weg.css">')


def test_nothing_else_is_fetched(static, tmp_path, monkeypatch):
    secret = tmp_path / "secret.css"
    secret.write_text("p { display: none }")
    (static / "link.css").symlink_to(secret)
    requests = []
    monkeypatch.setattr(socket.socket, "connect", lambda *args: requests.append(args))
    addresses = [
        "http://127.0.0.1:9/x.css",
        "https://evil.example/x.css",
        "ftp://evil.example/x.css",
        secret.as_uri(),
        "/static/../secret.css",
        "/static/%2e%2e/secret.css",
        "file://evil.example/static/x.css",
        "/static//etc/passwd",
    ]
    head = "".join(f'<link rel="stylesheet" href="{address}">' for address in addresses)
    images = "".join(f'<img alt="x" src="{address}">' for address in addresses)
    assert "zichtbaar" in text_of(document(f"<p>zichtbaar</p>{images}", head=head))[0]
    assert requests == []
    assert [static_path(address) for address in addresses] == [None] * len(addresses)


def test_collected_files_come_first_and_may_not_lead_out(static, settings, tmp_path):
    collected = tmp_path / "collected"
    collected.mkdir()
    settings.STATIC_ROOT = collected
    (collected / "a.css").write_text("")
    (tmp_path / "secret.css").write_text("")
    (collected / "link.css").symlink_to(tmp_path / "secret.css")
    assert static_path("file:///static/a.css") == collected / "a.css"
    assert static_path("file:///static/link.css") is None
    assert static_path("file:///static/b.css") == Path(collected / "b.css")


def test_three_copies_in_one_document():
    data = copies(document("<p>Exemplaar</p>"))
    assert [text.strip() for text in text_of(data)] == ["Exemplaar"] * 3
    with pikepdf.open(BytesIO(data)) as opened:
        assert str(opened.Root.Lang) == "nl"
        assert str(opened.docinfo["/Title"]) == "Proef"


def test_merge_keeps_the_order_and_needs_a_document():
    parts = [document("<p>een</p>"), document('<p style="break-after: page">twee</p><p>drie</p>')]
    assert [text.strip() for text in text_of(merge_pdfs(parts))] == ["een", "twee", "drie"]
    with pytest.raises(ValueError):
        merge_pdfs([])


@pytest.mark.parametrize(
    "text", ["https://stage.example/k/7HQK-2M9C", "Zoë & 't Hoekje €", "x" * 300]
)
def test_qr_code_is_read_back_from_paper(text):
    data = document(f'<img alt="Code" style="width: 6cm" src="{qr_data_uri(text)}">')
    opened = pypdfium2.PdfDocument(data)
    codes = zxingcpp.read_barcodes(opened[0].render(scale=3).to_pil())
    opened.close()
    assert [code.text for code in codes] == [text]
    assert "M" in str(codes[0].ec_level)


def test_qr_is_dark_on_white_and_refuses_what_does_not_fit():
    assert 'fill="white"' in qr_svg("x")
    assert "style=" not in qr_svg("x")
    for text in ("", "x" * 3000):
        with pytest.raises(ValueError):
            qr_svg(text)
