"""Dutch dates: holidays, ISO weeks, school years, minutes that survive a change of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FIRST_MONTH_OF_SCHOOL_YEAR = 8
ORDINARY_DAY = date(2026, 1, 5)  # neither it nor the next night changes the clock


def easter_sunday(year: int) -> date:
    """Easter in the Gregorian calendar (Meeus, Jones and Butcher)."""
    golden = year % 19
    century, year_of_century = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    lunar = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - lunar + 15) % 30
    leap_years, year_rest = divmod(year_of_century, 4)
    weekday = (32 + 2 * century_rest + 2 * leap_years - epact - year_rest) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def public_holidays(year: int) -> dict[date, str]:
    """The days of the Algemene termijnenwet, article 3, and both first days of feast, in order.

    Goede Vrijdag is not among them: most companies work. Koningsdag is 26 April when 27 April is
    a Sunday; before 2014 it was Koninginnedag.
    """
    easter = easter_sunday(year)
    days = {
        date(year, 1, 1): _("Nieuwjaarsdag"),
        easter: _("Eerste paasdag"),
        easter + timedelta(days=1): _("Tweede paasdag"),
        _kings_day(year): _("Koningsdag") if year >= 2014 else _("Koninginnedag"),
        date(year, 5, 5): _("Bevrijdingsdag"),
        easter + timedelta(days=49): _("Eerste pinksterdag"),
        easter + timedelta(days=50): _("Tweede pinksterdag"),
        date(year, 12, 25): _("Eerste kerstdag"),
        date(year, 12, 26): _("Tweede kerstdag"),
    }
    ascension = easter + timedelta(days=39)
    # In 2016 and 2005 Hemelvaart fell on 5 May: the day then carries both names.
    days[ascension] = " / ".join(filter(None, [days.get(ascension), _("Hemelvaartsdag")]))
    return dict(sorted(days.items()))


def _kings_day(year: int) -> date:
    day = date(year, 4, 27) if year >= 2014 else date(year, 4, 30)
    return day - timedelta(days=1) if day.isoweekday() == 7 else day


def iso_week(day: date) -> tuple[int, int]:
    """ISO year and week number; 1 January may belong to the last week of the year before."""
    year, week, _weekday = day.isocalendar()
    return year, week


def week_days(year: int, week: int) -> list[date]:
    """Monday to Sunday of an ISO week. Raises `ValueError` for week 53 of a year without one."""
    monday = date.fromisocalendar(year, week, 1)
    return [monday + timedelta(days=offset) for offset in range(7)]


def school_today() -> date:
    """Today as a Dutch school reads it, whatever time zone the server or request is in."""
    return timezone.now().astimezone(AMSTERDAM).date()


def school_day(moment: datetime) -> date:
    """The Dutch date of a moment."""
    return moment.astimezone(AMSTERDAM).date()


def school_year(day: date) -> int:
    """The year in which the school year of a day began: it turns on 1 August."""
    return day.year if day.month >= FIRST_MONTH_OF_SCHOOL_YEAR else day.year - 1


def school_year_bounds(start_year: int) -> tuple[date, date]:
    """First and last day of a school year: 1 August and 31 July."""
    return date(start_year, 8, 1), date(start_year + 1, 7, 31)


def age_on(birth_date: date, day: date) -> int:
    """Age in whole years; who is born on 29 February turns a year older on 1 March."""
    before_birthday = (day.month, day.day) < (birth_date.month, birth_date.day)
    return day.year - birth_date.year - before_birthday


def local_minutes(moment: datetime) -> int:
    """Minutes on the Dutch clock since midnight (0–1439). Raises `ValueError` for a naive time."""
    if timezone.is_naive(moment):
        raise ValueError("a moment needs a time zone")
    local = moment.astimezone(AMSTERDAM)
    return local.hour * 60 + local.minute


def local_datetime(day: date, clock: time) -> datetime:
    """The moment a Dutch clock shows this time.

    The hour that occurs twice in October is the first one; a time that the clock skips in March
    counts an hour on.
    """
    local = datetime.combine(day, clock.replace(tzinfo=None), tzinfo=AMSTERDAM)
    return local.astimezone(UTC).astimezone(AMSTERDAM)


def work_interval(day: date, start: time, end: time) -> tuple[datetime, datetime]:
    """From when until when; an end before the start is on the next day.

    Raises `ValueError` when both are the same.
    """
    if start == end:
        raise ValueError("start and end are the same")
    last_day = day if end > start else day + timedelta(days=1)
    return local_datetime(day, start), local_datetime(last_day, end)


def minutes_between(start: datetime, end: datetime) -> int:
    """Whole minutes that really pass between two aware moments, also when the clock changes."""
    return int(end.timestamp() - start.timestamp()) // 60


def minutes_of(
    day: date | None, start: time | None, end: time | None, break_minutes: int = 0
) -> int:
    """Minutes of work on a planned day: what really passes on the Dutch clock, without the break.

    Never negative: 0 where the break takes all of it, where both times are the same and where one
    is missing. An end before the start is on the next day. Without a `day`, one on which the clock
    does not change. Raises `ValueError` for a negative break.
    """
    if break_minutes < 0:
        raise ValueError("a break is not negative")
    if start is None or end is None or start == end:
        return 0
    return max(minutes_between(*work_interval(day or ORDINARY_DAY, start, end)) - break_minutes, 0)
