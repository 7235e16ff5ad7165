"""Routes of pages that span apps."""

from stage.web.routes import entrance, home, people

app_name = "web"
urlpatterns = [*home.urlpatterns, *entrance.urlpatterns, *people.urlpatterns]
