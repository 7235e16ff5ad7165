"""Routes of pages that span apps."""

from stage.web.routes import entrance, home

app_name = "web"
urlpatterns = [*home.urlpatterns, *entrance.urlpatterns]
