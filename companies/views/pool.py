"""The pool for school and bureau: list, profile, adding and changing a company."""

from __future__ import annotations

from django.db.models import Max, Subquery
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies import history, policies, relating, services
from companies.enums import ANSWERED, Shown, Standing
from companies.filters import HERE, STATUSES, CompanyFilters
from companies.forms.pool import CompanyForm, FirstContactForm, FirstLocationForm
from companies.models import Company, Contact, Department, Invitation, Location
from companies.people import people_of
from companies.views.common import (
    STAFF,
    allowed_or_403,
    company_or_404,
)
from stage.core.enums import Audience
from stage.core.record import audit
from stage.core.ui import sections
from stage.core.ui.download import list_file
from stage.core.ui.filters import reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.ui.parts import render_page
from stage.core.who.access import allow
from stage.core.who.policies import Conflict
from stage.schools.models import Profile

TONES = {
    Shown.YES: "good",
    Shown.NO: "neutral",
    Shown.LATER: "attention",
    Shown.SENT: "info",
    Shown.QUEUED: "neutral",
    Shown.BOUNCED: "wrong",
    Shown.UNCERTAIN: "attention",
    Shown.NO_ADDRESS: "attention",
    Shown.HELD: "neutral",
}


def filtered_companies(filters: CompanyFilters):
    """The pool as the filters of the address say, in their order."""
    city = Location.objects.filter(**HERE).order_by("pk").values("city")[:1]
    rows = Company.objects.visible_to(filters.actor).present().annotate(first_city=Subquery(city))
    return filters.narrow(rows).order_by(*filters.order())


def cities_of(actor) -> list[str]:
    rows = Location.objects.visible_to(actor).exclude(city="")
    return list(rows.order_by("city").values_list("city", flat=True).distinct())


def filter_context(filters: CompanyFilters) -> dict:
    """What the filter bar shows."""
    return {
        "filters": filters.shown,
        "is_filtered": filters.is_on,
        "query": filters.query(),
        "profiles": Profile.objects.order_by("name", "pk"),
        "cities": cities_of(filters.actor),
        "statuses": STATUSES,
    }


def show_words(state: str | None) -> tuple[str, str] | None:
    """Tone and word of an invitation's state; None when it was never asked."""
    if not state:
        return None
    shown = Shown(state)
    return TONES[shown], str(shown.label)


@allow(*STAFF)
@reads(CompanyFilters, kept_as=gettext_lazy("Bedrijven"))
def company_list(request):
    filters = request.filters
    page = page_of(filtered_companies(filters), filters)
    for company in page:
        company.status = show_words(company.last_state)
        company.barred = "" if company.standing == Standing.OPEN else company.get_standing_display()
    context = {"page_obj": page, **filter_context(filters)}
    return render_page(request, "companies/list.html", context)


@allow(*STAFF)
@reads(CompanyFilters)
def company_export(request):
    """The filtered list as XLSX, or CSV with ?format=csv."""
    if request.filters.errors:
        return request.filters.page_that_says_so("companies:company_list")
    headings = [
        *(_("Naam"), _("KvK-nummer"), _("Straat"), _("Postcode"), _("Plaats"), _("E-mail")),
        *(_("Telefoon"), _("Contactpersoon"), _("E-mail contactpersoon"), _("Profielen")),
        *(_("Laatste antwoord"), _("Vragen")),
    ]
    rows = filtered_companies(request.filters).with_parts()
    table = (_export_row(company) for company in rows)
    audit.record(request.actor, "companies_exported")
    kind = request.filters.chosen["format"]
    return list_file(kind, "bedrijven", _("Bedrijven"), headings, table)


