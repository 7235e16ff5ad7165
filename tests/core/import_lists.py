"""Lists as schools export them, and an import from upload to rows."""

from io import BytesIO

from openpyxl import Workbook

from stage.core.tenants.tenancy import use
from stage.core.work import long_jobs
from stage.schools.imports import jobs as import_jobs
from stage.schools.models import ImportJob

MAGISTER = (
    "Stamnr.;Roepnaam;Tussenv.;Achternaam;Klas;Studie;Profiel;Geb. datum;Straat;Huisnr.;"
    "Postcode;Plaats;E-mail;Mentor;Ouder 1 naam;Ouder 1 e-mail\r\n"
    "1001;Aya;;Berk;3B;vmbo-b 3;HBR;15-01-2011;;;;;aya@berk.test;Docent Berk;"
    "Ouder van Aya Berk;ouder.aya@berk.test\r\n"
    "2002;Bram;van;Berk;3C;vmbo-b 3;HBR;15-02-2011;;;;;bram@berk.test;Docent Berk;;\r\n"
    "12034;José;de;Vries;3B;vmbo-k 3;PIE;05-03-2011;Dorpsstraat;12;6711ab;Ede;jose@berk.test;"
    "XYZ;P. de Vries;p@mail.test\r\n"
)
SOMTODAY = (
    "Leerlingnummer,Volledige naam,Stamgroep,Leerjaar,Geboortedatum,Verzorger 1 naam,"
    "Verzorger 1 e-mailadres\n"
    '12034,"Vries, José de",3B,3,2011-03-05,P. de Vries,p@mail.test\n'
    '12035,"Jansen, Kim",3B,3,2011-04-06,,\n'
)
SOMTODAY_BYTES = SOMTODAY.encode()
TEACHERS = "Naam;E-mail;Afkorting\nKarin Bakker;K.Bakker@berk.test;BAK\nDocent Berk;{own};DOB\n"


def workbook(text, delimiter=","):
    book = Workbook()
    for line in text.strip().splitlines():
        book.active.append([cell.strip('"') for cell in line.split(delimiter)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def begin(world, data, sheet="students", who=None, **options):
    actor = world.actor(who or world.berk.coordinator)
    with use(actor.scope):
        job = import_jobs.start_import(data, name="lijst.csv", sheet=sheet, actor=actor, **options)
    return job, actor


def load(world, data, sheet="students", who=None, invite=False, **options):
    job, actor = begin(world, data, sheet, who, **options)
    long_jobs.run_waiting()
    with use(actor.scope):
        job = ImportJob.objects.get(pk=job.pk)
        import_jobs.confirm_import(job, actor=actor, invite=invite)
    long_jobs.run_waiting()
    with use(actor.scope):
        return ImportJob.objects.get(pk=job.pk)


def confirmed(world, data=SOMTODAY_BYTES):
    job, actor = begin(world, data)
    long_jobs.run_waiting()
    with use(actor.scope):
        job = ImportJob.objects.get(pk=job.pk)
        import_jobs.confirm_import(job, actor=actor)
    return job, actor
