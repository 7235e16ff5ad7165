"""stand-in"""

from django.http import HttpResponse

from stage.core.access import EVERY_ROLE, allow, public


@allow(*EVERY_ROLE)
def home(request):
    return HttpResponse("home")


@public("log-in")
def login(request):
    return HttpResponse("login")


@public("link")
def link_open(request, token):
    return HttpResponse("x")
