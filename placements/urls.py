"""Routes of the app."""

from placements.routes import matching

app_name = "placements"
urlpatterns = matching.urlpatterns
