"""Short cuts of the tests of a student's own company, and of what is asked for one student."""

from companies.models import Contact
from placements import services
from placements.models import Application, OwnCompany
from placements.services import Asking, Words
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import Student

GARAGE = {
    "name": "Garage De Vries",
    "city": "Arnhem",
    "what": "Helpen met banden wisselen",
    "who": "Kees de Vries",
    "telephone": "026-1234567",
    "email": "kees@devries.test",
}
N = 2  # the student without an application


def student_of(world, n=N):
    return world.actor(world.berk.logins[n]), world.berk.students[n]


def name(world, n=N, known=None, **values) -> OwnCompany:
    actor, student = student_of(world, n)
    with use(actor.scope):
        own = Student.objects.get(pk=student.pk)
        words = Words(**{**GARAGE, **values})
        return services.name_company(own, world.berk.period, words, known=known, actor=actor)


def asking(**values) -> Asking:
    return Asking(**{**GARAGE, **values})


def approve(world, own, who=None, **values) -> Application:
    actor = world.actor(who or world.berk.coordinator)
    with use(actor.scope):
        row = OwnCompany.objects.select_related("student", "period__school").get(pk=own.pk)
        return services.approve_own(row, asking(**values), actor=actor)


def asked(world, n=N, who=None, **values) -> Application:
    """A company that was asked for the student."""
    return approve(world, name(world, n), who, **values)


def fresh(row):
    with use(SYSTEM):
        return type(row).objects.get(pk=row.pk)


def as_company(world, application, step, **values):
    with use(SYSTEM):
        contact = Contact.objects.filter(company=application.company_id).first()
    actor = world.company_actor(contact)
    with use(actor.scope):
        row = Application.objects.get(pk=application.pk)
        return step(row, actor=actor, **values)


def contact_at(application) -> Contact:
    with use(SYSTEM):
        return Contact.objects.get(company=application.company_id)
