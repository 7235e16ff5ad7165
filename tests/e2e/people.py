"""A person with a browser: what they see and press."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, Locator, expect

from tests.e2e.mailbox import code_in, link_in

MONTHS = "januari februari maart april mei juni juli augustus september oktober november december"
AXE = Path(__file__).resolve().parents[2] / "var/npm/node_modules/axe-core/axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Where pictures go, when somebody wants to look at them.
PICTURES = os.environ.get("E2E_PICTURES")

# A worker may have to do something first, on a machine that is busy.
expect.set_options(timeout=20_000)

PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True}
DESK = {"viewport": {"width": 1280, "height": 900}}


class Person:
    """Somebody in one browser context. Everything goes by what a person can see.

    What the hands do stands apart (`activate`, `type_in`, `select`, `check`, `attach`), so that
    somebody may do it in another way.
    """

    # Whether axe looks at each page that is looked at.
    axe = True

    def __init__(self, name: str, stack, browser: Browser, *, phone: bool = False):
        self.name = name
        self.stack = stack
        self.context = browser.new_context(
            **(PHONE if phone else DESK), locale="nl-NL", timezone_id="Europe/Amsterdam"
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.errors: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("response", self._response)
        self.page.on("request", self._request)

    def _console(self, message) -> None:
        # Chromium also reports the 422 of a form with an error in the console.
        if message.type == "error" and "status of 4" not in message.text:
            self.errors.append(f"{self.page.url}: {message.text}")

    def _response(self, response) -> None:
        if response.status >= 500:
            self.errors.append(f"{response.status} {response.url}")

    def _request(self, request) -> None:
        ours = request.url.startswith((self.stack.url, "data:", "blob:"))
        if not ours:
            self.errors.append(f"third party: {request.url}")

    def close(self) -> None:
        self.context.close()

    # --- moving about -----------------------------------------------------------------------

    def open(self, address: str) -> None:
        url = address if address.startswith("http") else self.stack.url + address
        answer = self.page.goto(url)
        assert answer is not None
        assert answer.status < 400, f"{answer.status} {url}"

    # --- what hands do ----------------------------------------------------------------------

    def push(self, target: Locator) -> None:
        """Press it, and wait for nothing."""
        target.click()

    def activate(self, target: Locator) -> None:
        """Press a link, a button or the title of a part that is folded away."""
        self.push(target)
        self.page.wait_for_load_state()

    def type_in(self, box: Locator, value: str) -> None:
        """A text, number, date (ISO) or time (24 hours) instead of what stood there."""
        box.fill(value)

    def select(self, box: Locator, text: str) -> None:
        """The option of a select with exactly this text."""
        box.select_option(label=text)

    def check(self, box: Locator) -> None:
        """A checkbox or radio; choice cards hide the input behind the label."""
        box.check(force=True)

    def attach(self, box: Locator, path: Path) -> None:
        box.set_input_files(str(path))

    # --- by the words on the page -----------------------------------------------------------

    def control(self, name: str, *, within: Locator | None = None) -> Locator:
        """The buttons and links in sight with this name."""
        pattern = re.compile(name, re.I)
        part = within or self.page.locator("body")
        found = part.get_by_role("button", name=pattern).or_(part.get_by_role("link", name=pattern))
        return found.filter(visible=True)

    def press(self, name: str, *, nth: int = 0, within: Locator | None = None) -> None:
        """Press a button or link by its name."""
        self.activate(self.control(name, within=within).nth(nth))

    def press_if_asked(self, name: str) -> None:
        """Press it where it stands: some are led past it."""
        if self.control(name).count():
            self.press(name)

    def field(self, label: str) -> Locator:
        # A label's text may end in white space, as it is laid out.
        label = re.sub(r"\$$", r"\\s*$", label)
        return self.page.locator("main").get_by_label(re.compile(label, re.I)).first

    def fill(self, label: str, value: str) -> None:
        self.type_in(self.field(label), value)

    def choose(self, label: str, value: str) -> None:
        """An option of a select, by its text."""
        box = self.field(label)
        texts = box.locator("option").all_inner_texts()
        self.select(box, next(t for t in texts if re.search(value, t, re.I)))

    def options(self, label: str, *, within: Locator | None = None) -> Locator:
        """Checkboxes and radios by their label, in the order of the page."""
        pattern = re.compile(label, re.I)
        part = within or self.page.locator("body")
        return part.get_by_role("checkbox", name=pattern).or_(
            part.get_by_role("radio", name=pattern)
        )

    def tick(self, label: str, *, nth: int = 0, within: Locator | None = None) -> None:
        """A checkbox or radio by its label."""
        self.check(self.options(label, within=within).nth(nth))

    def sees(self, text: str) -> None:
        expect(self.page.locator("body")).to_contain_text(re.compile(text, re.I))

    def upload(self, label: str, path: Path) -> None:
        self.attach(self.page.get_by_label(re.compile(label, re.I)).first, path)

    def download(self, name: str) -> bytes:
        """Press what downloads a file and give its bytes."""
        with self.page.expect_download() as waiting:
            self.push(self.control(name).first)
        return Path(waiting.value.path()).read_bytes()

    def fetch(self, name: str) -> bytes:
        """What is behind a link, with this person's cookies; for what a browser would show."""
        link = self.page.get_by_role("link", name=re.compile(name, re.I)).first
        answer = self.context.request.get(self.stack.url + link.get_attribute("href"))
        assert answer.ok, f"{answer.status} {answer.url}"
        return answer.body()

    def go(self, name: str, *, nth: int = 0) -> None:
        """Follow a link by the words on it, wherever it stands on the page."""
        found = self.page.locator("main").get_by_role("link", name=re.compile(name, re.I))
        self.activate(found.filter(visible=True).nth(nth))

    def unfold(self, title: str) -> None:
        """Open a part of the page that is folded away."""
        part = self.page.locator("details", has=self.page.get_by_text(re.compile(title, re.I)))
        if part.first.get_attribute("open") is None:
            self.activate(part.first.locator("summary"))

    def refused(self, address: str, status: int) -> None:
        """Opening this gives the page that says no, and nothing else."""
        url = address if address.startswith("http") else self.stack.url + address
        answer = self.page.goto(url)
        assert answer is not None
        assert answer.status == status, f"{answer.status} {url}"

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.stack.url)

    # --- looking ----------------------------------------------------------------------------

    def check_access(self) -> None:
        """Nothing on this page breaks WCAG 2.2 AA, as far as axe can see."""
        self.page.wait_for_load_state()
        self.page.evaluate(AXE.read_text() + "; null")
        found = self.page.evaluate(
            "levels => axe.run(document, {runOnly: levels, resultTypes: ['violations']})", LEVELS
        )
        said = [
            f"{rule['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]
        assert said == [], f"{self.page.url}\n" + "\n".join(said)

    def look(self, picture: str) -> None:
        """Check the page that stands there, and take its picture when pictures are wanted."""
        if PICTURES:
            target = Path(PICTURES) / f"{picture}.png"
            self.page.screenshot(path=str(target), full_page=True)
        width = self.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert width[0] <= width[1], f"{self.page.url} is {width[0]} wide on {width[1]}"
        if self.axe:
            self.check_access()

    # --- getting in -------------------------------------------------------------------------

    def log_in_as_staff(self, email: str, password: str, code: str) -> None:
        self.open("/accounts/login/")
        self.fill("e-mail", email)
        self.fill("wachtwoord", password)
        self.press("^log in|inloggen|verder")
        if self.page.url.endswith("/2fa/authenticate/") or "authenticate" in self.page.url:
            self.fill("code", code)
            self.press("inloggen|verder|bevestig")

    def past_explanation(self, picture: str = "") -> None:
        """The first log-in is led through an explanation; others are not."""
        if "/uitleg" not in self.path:
            return
        if picture:
            self.look(picture)
        self.press("^begin|ga verder")

    def follow_mail(self, email: str, subject: str, *, after: int = 0) -> None:
        """Open the link of a mail and, if asked, prove to read the mailbox."""
        mail = self.stack.mailbox.wait_for(email, subject, after=after)
        self.open(link_in(mail))

    def prove_mailbox(self, email: str, *, child_born: date | None = None) -> None:
        """On the page behind a link: ask for the code and type it; a guardian's first time with
        the child's birthday."""
        before = self.stack.mailbox.count(email, "code")
        self.press("code")
        mail = self.stack.mailbox.wait_for(email, "code", after=before)
        self.fill("code", code_in(mail))
        if child_born:
            self.choose("^dag", f"^{child_born.day}$")
            self.choose("^maand", MONTHS.split()[child_born.month - 1])
        self.press("verder|bevestig|ga door|log in")
