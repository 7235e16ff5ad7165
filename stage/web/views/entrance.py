"""stand-in"""

from django.http import HttpResponse

from stage.core.access import public


@public("log-in")
def login(request):
    return HttpResponse("login")


@public("link")
def link_open(request, token):
    return HttpResponse("x")
