"""Papers of a company: the poster with the code that students scan."""

from __future__ import annotations

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from companies.models import Location
from stage.core.ui.qr import qr_data_uri
from stage.core.who.codes import group_code


def poster_address(location: Location) -> str:
    """The absolute address in the poster's code, opened by the camera of any phone."""
    try:
        path = reverse("attendance:scan_open", args=[location.poster_code])
    except NoReverseMatch:
        # The page is another app's, above this one, and need not be there.
        path = f"/aanwezig/scan/{location.poster_code}/"
    return settings.SITE_URL + path


def poster_pdf(location: Location) -> bytes:
    """One A4 to hang at the entrance: the code large, the same to type, what to do."""
    # WeasyPrint takes seconds to load; pages that make no document should not wait for it.
    from stage.core.ui.pdf import render_pdf

    return render_pdf(
        "companies/poster.html",
        {
            "location": location,
            "company": location.company,
            "picture": qr_data_uri(poster_address(location)),
            "typed": group_code(location.typed_code, 3),
        },
    )
