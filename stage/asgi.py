"""ASGI entry point; the product runs on WSGI, this is for servers that ask for it."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stage.settings.production")

application = get_asgi_application()