def _export_row(company: Company) -> list:
    location = next(iter(company.all_locations), None)
    contact = next(iter(company.all_contacts), None)
    words = show_words(company.last_state)
    return [
        company.name,
        company.kvk_number,
        location.street if location else "",
        location.postcode if location else "",
        location.city if location else "",
        company.email,
        company.telephone,
        contact.name if contact else "",
        contact.email if contact else "",
        ", ".join(company.profiles),
        words[1] if words else "",
        company.get_standing_display(),
    ]


@allow(*STAFF)
def company_show(request, public_id):
    company = company_or_404(request, public_id)
    if company.public_id != public_id:
        return redirect("companies:company_show", company.public_id)
    actor, here = request.actor, {"company__family_id": company.family_id}
    asked = Invitation.objects.visible_to(actor).filter(**here)
    log = relating.log_of(company, actor)[: relating.SHOWN + 1]
    return render_page(
        request,
        "companies/show.html",
        {
            "company": company,
            "sections": sections.fill("company", actor, company),
            "locations": Location.objects.filter(**here).select_related("company__merged_into"),
            "departments": Department.objects.filter(**here).select_related("location"),
            "people": people_of(company, actor),
            "may_vouch": actor.is_coordinator,
            "history": _history(asked, actor),
            "changes": history.changes(company, actor),
            "last_asked": asked.aggregate(last=Max("sent_at"))["last"],
            "standing": "" if company.standing == Standing.OPEN else company.get_standing_display,
            "may_open": not actor.is_bureau,
            "may_bar": any(
                policies.may_bar(actor, company, one) for one in Standing if one != company.standing
            ),
            "relation": relating.relation_of(company, actor),
            "may_lead": not actor.is_teacher,
            "log": relating.name_writers(log, actor),
            "log_shown": relating.SHOWN,
            "may_keep": bool(policies.may_keep_company(actor, company)),
            "profile_names": _profile_names(company),
        },
    )


def _history(asked, actor) -> list[Invitation]:
    rows = history.latest(asked, actor)
    for row in rows:
        shown = getattr(row, "shown", row.state)
        row.status = show_words(shown)
        row.may_call = shown not in ANSWERED and not row.again
    return rows


def _profile_names(company: Company) -> list[str]:
    names = dict(Profile.objects.values_list("code", "name"))
    return [names.get(code, code) for code in company.profiles]


@allow(Audience.COORDINATOR, Audience.BUREAU, methods=("GET", "POST"))
def company_add(request):
    region_id = request.actor.scope.regions[0]
    data = request.POST or None
    form = CompanyForm(data, instance=Company(region_id=region_id))
    where, who = FirstLocationForm(data), FirstContactForm(data)
    if request.method == "POST" and all([form.is_valid(), where.is_valid(), who.is_valid()]):
        contact = None
        if who.cleaned_data["contact_name"]:
            contact = Contact(
                name=who.cleaned_data["contact_name"],
                email=who.cleaned_data["contact_email"].lower(),
                roles=["contact"],
            )
        try:
            company = services.add_company(
                form.instance,
                actor=request.actor,
                location=where.save(commit=False),
                contact=contact,
            )
        except Conflict as conflict:
            form.add_error("kvk_number", str(conflict))
        else:
            notice(request, _("%(name)s staat erbij.") % {"name": company.name})
            return redirect("companies:company_show", company.public_id)
    context = {"form": form, "where": where, "who": who}
    return form_page(request, "companies/add.html", context)


@allow(Audience.COORDINATOR, Audience.BUREAU, methods=("GET", "POST"))
def company_edit(request, public_id):
    company = company_or_404(request, public_id)
    allowed_or_403(policies.may_keep_company, request.actor, company)
    form = CompanyForm(request.POST or None, instance=company)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_company(company, actor=request.actor, **form.cleaned_data)
        except Conflict as conflict:
            form.add_error("kvk_number", str(conflict))
        else:
            notice(request, _("De wijzigingen zijn bewaard."))
            return redirect("companies:company_show", company.public_id)
    return form_page(request, "companies/edit.html", {"form": form, "company": company})
