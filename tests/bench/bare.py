"""The floor of a request: a session is read, one row inserted, a redirect answered.

Served by the same server with the same number of workers, on the same engine.
"""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpResponseRedirect
from django.urls import path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.bare_settings"


def insert(request):
    """Read the session and insert a row, in the transaction of the request."""
    who = request.session["_auth_user_id"]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_row (who, at) VALUES (%s, now())", [who])
    return HttpResponseRedirect("/done/")


urlpatterns = [path("insert/", insert)]
application = get_wsgi_application()
