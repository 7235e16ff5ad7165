"""Routes of the app."""

from placements.routes import agreements, matching

app_name = "placements"
urlpatterns = [*matching.urlpatterns, *agreements.urlpatterns]
