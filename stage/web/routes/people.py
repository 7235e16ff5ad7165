"""Students, classes, colleagues and the school's settings."""

urlpatterns: list = []
