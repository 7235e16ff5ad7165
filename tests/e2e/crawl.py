"""Finds every page a person can reach by links, and opens them one by one in a browser."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import APIRequestContext, Browser, BrowserContext, Page

LINK = re.compile(r"""<a\b[^>]*?\bhref="([^"]+)\"""", re.I)
# Files, logs, the demo's own mailbox and style guide: no pages of the product.
IGNORED = re.compile(r"^/(static|media|demo/postbus|stijl|health)\b")
WAYS_OUT = ("web:log_out", "account_logout", "devtools:style_guide")
# Of one kind of page a few are read for their links, since not every company has a department.
READ_PER_NAME = 6
NEXT_FRAME = """() => new Promise(done =>
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 30))))"""
WIDTHS = {"narrow": 320, "phone": 390, "desk": 1280, "wide": 1920}
USUAL_TEXT, LARGE_TEXT = 16, 32  # pixels, as set in the browser


@dataclass
class Found:
    """One page: who sees it, its URL name and path, and where it was linked from."""

    role: str
    name: str
    path: str
    source: str
    cookies: list = field(repr=False, default_factory=list)

    def __str__(self) -> str:
        return f"{self.role} {self.name} {self.path} (from {self.source})"


def name_of(path: str) -> str:
    """The URL name of a path; empty when there is none."""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


@dataclass
class Reach:
    """What one role reaches: a page per URL name, and links that lead nowhere."""

    pages: list[Found]
    broken: list[str]


def reach(browser: Browser, base: str, role: str, people: list, also: dict) -> Reach:
    """What people of a role reach from their home page.

    `also`: URL name -> address nobody links to. What is not html is left out.
    """
    broken: list[str] = []
    found: dict[str, Found] = {}
    for cookies in people:
        context = _context(browser, cookies)
        starts = [Found(role, name_of(p), p, "-", cookies) for p in _starts(role)]
        starts += [Found(role, n, p, "a secret", cookies) for n, p in also.items()]
        for page in _walk(context.request, base, starts, broken):
            found.setdefault(page.name, page)
        context.close()
    return Reach(list(found.values()), broken)


def _starts(role: str) -> list[str]:
    return ["/inloggen/"] if role == "anonymous" else ["/"]


def _walk(
    request: APIRequestContext, base: str, starts: list[Found], broken: list[str]
) -> Iterator[Found]:
    """Breadth first over links by plain requests, which is many times quicker than a browser."""
    queue, seen, read = deque(starts), {s.path for s in starts}, {}
    while queue:
        page = queue.popleft()
        if read.get(page.name, 0) >= READ_PER_NAME:
            continue
        read[page.name] = read.get(page.name, 0) + 1
        answer = request.get(base + page.path, max_redirects=5)
        if answer.status >= 400:
            broken.append(f"{answer.status}: {page}")
        elif "text/html" in answer.headers.get("content-type", ""):
            path = answer.url.removeprefix(base)
            yield Found(page.role, name_of(path), path, page.source, page.cookies)
            for link in _links(base, path, answer.text()):
                if link not in seen:
                    seen.add(link)
                    queue.append(Found(page.role, name_of(link), link, path, page.cookies))


def _links(base: str, path: str, html: str) -> Iterator[str]:
    for href in LINK.findall(html):
        url = urldefrag(urljoin(base + path, unescape(href)))[0]
        if not url.startswith(base + "/"):
            continue
        link = url.removeprefix(base)
        if not IGNORED.match(link) and name_of(link) not in WAYS_OUT:
            yield link


def _context(browser: Browser, cookies: list, **options) -> BrowserContext:
    context = browser.new_context(
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
        service_workers="block",
        reduced_motion="reduce",
        **options,
    )
    if cookies:
        context.add_cookies(cookies)
    return context


class Looker:
    """Opens pages; one browser context per person, in which the window is resized."""

    def __init__(self, browser: Browser, base: str, **options):
        self.browser, self.base, self.options = browser, base, options
        self.cookies: list | None = None
        self.page: Page
        self.errors: list[str] = []

    def open(self, found: Found) -> Page:
        """The page, loaded, at the width of a phone; `errors` holds what the console said."""
        if found.cookies is not self.cookies:
            self.close()
            self.cookies = found.cookies
            self.page = _context(self.browser, found.cookies, **self.options).new_page()
            self.page.on("console", self._console)
            self.page.on("pageerror", lambda error: self.errors.append(str(error)))
            self.page.on("request", self._request)
        self.errors.clear()
        self.resize("phone")
        answer = self.page.goto(self.base + found.path)
        if answer is None or answer.status >= 400:
            self.errors.append(f"status {answer and answer.status}")
        return self.page

    def resize(self, width: str) -> None:
        height = 844 if WIDTHS[width] < 600 else 900
        self.page.set_viewport_size({"width": WIDTHS[width], "height": height})
        # The new width reaches the styles with the next frame.
        self.page.evaluate(NEXT_FRAME)

    def whole(self) -> None:
        """A window as high as the page: a bar that stays in sight lies over nothing then.

        What it covers at one moment of scrolling depends on how long the texts above it are.
        """
        height = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({**self.page.viewport_size, "height": height})
        self.page.evaluate(NEXT_FRAME)

    def letters(self, pixels: int) -> None:
        """The size of text that somebody set in their browser; styles in rem and em follow it."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("Page.setFontSizes", {"fontSizes": {"standard": pixels}})
        self.page.evaluate(NEXT_FRAME)

    def _request(self, request) -> None:
        if not request.url.startswith((self.base + "/", "data:", "blob:")):
            self.errors.append(f"third party: {request.url}")

    def _console(self, message) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def close(self) -> None:
        if self.cookies is not None:
            self.page.context.close()
        self.cookies = None
