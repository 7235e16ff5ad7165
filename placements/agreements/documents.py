"""The agreement on paper: in threefold, with boxes to sign in or with the page of evidence."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from placements.agreements.enums import AgreementState
from placements.agreements.queries import reading, signers
from stage.core.record import frozen
from stage.core.tenants import tenancy
from stage.schools.identity import logo_data

COPIES = {
    "school": _("Exemplaar voor de school"),
    "bedrijf": _("Exemplaar voor het bedrijf"),
    "leerling": _("Exemplaar voor de leerling"),
}


def agreement_pdf(agreement, *, only: str = "") -> bytes:
    """A tagged PDF of the three copies, or of one (`only`, a key of COPIES).

    Raises KeyError for a copy there is not.
    """
    # WeasyPrint takes seconds to load; pages that make no document should not wait for it.
    from stage.core.ui.pdf import count_pages, render_pdf

    copies = {only: COPIES[only]} if only else COPIES
    with tenancy.as_school_of(agreement), override("nl"):
        slots = signers.slots_of(agreement)
        context = {
            "copies": copies.items(),
            "agreement": agreement,
            "reading": reading.read(agreement),
            "slots": slots,
            "signed": [slot for slot in slots if slot.done],
            "is_draft": agreement.state == AgreementState.FILLING,
            "is_superseded": agreement.state == AgreementState.SUPERSEDED,
            "short_hash": frozen.short(agreement.whole_hash),
            "school_name": agreement.school.name,
            "logo_url": logo_data(agreement.school_id),
        }
        if len(copies) > 1:
            # Each copy counts its own pages: loose sheets must tell whether one is missing.
            one = {**context, "copies": [*copies.items()][:1]}
            context["pages"] = count_pages("pdf/agreement.html", one)
        return render_pdf("pdf/agreement.html", context)


def file_name(agreement) -> str:
    """What a download is called: no names, since it may be left on a shared computer."""
    return f"stageovereenkomst-{agreement.public_id}-v{agreement.version}.pdf"
