"""The audit trail: sealed, verified, and tampering is found."""

from contextlib import closing
from datetime import timedelta

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from stage.core.models import AuditEntry, AuditSeal, AuditWaiting
from stage.core.record import audit
from stage.core.tenants.tenancy import NOBODY, SYSTEM, use
from stage.core.work.health import measure


def write(world, n: int) -> None:
    for sw in (world.berk, world.els):
        actor = world.actor(sw.coordinator)
        with use(actor.scope), transaction.atomic():
            for i in range(n):
                audit.record(actor, f"did_{i}", sw.students[0], fields=["email"])


def test_entries_hold_ids_and_names_of_fields_only(world):
    write(world, 1)
    with use(SYSTEM):
        entry = AuditEntry.objects.filter(school=world.berk.school).get()
    assert (entry.verb, entry.fields, entry.object_type, entry.student_number) == (
        "did_0",
        ["email"],
        "schools.Student",
        world.berk.students[0].pk,
    )


def test_many_entries_at_once_are_stored_as_one_by_one(world):
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope), transaction.atomic():
        given = [
            audit.entry_of(actor, "did_one", world.berk.students[0], fields=["email", "city"]),
            audit.entry_of(actor, "did_two", world.berk.students[1]),
            audit.entry_of(None, "did_three", school=world.berk.school),
        ]
        audit.record_all(entry for entry in given)
    with use(SYSTEM):
        stored = AuditEntry.objects.in_bulk([e.id for e in given])
    columns = [f.attname for f in AuditEntry._meta.concrete_fields]
    for entry in given:
        assert [getattr(stored[entry.id], c) for c in columns] == [
            getattr(entry, c) for c in columns
        ]


def test_seal_numbers_each_chain_and_verify_agrees(world):
    write(world, 3)
    assert audit.seal() == 6
    assert audit.seal() == 0
    with use(SYSTEM):
        numbers = list(
            AuditSeal.objects.filter(chain=f"school-{world.berk.school.pk}").values_list(
                "number", flat=True
            )
        )
    assert numbers == [1, 2, 3]
    assert audit.verify() == []
    write(world, 1)
    audit.seal()
    assert audit.heads()[f"school-{world.berk.school.pk}"][0] == 4
    assert audit.verify() == []


def test_verify_finds_an_entry_that_was_altered(world, monkeypatch):
    write(world, 3)
    audit.seal()
    real = AuditEntry.objects.in_bulk

    def altered(ids):
        rows = real(ids)
        victim = next(r for r in rows.values() if r.verb == "did_1")
        victim.verb = "did_nothing"
        return rows

    monkeypatch.setattr(AuditEntry.objects, "in_bulk", altered)
    found = audit.verify()
    assert [(b.number, b.why) for b in found] == [(2, "altered")]


def test_verify_finds_a_missing_entry_and_a_missing_seal(world, monkeypatch):
    write(world, 3)
    audit.seal()
    real = AuditEntry.objects.in_bulk

    def cut(ids):
        rows = real(ids)
        victim = next(r for r in rows.values() if r.verb == "did_0")
        del rows[victim.pk]
        return rows

    monkeypatch.setattr(AuditEntry.objects, "in_bulk", cut)
    assert [(b.number, b.why) for b in audit.verify()] == [(1, "entry missing")]


def test_unsealed_entries_raise_the_alarm(world, monkeypatch):
    write(world, 1)
    assert measure().unsealed_entries == 0
    monkeypatch.setattr(audit, "SEALED_WITHIN", timedelta(minutes=-1))
    assert measure().unsealed_entries == 2
    audit.seal()
    assert measure().unsealed_entries == 0


def test_a_school_reads_its_own_trail_only(world):
    write(world, 2)
    with use(world.actor(world.berk.coordinator).scope):
        assert set(AuditEntry.objects.values_list("school_id", flat=True)) == {world.berk.school.pk}


def test_the_command_prints_the_heads_to_keep_elsewhere(world, capsys):
    write(world, 2)
    audit.seal()
    call_command("verify_audit")
    number, digest = audit.heads()[f"school-{world.berk.school.pk}"]
    assert f"school-{world.berk.school.pk} {number} {digest}" in capsys.readouterr().out


def test_heads_kept_elsewhere_show_that_the_newest_entries_are_gone(world, tmp_path, capsys):
    write(world, 2)
    audit.seal()
    chain = f"school-{world.berk.school.pk}"
    number, digest = audit.heads()[chain]
    kept = tmp_path / "heads"
    kept.write_text(f"{chain} {number} {digest}\n")
    call_command("verify_audit", heads=kept)
    kept.write_text(f"{chain} {number + 1} {digest}\n")  # the chain once was longer
    with pytest.raises(CommandError, match="1 places"):
        call_command("verify_audit", heads=kept)
    assert f"{chain} {number + 1}: the head that was kept is not there" in capsys.readouterr().err
    kept.write_text("no heads")
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_audit", heads=kept)


def waiting() -> int:
    with use(SYSTEM):
        return AuditWaiting.objects.count()


def test_whoever_writes_puts_the_entry_in_the_sealers_queue(world):
    audit.seal()
    for who in (world.berk.coordinator, world.berk.logins[0], world.noord.bureau):
        actor = world.actor(who)
        with use(actor.scope), transaction.atomic():
            audit.record(actor, "did")
    with use(NOBODY):
        audit.record(None, "did_nobody", school=world.berk.school)
    assert waiting() == 4
    assert audit.seal() == 4
    assert waiting() == 0


def test_nobody_else_sees_or_empties_that_queue(world):
    for who in (world.berk.coordinator, world.berk.logins[0], world.noord.bureau):
        for statement in ("SELECT 1 FROM", "DELETE FROM"):
            with (
                use(world.actor(who).scope),
                pytest.raises(ProgrammingError, match="denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(f"{statement} core_auditwaiting")


def test_it_goes_on_in_batches_until_nothing_waits(world, monkeypatch):
    audit.seal()
    write(world, 3)
    monkeypatch.setattr(audit, "SEAL_BATCH", 4)
    assert audit.seal() == 6
    assert waiting() == 0
    assert audit.verify() == []


def test_a_sealer_makes_room_when_its_time_is_over(world, monkeypatch):
    audit.seal()
    write(world, 3)
    monkeypatch.setattr(audit, "SEAL_BATCH", 4)
    assert audit.seal(seconds=-1) == 4
    assert waiting() == 2


def test_a_second_sealer_goes_away_at_once(world):
    write(world, 1)
    at = connection.settings_dict
    with closing(psycopg.connect(host=at["HOST"], dbname=at["NAME"], user="stage_worker")) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [audit.SEALER_LOCK])
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")  # who waits, fails
        assert audit.seal() == 0
        other.rollback()
    assert waiting() >= 2
    assert audit.seal() >= 2


def test_an_entry_that_has_its_seal_already_gets_no_second(world):
    write(world, 1)
    audit.seal()
    with use(SYSTEM):
        sealed = AuditEntry.objects.filter(school=world.berk.school).get()
        AuditWaiting.objects.create(entry_id=sealed.pk, at=sealed.at)
    audit.seal()
    assert waiting() == 0
    assert audit.verify() == []
