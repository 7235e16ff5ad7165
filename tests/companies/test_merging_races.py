"""Two people at once: one holds its rows in a second connection, the other waits and then knows."""

import threading
import time

import pytest
from django.db import connection, connections, transaction

from companies import services
from companies.models import Company, Contact, Trust
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict
from tests.companies.test_merging import merge

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(committed_world):
    with use(SYSTEM):
        Company.objects.create(region=committed_world.noord.region, name="Kapper Noord")
    return committed_world


@pytest.fixture
def companies(world) -> list[Company]:
    with use(SYSTEM):
        return list(Company.objects.filter(region=world.noord.region).order_by("pk"))


class Job:
    """Work of somebody in a connection of its own; "held" until it may commit."""

    def __init__(self, actor, work, *, holds: bool = False):
        self.done, self.may_end, self.answer = threading.Event(), threading.Event(), ""
        self.number: int | None = None
        if not holds:
            self.may_end.set()
        self.thread = threading.Thread(target=self._run, args=(actor, work))
        self.thread.start()

    def _run(self, actor, work):
        try:
            with use(actor.scope), transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    self.number = cursor.fetchone()[0]
                work(actor)
                self.done.set()
                assert self.may_end.wait(30)
            self.answer = "ok"
        except Conflict:
            self.answer = "conflict"
        except Exception as error:
            self.answer = repr(error)
        finally:
            self.done.set()
            connections.close_all()

    def waits_for(self, other: "Job") -> bool:
        """Whether the database lets this one wait for the other one's rows, within ten seconds."""
        for _try in range(200):
            if self.number and not self.done.is_set():
                with connection.cursor() as cursor:
                    both = [other.number, self.number]
                    cursor.execute("SELECT %s = ANY (pg_blocking_pids(%s))", both)
                    if cursor.fetchone()[0]:
                        return True
            time.sleep(0.05)
        return False

    def end(self) -> str:
        self.may_end.set()
        self.thread.join(30)
        return self.answer


def merging(company, into):
    return lambda actor: services.merge(company, into=into, actor=actor)


def one_then_the_other(first, second) -> tuple[bool, str, str]:
    """The first holds; did the second wait, and what did each hear?"""
    holder = Job(*first, holds=True)
    assert holder.done.wait(10)
    other = Job(*second)
    waited = other.waits_for(holder)
    return waited, holder.end(), other.end()


def merged() -> dict[str, str]:
    with use(SYSTEM):
        rows = Company.objects.filter(merged_into__isnull=False).select_related("merged_into")
        return {row.name: row.merged_into.name for row in rows}


def test_two_merges_at_once_make_no_chain(world, companies):
    bakery, garage, barber = companies
    bureau = world.actor(world.noord.bureau)
    first, second = merging(garage, bakery), merging(barber, garage)
    assert one_then_the_other((bureau, first), (bureau, second)) == (True, "ok", "conflict")
    assert merged() == {"Garage Noord": "Bakkerij Noord"}


def test_a_chain_is_not_made_from_the_other_end_either(world, companies):
    bakery, garage, barber = companies
    bureau = world.actor(world.noord.bureau)
    first, second = merging(barber, garage), merging(garage, bakery)
    assert one_then_the_other((bureau, first), (bureau, second)) == (True, "ok", "conflict")
    assert merged() == {"Kapper Noord": "Garage Noord"}


def test_two_merges_at_once_make_no_ring(world, companies):
    bakery, garage, _barber = companies
    bureau = world.actor(world.noord.bureau)
    first, second = merging(garage, bakery), merging(bakery, garage)
    assert one_then_the_other((bureau, first), (bureau, second)) == (True, "ok", "conflict")
    assert merged() == {"Garage Noord": "Bakkerij Noord"}


@pytest.fixture
def one(world, companies):
    """The garage is the bakery; somebody of the garage knows somebody new at the bakery."""
    bakery, garage, _barber = companies
    merge(world, garage, bakery)
    with use(SYSTEM):
        stranger = Contact.objects.create(
            region=world.noord.region, company=bakery, name="Anna", email="anna@nieuw.test"
        )
    return garage, stranger


def vouching(contact):
    return lambda actor: services.vouch(contact, ["contact"], source="named", actor=actor)


def trusted(contact) -> set[str]:
    with use(SYSTEM):
        rows = Trust.objects.live().filter(address=contact.email)
        return {role for row in rows for role in row.roles}


def test_an_undo_waits_for_who_just_vouches_and_ends_it(world, one):
    garage, stranger = one
    mechanic, bureau = world.company_actor(world.noord.contacts[1]), world.actor(world.noord.bureau)
    undo = (bureau, lambda actor: services.unmerge(garage, actor=actor))
    heard = one_then_the_other((mechanic, vouching(stranger)), undo)
    assert heard == (True, "ok", "ok")
    assert trusted(stranger) == set()


def test_who_vouches_during_an_undo_waits_for_it_and_is_refused(world, one):
    garage, stranger = one
    mechanic, bureau = world.company_actor(world.noord.contacts[1]), world.actor(world.noord.bureau)
    undo = (bureau, lambda actor: services.unmerge(garage, actor=actor))
    heard = one_then_the_other(undo, (mechanic, vouching(stranger)))
    assert heard == (True, "ok", "conflict")
    assert trusted(stranger) == set()


def test_a_role_that_is_just_being_added_is_waited_for_too(world, one):
    garage, _stranger = one
    guide = world.noord.supervisors[0]
    mechanic, bureau = world.company_actor(world.noord.contacts[1]), world.actor(world.noord.bureau)
    undo = (bureau, lambda actor: services.unmerge(garage, actor=actor))
    heard = one_then_the_other((mechanic, vouching(guide)), undo)
    assert heard == (True, "ok", "ok")
    assert trusted(guide) == set()
