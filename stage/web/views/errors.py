"""Pages that say something went wrong, and the way on; for the API a problem in JSON."""

from __future__ import annotations

from django.shortcuts import render
from django.views.defaults import server_error as plain_server_error

from stage.core.api.errors import concerns_api, problem
from stage.core.ui.back import page_before
from stage.core.who.policies import NotAllowed


def bad_request(request, exception):
    """400: the browser sent something no page of ours sends."""
    if concerns_api(request):
        return problem(400)
    return render(request, "400.html", status=400)


def forbidden(request, exception):
    """403, with the reason a policy gave."""
    if concerns_api(request):
        return problem(403)
    reason = str(exception) if isinstance(exception, NotAllowed) else ""
    return render(request, "403.html", {"reason": reason}, status=403)


def not_found(request, exception):
    """404, the same for what does not exist and what is not for this visitor."""
    if concerns_api(request):
        return problem(404)
    return render(request, "404.html", status=404)


def server_error(request):
    """500, without anything that could fail again."""
    if concerns_api(request):
        return problem(500)
    return plain_server_error(request, template_name="500.html")


def csrf_failure(request, reason=""):
    """403 of a form that stood open too long, or came from elsewhere."""
    return render(request, "csrf.html", status=403)


def conflict(request, exception):
    """409: somebody else was first; says what is so now.

    htmx swaps no errors, so a fragment's request is told to put the message where messages stand.
    """
    context = {"message": str(exception), "back_url": page_before(request)}
    if getattr(request, "htmx", False):
        response = render(request, "web/_conflict.html", context, status=422)
        response["HX-Retarget"] = "#notices"
        response["HX-Reswap"] = "outerHTML"
        return response
    return render(request, "409.html", context, status=409)
