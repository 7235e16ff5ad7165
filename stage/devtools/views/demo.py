"""Pages of the demo: the mailbox and the log-ins. Their routes exist only where the demo runs."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from stage.core.ui.filters import Filters, Text, reads
from stage.core.who.access import public
from stage.devtools import mailbox
from stage.devtools import showing as demo

REASON = "the demo only: without it these routes do not exist"


class MailFilters(Filters):
    """Words of a mail."""

    q = Text()


@public(REASON)
@reads(MailFilters)
def demo_mailbox(request):
    """Everything the mail server of the demo received, newest first."""
    query = request.filters.chosen["q"]
    mails = mailbox.newest(settings.VAR_DIR / "mail", query=query)
    return render(request, "devtools/demo_mailbox.html", {"mails": mails, "q": query})


@public(REASON)
def demo_mail(request, name):
    """One mail, as text, with links one can follow and its attachments."""
    mail = mailbox.read(settings.VAR_DIR / "mail", name)
    if mail is None:
        raise Http404
    guardians = demo.guardians(mail.to) if mail.to else []
    return render(request, "devtools/demo_mail.html", {"mail": mail, "guardians": guardians})


@public(REASON)
def demo_attachment(request, name, number):
    """An attachment, always as a download."""
    found = mailbox.attachment(settings.VAR_DIR / "mail", name, number)
    if found is None:
        raise Http404
    filename, content = found
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


@public(REASON, methods=("GET", "POST"))
def demo_logins(request):
    """Log-ins of every role with the code of now; POST makes a student a fresh card."""
    card = None
    if request.method == "POST":
        found = demo.fresh_card(request.POST.get("student", ""))
        if found is None:
            return redirect("devtools:demo_logins")
        student, code = found
        card = {
            "student": student,
            "code": code,
            "url": reverse("web:card_open", args=[code]),
            "birthday": student.birth_date,
        }
    context = {
        "logins": demo.logins(),
        "students": demo.students(),
        "guardians": demo.guardians(),
        "password": settings.DEMO_PASSWORD,
        "card": card,
    }
    return render(request, "devtools/demo_logins.html", context)
