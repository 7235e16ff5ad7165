"""A person without a mouse: everything by Tab, arrows, Space, Enter and typing."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.e2e.people import Person

# More presses than any page needs; a trap would use them all.
MOST_PRESSES = 150

# Where the focus stands, seen from the control that is wanted: on it, on another answer of the
# same question, or before or after it on the page; and on what.
WHERE = """wanted => {
  const now = document.activeElement;
  const what = (now?.outerHTML ?? "").slice(0, 120);
  if (now === wanted) return ["here", what];
  if (!now || now === document.body) return ["nowhere", what];
  const radios = now.type === "radio" && wanted.type === "radio";
  if (radios && now.name === wanted.name && now.form === wanted.form) return ["group", what];
  const after = now.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_PRECEDING;
  return [after ? "after" : "before", what];
}"""

# Some part of what has the focus can be seen (WCAG 2.4.11); for a hidden box its label.
IN_SIGHT = """box => {
  const seen = [box, ...(box.labels ?? [])];
  return seen.some(part => {
    const { left, right, top, bottom } = part.getBoundingClientRect();
    const across = [left + 4, (left + right) / 2, right - 4];
    const down = [top + 4, (top + bottom) / 2, bottom - 4];
    return across.some(x => down.some(y => {
      const hit = document.elementFromPoint(x, y);
      return hit && seen.some(one => one.contains(hit));
    }));
  });
}"""

LEADS_AWAY = """pressed => {
  if (pressed.matches("[data-dialog]")) return false;
  // htmx changes the page it stands on.
  if (pressed.closest("[hx-get], [hx-post]")) return false;
  if (pressed.matches("a")) return !pressed.getAttribute("href").startsWith("#");
  return pressed.matches("button") && pressed.type === "submit" && pressed.form !== null;
}"""


class KeyboardPerson(Person):
    """Uses a keyboard and nothing else. Where the focus cannot get, this person does not get."""

    # Each page of the path was looked at by axe in the story that goes by hand.
    axe = False
    presses = 0

    def __init__(self, *words, **settings):
        super().__init__(*words, **settings)
        # The browser is asked for its question about a file before the key is pressed.
        self.page.on("filechooser", lambda _question: None)

    def key(self, name: str) -> None:
        self.presses += 1
        self.page.keyboard.press(name)

    def reach(self, wanted: Locator) -> None:
        """Tab, or Shift and Tab for what stands before, until the focus is there and in sight.

        Of a question with radios any answer will do: arrows go on from there.
        """
        handle = wanted.element_handle()
        passed: list[str] = []
        for _press in range(MOST_PRESSES):
            where, what = handle.evaluate(WHERE)
            if where in ("here", "group"):
                assert self.page.locator(":focus").evaluate(IN_SIGHT), (
                    f"{self.page.url}: out of sight: {what}"
                )
                return
            passed.append(what)
            self.key("Shift+Tab" if where == "after" else "Tab")
        raise AssertionError(
            f"{self.page.url}: {MOST_PRESSES} times Tab never reached {wanted}; the last were\n"
            + "\n".join(passed[-6:])
        )

    def push(self, target: Locator) -> None:
        self.reach(target)
        self.key("Enter")

    def activate(self, target: Locator) -> None:
        if not target.evaluate(LEADS_AWAY):
            self.push(target)
            return
        with self.page.expect_navigation():
            self.push(target)

    def type_in(self, box: Locator, value: str) -> None:
        self.reach(box)
        kind = box.get_attribute("type")
        if kind in ("date", "time"):
            self._type_parts(box, kind, value)
            return
        self.key("Control+A")
        self.page.keyboard.type(value)
        assert box.input_value() == value

    def _type_parts(self, box: Locator, kind: str, value: str) -> None:
        """Digits into the parts of a date or time, in the order in which this browser has them."""
        if kind == "date":
            orders = [date.fromisoformat(value).strftime(way) for way in ("%d%m%Y", "%m%d%Y")]
        else:
            orders = [time.fromisoformat(value).strftime(way) for way in ("%H%M", "%I%M%p")]
        for digits in orders:
            for _part in range(3):
                self.key("ArrowLeft")
            self.page.keyboard.type(digits)
            if box.input_value() == value:
                return
        raise AssertionError(f"{self.page.url}: {value} became {box.input_value()!r}")

    def select(self, box: Locator, text: str) -> None:
        """Letters lead to the option; where two begin alike, arrows go on."""
        self.reach(box)
        chosen = "box => box.selectedOptions[0]?.textContent.trim() ?? ''"
        self.page.keyboard.type(text.strip()[:6])
        for _press in range(box.locator("option").count()):
            if box.evaluate(chosen) == text.strip():
                break
            self.key("ArrowDown")
        assert box.evaluate(chosen) == text.strip(), f"{self.page.url}: {text} cannot be chosen"
        if box.evaluate("box => box.form.matches('[data-autosubmit]')"):
            with self.page.expect_navigation():
                self.key("Enter")

    def check(self, box: Locator) -> None:
        """Space ticks a box; arrows go through the answers of a question."""
        self.reach(box)
        if not box.is_checked() and self.page.locator(":focus").evaluate(
            "(now, wanted) => now === wanted", box.element_handle()
        ):
            self.key("Space")
        for _press in range(MOST_PRESSES):
            if box.is_checked():
                return
            self.key("ArrowDown")
        raise AssertionError(f"{self.page.url}: {box} cannot be chosen")

    def attach(self, box: Locator, path: Path) -> None:
        self.reach(box)
        with self.page.expect_file_chooser() as waiting:
            self.key("Space")
        waiting.value.set_files(str(path))
        if box.get_attribute("data-photo") is not None:
            # What comes below the picture moves when it shows.
            expect(box.locator("xpath=../img")).to_be_visible()
