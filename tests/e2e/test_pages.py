"""Every page, for everybody who may see it: reachable, whole from 320 to 1920 px, accessible.

Axe looks at 390 and 1280 px, light and dark.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache

import pytest

from stage.core.who.access import registry
from tests.e2e.access import faults_for_hands, faults_for_keys
from tests.e2e.crawl import LARGE_TEXT, NEXT_FRAME, USUAL_TEXT, WIDTHS, Looker, Reach, reach
from tests.e2e.people import AXE

# A coordinator has as many pages as all others: with two workers each takes half.
HALF = pytest.mark.xdist_group("pages of a coordinator")
ROLES = (
    "coordinator",
    "anonymous",
    "teacher",
    "student",
    "bureau",
    "operator",
    "contact",
    "supervisor",
    "guardian",
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = {"type": "rule", "values": ["color-contrast"]}
LOOKED_AT = ("phone", "desk")
# Routes with a GET that no page of the product shows as a page, and why.
NO_PAGE = {
    "schools:student_export": "a download",
    "schools:import_sample": "a download",
    "schools:import_rest": "a download",
    "web:file_open": "a stored file",
    "web:file_thumbnail": "a picture inside a page",
    "schools:filter_open": "goes on to a list",
    "schools:import_progress": "JSON for a progress bar",
    "schools:import_show": "exists only after a sheet was sent; tests/web/test_imports.py",
    "web:health": "text for the machine that watches",
    "web:favicon": "a picture",
    "web:manifest": "JSON for the browser",
    "web:service_worker": "a script",
    "web:queue_key": "a few words for a script",
    "web:offline": "shown by the service worker; tests/web",
    "devtools:demo_mailbox": "the demo's own mailbox, no page of the product",
    "devtools:demo_mail": "the demo's own mailbox, no page of the product",
    "devtools:demo_attachment": "the demo's own mailbox, no page of the product",
    "devtools:style_guide": "the components by themselves; tests/core/test_style.py",
    "web:staff_welcome": "only right after a mailed code; tests/e2e walk it",
    "companies:company_export": "a download",
    "companies:campaign_progress": "JSON for a progress bar",
    "companies:poster_print": "a PDF",
    "web:agenda_feed": "for a calendar program; tests/web/test_agenda.py",
    "schools:card_file": "a PDF",
    "agreements:agreement_pdf": "a PDF",
    "attendance:list_export": "a download",
    "attendance:list_paper": "a download",
}
# Pages that stand only in a moment the demo does not hold, and what walks them instead.
ONLY_THEN = {
    "companies:left": "right after somebody left; tests/companies/test_leaving.py",
    "placements:one_call": "when a company was asked for one student; tests/placements",
    "placements:own_company_withdraw": "while it waits; tests/placements/test_own_company.py",
    "agreements:agreement_open": "out of a mail; tests/placements/test_one_code.py",
    "agreements:agreement_refuse": "when it is my turn; tests/placements/test_refusals.py",
    "agreements:agreement_stranger": "when it is my turn; tests/placements/test_refusals.py",
    "agreements:stranger_told": "right after that; tests/placements/test_refusals.py",
    "agreements:refusal_settle": "after somebody said no; tests/placements/test_refusals.py",
    "agreements:late_guardian": "after a parent was added; tests/placements",
    "agreements:unsigned_start": "under sixteen, unsigned; tests/placements/test_unsigned.py",
    "placements:change_list": "when more than one asks; tests/placements/test_changes.py",
    "placements:period_follow": "when a period changed; tests/placements",
    "placements:period_job": "while a worker does many; tests/placements",
    "placements:period_progress": "while a worker does many; tests/placements",
    "schools:bureau_colleague_end": "with two people at a bureau; tests/web/test_joining.py",
    "schools:first_withdraw": "while somebody is invited; tests/web/test_operator.py",
    "schools:stand_in_change": "while somebody stands in; tests/placements/test_stand_ins.py",
    "schools:stand_in_end": "while somebody stands in; tests/placements/test_stand_ins.py",
    "web:colour_css": "a stylesheet of a colour; tests/web/test_settings.py",
    "web:match_start": "leads to the board",
    "web:student_stage": "leads to the placement or the search",
    "web:link_asked": "right after asking for a link; tests/web/test_links.py",
    "schools:card_sheet": "after cards were made; tests/e2e/steps/choosing.py",
    "schools:card_screen": "after one card was made; tests/web/test_getting_in.py",
    "companies:letter_text_show": "after a letter was kept; tests/companies",
    "companies:letter_text_edit": "after a letter was kept; tests/companies",
    "companies:letter_text_share": "after a letter was kept; tests/companies",
    "companies:letter_text_remove": "after a letter was kept; tests/companies",
    "schools:card_print": "the answer to a choice of students; tests/web",
    "web:role_switch": "for who has two roles; tests/web",
    "schools:period_remove": "while nothing hangs on a period; tests/web/test_periods.py",
    "web:group_remove": "while nothing hangs on a group; tests/web",
    "attendance:code_show": "on a day of work; tests/attendance/test_shown.py",
    "attendance:code_scanned": "behind a code of a minute; tests/attendance/test_shown.py",
    "attendance:screen": "on a company's tablet; tests/e2e/test_screen.py",
    "attendance:screen_list": "from today's page; tests/e2e/test_screen.py",
    "attendance:scan_typed": "on a day of work; tests/attendance",
    "attendance:check_in_done": "when the demo's student is in; tests/e2e walk it",
    "attendance:flags": "when something is odd; tests/attendance",
    "attendance:check_in_wrong": "when somebody is in; tests/attendance/test_wrong_check_in.py",
    "attendance:check_out_correct": "where a day's end is asked; tests/attendance/test_going.py",
    "attendance:company_check_out": "where a day's end is asked; tests/attendance/test_going.py",
    "attendance:dispute_list": "when a company says less; tests/attendance/test_disputes.py",
    "attendance:unconfirmed_list": "after two silent weeks; tests/attendance/test_phoned.py",
    "attendance:unconfirmed_confirm": "after two silent weeks; tests/attendance/test_phoned.py",
    "attendance:report_answer": "after a report; tests/attendance/test_report_answers.py",
    "placements:application_answer": "after an answer; tests/web/test_student_cards.py",
    "attendance:absence_change": "after days were told ahead; tests/attendance/test_periods.py",
    "attendance:dispute_answer": "when a company says less; tests/attendance/test_disputes.py",
    "attendance:company_absence": "on a day of work; tests/attendance",
    "assessments:assessment_show": "after a judgement; tests/assessments",
    "assessments:evidence_remove": "after a picture was added; tests/assessments",
    "companies:department_edit": "when a company has departments; tests/companies",
    "companies:department_remove": "when a company has departments; tests/companies",
    "companies:note_remove": "after a note; tests/companies",
    "companies:nomination_show": "after somebody named one; tests/companies/test_nominations.py",
    "companies:doubles_compare": "when two are alike; tests/companies/test_doubles.py",
    "companies:doubles_merge": "when two are alike; tests/companies/test_doubles.py",
    "companies:doubles_undo": "when two were merged; tests/companies/test_doubles.py",
    "agreements:agreement_freeze": "when all parts are right; tests/placements",
    "agreements:agreement_sign": "when it is my turn; tests/placements",
    "agreements:signature_paper": "when it is their turn; tests/placements",
}
FACTS = """() => ({
    h1: document.querySelectorAll("h1").length,
    title: document.title.trim(),
    lang: document.documentElement.lang,
})"""
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
# What sticks out of the page, or is cut off by the box it stands in.
LOST = """() => {
    const wide = document.documentElement.scrollWidth - innerWidth;
    const cut = [...document.querySelectorAll("body :not(input)")].filter(e => {
        const style = getComputedStyle(e);
        const hides = ["hidden", "clip"].includes(style.overflowX) && style.clipPath === "none";
        return hides && e.checkVisibility() && e.scrollWidth > e.clientWidth + 1;
    });
    const bar = document.querySelector(".bottom-bar");
    const labels = [...(bar?.querySelectorAll("a > span") ?? [])].filter(e =>
        e.scrollWidth > e.clientWidth + 1 || e.getBoundingClientRect().right > innerWidth);
    return [
        ...(wide > 0 ? [`${wide} px too wide`] : []),
        ...[...cut, ...labels].map(e => "cut off: " + e.outerHTML.slice(0, 120)),
    ];
}"""
# The order of headings is no rule of WCAG, but people who listen walk by it.
CHECK = """rules => axe.run(document, {
    runOnly: rules,
    rules: Array.isArray(rules) ? {"heading-order": {enabled: true}} : {},
    resultTypes: ["violations"],
}).then(r => r.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => [
        n.html.slice(0, 160),
        // What axe saw: the two colours, the sizes.
        ...n.any.map(check => check.message),
    ].join(" ")).join(" | ")))"""


@pytest.fixture(scope="session")
def reachable(stack, crowd, browser) -> Callable[[str], Reach]:
    """The pages a role can reach, one per URL name; looked for when first asked."""

    @cache
    def of(role: str) -> Reach:
        people = crowd["people"][role]
        return reach(browser, stack.url, role, people, secrets_of(role, crowd))

    return of


@pytest.mark.parametrize("role", [pytest.param("coordinator", marks=HALF), *ROLES[1:]])
def test_every_page_is_whole_and_accessible(role, stack, browser, reachable):
    looker = Looker(browser, stack.url, bypass_csp=True)
    found = reachable(role)
    wrong = list(found.broken)
    wrong += [fault for page in found.pages for fault in faults_of(looker, page)]
    looker.close()
    sys.stdout.write(
        f"{role}: {len(found.pages)} pages at {len(WIDTHS)} widths, {len(wrong)} faults\n"
    )
    assert not wrong, "\n".join(wrong)


def test_students_pages_hold_on_small_phones_and_in_large_letters(stack, browser, reachable):
    looker = Looker(browser, stack.url, bypass_csp=True)
    wrong = [fault for page in reachable("student").pages for fault in lost_on(looker, page)]
    looker.close()
    assert len(reachable("student").pages) > 10
    assert not wrong, "\n".join(wrong)


def lost_on(looker: Looker, found) -> list[str]:
    """What does not fit: at 320 px, and with letters twice as large."""
    page = looker.open(found)
    looker.letters(USUAL_TEXT)
    looker.resize("narrow")
    wrong = [f"320 px: {lost}" for lost in page.evaluate(LOST)]
    looker.resize("phone")
    looker.letters(LARGE_TEXT)
    wrong += [f"letters at 200 %: {lost}" for lost in page.evaluate(LOST)]
    looker.letters(USUAL_TEXT)
    return [f"{found}: {fault}" for fault in wrong]


def secrets_of(role: str, crowd: dict) -> dict[str, str]:
    """Pages that are reached by a printed code or a mailed link, for who holds one."""
    return {
        name: path
        for name, path in crowd["secret"].items()
        if role == ("student" if name.startswith("attendance:") else "anonymous")
    }


def faults_of(looker: Looker, found) -> list[str]:
    """What is wrong with one page, in words."""
    page = looker.open(found)
    wrong = list(looker.errors)
    facts = page.evaluate(FACTS)
    if facts["h1"] != 1:
        wrong.append(f"{facts['h1']} h1")
    if not facts["title"] or facts["lang"] != "nl":
        wrong.append(f"title {facts['title']!r}, lang {facts['lang']!r}")
    page.add_script_tag(path=str(AXE))
    for width in WIDTHS:
        looker.resize(width)
        if (excess := page.evaluate(TOO_WIDE)) > 0:
            wrong.append(f"{width}: {excess} px too wide")
        if width in LOOKED_AT:
            looker.whole()
            wrong += [f"{width}: {violation}" for violation in page.evaluate(CHECK, RULES)]
            # In the dark only the colours differ.
            page.emulate_media(color_scheme="dark")
            page.evaluate(NEXT_FRAME)
            wrong += [f"{width}, dark: {v}" for v in page.evaluate(CHECK, COLOURS)]
            page.emulate_media(color_scheme="light")
            looker.resize(width)
        if width == "phone":
            wrong += faults_for_hands(page)
    wrong += faults_for_keys(page)
    return [f"{found}: {fault}" for fault in wrong]


def test_every_page_of_the_product_can_be_reached(reachable):
    seen = {page.name for role in ROLES for page in reachable(role).pages}
    wanted = {
        name
        for name, route in registry().items()
        if route.access
        and "GET" in route.access.methods
        and name not in NO_PAGE | ONLY_THEN
        # For programs; people read what there is to ask on `api:read`.
        and (not name.startswith("api:") or name == "api:read")
    }
    missing = wanted - seen
    assert not missing, "no link leads to " + ", ".join(sorted(missing))
    untrue = set(NO_PAGE) & seen
    assert not untrue, "reasons that are no longer true: " + ", ".join(sorted(untrue))
