"""Routes of pages that span apps."""

from stage.schools import urls as people
from stage.web.routes import entrance, home

app_name = "web"
urlpatterns = [*home.urlpatterns, *entrance.urlpatterns, *people.urlpatterns]
