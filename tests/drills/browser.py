"""A browser over real HTTP, with the cookies of somebody who is logged in."""

from __future__ import annotations

import re

import requests
from django.test import Client

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
INPUT = re.compile(r"<input\b[^>]*>")
ATTRIBUTE = re.compile(r'(\w+)(?:="([^"]*)")?')


def fields_of(text: str) -> dict[str, str]:
    """What the inputs of a page hold, boxes that are not ticked left out."""
    found = {}
    for tag in INPUT.findall(text):
        values = dict(ATTRIBUTE.findall(tag))
        is_off = values.get("type") in ("checkbox", "radio") and "checked" not in values
        if values.get("name") and not is_off:
            found[values["name"]] = values.get("value", "on")
    return found


class Browser:
    """Keeps every status it was answered, 0 where the line broke."""

    def __init__(self, url: str, client: Client) -> None:
        self.url = url
        self.statuses: list[int] = []
        self.session = requests.Session()
        # A line of its own each time: one to a killed process would be broken.
        self.session.headers.update({"Referer": url, "Connection": "close"})
        for name, morsel in client.cookies.items():
            self.session.cookies.set(name, morsel.value)
        self.token = ""

    @property
    def errors(self) -> int:
        """Answers of 500 and more."""
        return sum(status >= 500 for status in self.statuses)

    def get(self, path: str) -> requests.Response | None:
        return self._ask("get", path)

    def post(self, path: str, data: dict | None = None, *, form: str = "", files=None):
        """Send, after opening the page with the form when it is named or no token is known."""
        if not self.token or form:
            page = self.get(form or path)
            found = TOKEN.search(page.text if page is not None else "")
            self.token = found.group(1) if found else self.token
        data = {"csrfmiddlewaretoken": self.token, **(data or {})}
        return self._ask("post", path, data=data, files=files, allow_redirects=False)

    def _ask(self, verb: str, path: str, **values) -> requests.Response | None:
        try:
            answer = getattr(self.session, verb)(self.url + path, timeout=30, **values)
        except requests.RequestException:
            self.statuses.append(0)
            return None
        self.statuses.append(answer.status_code)
        return answer
