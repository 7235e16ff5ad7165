"""The supervisor confirms and judges, the teacher marks, and everybody sees the same folder."""

from __future__ import annotations

from tests.e2e.mailbox import link_in
from tests.e2e.steps.working import ASSIGNMENT
from tests.e2e.story import Story


def supervisor_gets_in(story: Story) -> None:
    """No mail at hand: ask for a link, prove the mailbox."""
    sjoerd = story.sjoerd = story.person("Sjoerd", phone=True)
    sjoerd.open("/inloggen/")
    sjoerd.look("login-choice")
    sjoerd.press("mail mij een link")
    before = story.stack.mailbox.count(story.supervisor_email, "uw link naar stage")
    sjoerd.fill("e-mail", story.supervisor_email)
    sjoerd.look("link-ask")
    sjoerd.press("mail|stuur")
    mail = story.stack.mailbox.wait_for(story.supervisor_email, "uw link", after=before)
    sjoerd.open(link_in(mail))
    sjoerd.prove_mailbox(story.supervisor_email)
    sjoerd.look("company-home")


def confirm_week(story: Story) -> None:
    """All trainees of the week on one page, one button."""
    sjoerd = story.sjoerd
    year, week, _ = story.today.isocalendar()
    sjoerd.open(f"/aanwezig/week/{year}-W{week:02}/")
    sjoerd.sees(story.noor.first)
    sjoerd.page.locator("main summary").filter(has_text="dagverslag").first.click()
    sjoerd.sees("twintig broden")
    sjoerd.look("week-confirm")
    sjoerd.press("ja, dit klopt")
    sjoerd.sees("bevestigd")
    sjoerd.look("week-confirmed")


def assess(story: Story) -> None:
    """Eight short questions; forgetting one is told, not lost."""
    sjoerd = story.sjoerd
    sjoerd.open("/leren/beoordelen/")
    sjoerd.look("assessments")
    sjoerd.press("^beoordeel")
    sjoerd.look("assess")
    sjoerd.press("geef de beoordeling")
    sjoerd.sees("kies een van de vier")
    for box in sjoerd.page.get_by_role("radio", name="Goed", exact=False).all():
        sjoerd.check(box)
    for box in sjoerd.page.locator("textarea:visible").all():
        sjoerd.type_in(box, "Noor werkt netjes en is op tijd.")
    sjoerd.press("geef de beoordeling")
    sjoerd.sees("gegeven|helemaal bij")
    sjoerd.look("assessed")


def mark(story: Story) -> None:
    """The teacher gives the mark and makes it final."""
    tom = story.tom
    tom.open("/leren/cijfers/")
    tom.look("marks")
    tom.go(story.noor.last)
    tom.sees("sjoerd deeg")
    tom.look("mark")
    tom.fill("^cijfer", "7,5")
    tom.fill("toelichting", "Mooi gedaan.")
    tom.press("^bewaar")
    tom.unfold("cijfer vaststellen")
    tom.press("ja, stel vast")
    tom.sees("definitief")
    tom.look("marked")


def student_reads(story: Story) -> None:
    """Assessment and mark, and an answer to it."""
    noor = story.noor_browser
    noor.open("/")
    noor.look("student-home-end")
    noor.open(story.folder)
    noor.sees("7,5")
    noor.sees("netjes")
    noor.look("folder-student")


def same_folder(story: Story) -> None:
    """The same placement, as far as each may see."""
    for person in (story.noor_browser, story.tom, story.karin, story.sjoerd, story.anja):
        person.open(story.folder)
        for word in (ASSIGNMENT, "twintig broden"):
            person.sees(word)
        person.look(f"folder-{person.name.lower()}")


def refusals(story: Story) -> None:
    """What is not yours does not exist."""
    sem = story.sem_browser
    for address in (story.folder, story.agreement):
        sem.refused(address, 404)
    sem.refused("/leerlingen/", 403)
    stranger = story.person("Vreemde", phone=True)
    stranger.page.goto(story.stack.url + story.folder)
    assert "/inloggen/" in stranger.path
    stranger.refused("/l/" + "x" * 43 + "/", 404)
    mail = story.stack.mailbox.wait_for(story.supervisor_email, "uw link")
    stranger.open(link_in(mail))
    assert story.noor.first not in stranger.page.content()
    stranger.press("code")
    # The supervisor's own code, typed in a browser that did not ask for it, is no code either.
    stranger.fill("code", "12345678")
    stranger.press("ga verder")
    stranger.sees("klopt niet")
