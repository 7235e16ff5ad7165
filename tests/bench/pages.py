"""Pages beside the same statements and the same template: time, queries, bytes."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from tests.bench import client, floors
from tests.bench.data import Data, sessions_of

COUNT = 30  # requests per page
WARM = 48  # uncounted ones before them, several at once


@dataclass(frozen=True)
class Page:
    """A page and who opens it."""

    name: str
    path: str
    session: str


@dataclass(frozen=True)
class Measured:
    """Milliseconds, and what the page costs beside them; `floor95`: statements and template."""

    name: str
    p50: float
    p95: float
    sql95: float
    template95: float
    queries: int
    raw: int
    compressed: int

    @property
    def floor95(self) -> float:
        return self.sql95 + self.template95

    @property
    def ratio(self) -> float:
        return self.p95 / self.floor95


def pages_of(data: Data) -> list[Page]:
    """The pages that matter most, each with the largest list it has."""
    berk = data.world.berk
    expected, seeker, desk = sessions_of([data.students[-1], data.seeker, berk.coordinator])
    board = f"{reverse('placements:board')}?groep={data.board.public_id}"
    return [
        Page("student's home", reverse("web:home"), expected),
        Page("browse, 1,000 companies", reverse("placements:place_browse"), seeker),
        Page("coordinator's home, 1,500 students", reverse("web:home"), desk),
        Page("today, 1,500 students", reverse("attendance:today"), desk),
        Page("board, 150 students", board, desk),
        Page("students, 1,650", reverse("schools:student_list"), desk),
        Page("companies, 1,002", reverse("companies:company_list"), desk),
        Page("placements, 1,501", reverse("placements:placement_list"), desk),
    ]


def measure(address: tuple[str, int], page: Page) -> Measured:
    """Open the page over HTTP and in this process, and its statements without it."""
    with floors.logged_in(page.session) as here:
        insides = [floors.look_inside(here, page.path) for _ in range(10)][2:]
    statements = insides[-1].statements
    sql = floors.repeat(COUNT, lambda: floors.replay(statements))
    ask = client.Ask(page.path, page.session)
    # Every thread of the server has opened its connection and read its templates once.
    client.throughput(address, [ask] * WARM, lambda answer: answer[0] == 200)
    took = client.times(address, ask, COUNT)
    raw, compressed = client.sizes(address, ask)
    return Measured(
        name=page.name,
        p50=client.percentile(took, 0.5),
        p95=client.percentile(took, 0.95),
        sql95=client.percentile(sql, 0.95),
        template95=client.percentile([i.template_ms for i in insides], 0.95),
        queries=sum("SAVEPOINT" not in sql for _scope, sql, _params in statements),
        raw=raw,
        compressed=compressed,
    )
