"""The page of a form says by its status whether it came back."""

import pytest
from django.test import RequestFactory

from stage.core.ui.form_page import form_page


@pytest.mark.parametrize(
    ("method", "refused", "status"),
    [
        ("get", None, 200),
        ("head", None, 200),
        ("post", None, 422),
        ("post", False, 200),  # opened with the rows that were ticked on a list
        ("post", True, 422),
    ],
)
def test_what_comes_back_is_refused(method, refused, status):
    request = getattr(RequestFactory(), method)("/")
    response = form_page(request, "ui/htmx.html", {}, refused=refused)
    assert response.status_code == status
