"""The coordinator gets in, and makes the period, the students and the group."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time

from tests.e2e.story import Pupil, Story, day

PERIOD = 30  # seconds a code is shown
HEADINGS = (
    "Stamnummer;Roepnaam;Tussenvoegsel;Achternaam;Klas;Leerjaar;Studie;Profiel;Geboortedatum;"
    "E-mail;Naam ouder 1;E-mail ouder 1;Telefoon ouder 1"
)


def one_time_code(secret: str, *, after: str = "") -> str:
    """The six digits an authenticator app shows now; waits while they are still `after`."""
    while True:
        moment = (int(time.time()) // PERIOD).to_bytes(8)
        mac = hmac.digest(base64.b32decode(secret), moment, hashlib.sha1)
        at = mac[-1] & 15
        number = int.from_bytes(mac[at : at + 4]) & 0x7FFFFFFF
        code = f"{number % 10**6:06}"
        if code != after:
            return code
        time.sleep(0.5)


def open_school(story: Story) -> None:
    """The operator makes a school; its coordinator gets a mail, a password and a second lock."""
    story.stack.manage(
        "add_school", "--region", f"Regio {story.run}", "--name", story.school,
        "--brin", _brin(story), "--city", "Arnhem",
        "--coordinator", "Karin Coördinator", "--email", story.coordinator_email,
    )  # fmt: skip
    karin = story.karin = story.person("Karin")
    welcome(story, karin, story.coordinator_email)
    story.totp_secret = karin.page.locator("details code").text_content().strip()
    karin.look("totp")
    story.totp_used = one_time_code(story.totp_secret)
    karin.fill("zes cijfers", story.totp_used)
    karin.press("zet aan")


def _brin(story: Story) -> str:
    number = int(story.run, 16)
    letters = "".join(chr(65 + number // 26**at % 26) for at in (0, 1))
    return f"{number // 676 % 100:02}{letters}{number // 67600 % 100:02}"


def welcome(story: Story, person, email: str) -> None:
    """From the invitation in the mail to a log-in with a password of their own."""
    person.follow_mail(email, "stage|account|uitgenodigd")
    person.look("link")
    person.prove_mailbox(email)
    person.fill("^wachtwoord|kies een wachtwoord", story.password)
    person.fill("nog een keer|herhaal", story.password)
    person.press("open mijn account")


def make_period(story: Story) -> None:
    """A period that includes today, on every day of the week, so that today is a day of it."""
    karin = story.karin
    karin.open("/periodes/nieuw/")
    karin.fill("^naam", story.period)
    karin.fill("eerste dag", day(story.starts))
    karin.fill("laatste dag", day(story.ends))
    for name in ("ma", "di", "wo", "do", "vr", "za", "zo"):
        karin.tick(f"^{name}")
    karin.fill("begintijd", "08:30")
    karin.fill("eindtijd", "15:30")
    karin.press("^bewaar")
    karin.sees(story.period)
    karin.look("period")


def students_csv(pupils: list[Pupil], *, wrong: str = "") -> bytes:
    """The list as Magister exports it: semicolons, Windows-1252, days first."""
    lines = [HEADINGS]
    for pupil in pupils:
        born = wrong or f"{pupil.birthday:%d-%m-%Y}"
        lines.append(
            f"{pupil.number};{pupil.first};{pupil.infix};{pupil.last};3B;3;vmbo-b 3;HBR;{born};;"
            f"{pupil.parent};{pupil.parent_email};0612345678"
        )
        wrong = ""
    return "\r\n".join(lines).encode("cp1252", errors="replace")


def import_students(story: Story) -> None:
    """A list with one wrong row is refused whole; the mended list is read."""
    karin = story.karin
    pupils = [story.noor, story.sem]
    for name, wrong in (("fout", "31-02-2010"), ("goed", "")):
        path = story.folder_for_files / f"leerlingen-{name}.csv"
        path.write_bytes(students_csv(pupils, wrong=wrong))
        karin.open("/inlezen/students/")
        karin.look("import-start")
        karin.upload("bestand|lijst", path)
        karin.press("controleer de lijst")
        if wrong:
            karin.sees("nog niets ingelezen")
            karin.sees("31-02-2010")
            karin.look("import-wrong")
            karin.open("/leerlingen/")
            assert story.noor.last not in karin.page.content()
    karin.sees("de eerste regels")
    karin.sees(story.noor.last)
    karin.look("import-checked")
    karin.press("^lees in")
    karin.sees("alle regels staan erin")
    karin.look("import-done")
    karin.press("naar de lijst")
    karin.sees(story.noor.last)
    karin.sees(story.sem.last)
    karin.look("students")


def make_group(story: Story) -> None:
    """A group of both students in the period."""
    karin = story.karin
    karin.open("/groepen/nieuw/")
    karin.fill("^naam", story.group)
    karin.choose("^periode", re.escape(story.period))
    karin.press("verder")
    karin.look("group-students")
    karin.choose("klas", "3B")
    karin.sees(story.noor.last)
    karin.press("zet in de groep")
    karin.sees(story.sem.last)
    karin.look("group")
    story.group_page = karin.path


def invite_teacher(story: Story) -> None:
    """A colleague is invited, chooses a password and has no second lock to set."""
    karin = story.karin
    karin.open("/collegas/uitnodigen/")
    karin.fill("^naam", "Tom Docent")
    karin.fill("e-mailadres", story.teacher_email)
    karin.press("uitnodig|nodig uit|verstuur|stuur")
    karin.sees(story.teacher_email)
    tom = story.tom = story.person("Tom", phone=True)
    welcome(story, tom, story.teacher_email)
    tom.sees("vandaag")
    tom.look("teacher-home")


def log_in_again(story: Story) -> None:
    """Password, then the second lock: without it the coordinator is nowhere."""
    karin = story.karin
    karin.context.clear_cookies()
    karin.open("/accounts/login/")
    karin.look("login")
    karin.fill("e-mail", story.coordinator_email)
    karin.fill("wachtwoord", story.password)
    karin.press("^log in")
    karin.look("second-lock")
    karin.open("/leerlingen/")
    assert story.noor.last not in karin.page.content()
    karin.open("/accounts/login/")
    karin.fill("zes cijfers", one_time_code(story.totp_secret, after=story.totp_used))
    karin.press("^log in")
    karin.sees("Karin")
    karin.look("coordinator-home")
