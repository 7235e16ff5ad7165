"""State changes: one table of transitions per model, one function that applies them.

`apply` asks the policy, changes the row by a conditional UPDATE that must hit one row, writes the
audit entry and sends `transitioned`, all in the caller's transaction. Two people at once: the
second one's UPDATE hits nothing and `Conflict` says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import models, transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from stage.core.record import audit
from stage.core.who.policies import Conflict, Policy, require

# kwargs: obj, transition, actor. Sent inside the transaction; receivers stand higher in the house.
transitioned = Signal()


@dataclass(frozen=True)
class Transition:
    """One edge: from which states to which state, who may, and the verb in the audit trail."""

    name: str
    sources: tuple[str, ...]
    target: str
    policy: Policy
    verb: str


class Workflow:
    """The transitions of one model, found by name."""

    def __init__(self, transitions: Iterable[Transition]):
        self.transitions = {t.name: t for t in transitions}

    def __getitem__(self, name: str) -> Transition:
        return self.transitions[name]

    def possible(self, obj, actor) -> list[str]:
        """Names of the transitions this actor could make now."""
        return [
            t.name
            for t in self.transitions.values()
            if obj.state in t.sources and t.policy(actor, obj)
        ]


@transaction.atomic
def apply(obj: models.Model, transition: Transition, *, actor, **changes) -> None:
    """Move `obj` along one edge and set `changes` with it.

    Raises NotAllowed when the policy says no, Conflict when the row is no longer in a state this
    edge starts from. `obj` carries the new values afterwards.
    """
    require(transition.policy, actor, obj)
    values = {"state": transition.target, **changes}
    rows = (
        type(obj)._default_manager.filter(pk=obj.pk, state__in=transition.sources).update(**values)
    )
    if rows != 1:
        raise Conflict(_("Dit is intussen al veranderd. Bekijk hoe het nu is."))
    for name, value in values.items():
        setattr(obj, name, value)
    audit.record(actor, transition.verb, obj, fields=tuple(values))
    transitioned.send(sender=type(obj), obj=obj, transition=transition, actor=actor)


@transaction.atomic
def apply_all(
    objs: Sequence[models.Model], transition: Transition, *, actor, changed: Sequence[str] = ()
) -> list[models.Model]:
    """Move many rows of one model along one edge; those that are no longer where it starts, stay.

    `changed` names fields that each carries with its new value already. Raises NotAllowed. Answers
    those that moved, which carry the new state.
    """
    for obj in objs:
        require(transition.policy, actor, obj)
    if not objs:
        return []
    model = type(objs[0])
    rows = model._default_manager.filter(
        pk__in=[obj.pk for obj in objs], state__in=transition.sources
    )
    locked = set(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    moved = [obj for obj in objs if obj.pk in locked]
    for obj in moved:
        obj.state = transition.target  # type: ignore[attr-defined]
    fields = ["state", *changed]
    if changed:
        model._default_manager.bulk_update(moved, fields)
    else:
        rows.filter(pk__in=locked).update(state=transition.target)
    audit.record_all(audit.entry_of(actor, transition.verb, obj, fields=fields) for obj in moved)
    for obj in moved:
        transitioned.send(sender=model, obj=obj, transition=transition, actor=actor)
    return moved
