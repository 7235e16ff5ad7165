"""Where everybody starts after logging in."""

from django.http import HttpResponse

from stage.core.access import EVERY_ROLE, allow


@allow(*EVERY_ROLE)
def home(request):
    return HttpResponse("home")
