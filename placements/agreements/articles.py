"""The agreement's text a school starts with; it may change every word (`services/texts.py`).

In our own words, after what the Uitvoeringsbesluit WVO 2020 asks of a stage agreement; have a
school's final text checked by who knows its insurance. `{…}` are the fields of `merge_fields.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from placements.agreements.enums import Party

STUDENT, GUARDIAN = Party.STUDENT.value, Party.GUARDIAN.value
COMPANY, SCHOOL = Party.COMPANY.value, Party.SCHOOL.value
EVERYBODY = (STUDENT, GUARDIAN, COMPANY, SCHOOL)
WORK = (STUDENT, COMPANY, SCHOOL)


@dataclass(frozen=True)
class DefaultArticle:
    """One article: its title, its text, and the parties it concerns."""

    title: str
    text: str
    parties: tuple[str, ...]


DEFAULT_ARTICLES = (
    DefaultArticle(
        "Waar deze overeenkomst over gaat",
        "{leerling} loopt stage bij {bedrijf}. De stage hoort bij het onderwijs van {school}. "
        "In deze overeenkomst staat wat leerling, bedrijf en school van elkaar mogen verwachten.",
        EVERYBODY,
    ),
    DefaultArticle(
        "Wat de leerling leert",
        "De leerling doet tijdens de stage dit werk en leert ervan:\n{leeractiviteiten}\n"
        "De leerling wil zelf vooral leren: {wil_leren}\n"
        "Het werk past bij wat de leerling kan en bij de opleiding.",
        WORK,
    ),
    DefaultArticle(
        "Begin, einde en tijden",
        "De stage begint op {eerste_dag} en eindigt op {laatste_dag}. De leerling werkt op "
        "{dagen}, van {begintijd} tot {eindtijd}, met {pauze} minuten pauze. Op vrije dagen van "
        "de school is er geen stage, tenzij leerling, bedrijf en school iets anders afspreken.",
        EVERYBODY,
    ),
    DefaultArticle(
        "Aantal uren",
        "De stage duurt in totaal {totaal_uren} uur. De werktijden blijven binnen wat de "
        "Arbeidstijdenwet voor de leeftijd van de leerling toestaat. Uren op school op dezelfde "
        "dag tellen daarbij mee.",
        WORK,
    ),
    DefaultArticle(
        "Begeleiding door het bedrijf",
        "{praktijkopleider} begeleidt de leerling namens het bedrijf, is achttien jaar of ouder "
        "en is tijdens het werk aanwezig of meteen bereikbaar. De leerling krijgt elke stagedag "
        "ten minste een uur actieve begeleiding. Bij afwezigheid wijst het bedrijf een vervanger "
        "aan.",
        WORK,
    ),
    DefaultArticle(
        "Begeleiding door de school",
        "{docent} begeleidt de leerling namens de school, heeft contact met de praktijkopleider "
        "en komt langs. De praktijkopleider begeleidt het werk; de docent begeleidt het leren, "
        "de opdrachten en de voortgang.",
        WORK,
    ),
    DefaultArticle(
        "Beoordeling",
        "De praktijkopleider geeft een oordeel over hoe de leerling werkt en wat die heeft "
        "geleerd. Dat oordeel telt mee. De school stelt de beoordeling en het cijfer vast en "
        "is daarvoor verantwoordelijk.",
        WORK,
    ),
    DefaultArticle(
        "Toezicht door de inspectie",
        "De Inspectie van het Onderwijs kan toezicht houden op de stage. Bedrijf en school geven "
        "de inspectie de informatie waar zij om vraagt.",
        (COMPANY, SCHOOL),
    ),
    DefaultArticle(
        "Aanwijzingen en huisregels",
        "De leerling volgt de aanwijzingen van het bedrijf op, houdt zich aan de huisregels en "
        "werkt veilig. Het bedrijf legt de regels op de eerste dag uit.",
        (STUDENT, COMPANY),
    ),
    DefaultArticle(
        "Passend werk",
        "Het bedrijf geeft de leerling alleen werk dat past bij de leeftijd, de ervaring en het "
        "doel van de stage. De leerling neemt niet de plaats in van een betaalde medewerker.",
        (STUDENT, GUARDIAN, COMPANY),
    ),
    DefaultArticle(
        "Veilige werkplek",
        "Het bedrijf zorgt voor een veilige werkplek en heeft een risico-inventarisatie en "
        "-evaluatie (RI&E) met een deel over jongeren. Het geeft vooraf uitleg over veilig "
        "werken en zorgt voor de bescherming die nodig is. Afspraken over kleding en "
        "veiligheid: {veiligheid}",
        EVERYBODY,
    ),
    DefaultArticle(
        "Leerlingen jonger dan zestien",
        "Is de leerling jonger dan zestien jaar, dan vertelt het bedrijf de ouders of verzorgers "
        "vooraf welke risico's het werk heeft en wat het daartegen doet. Dat mag ook via de "
        "school. Gevaarlijk werk mag de leerling niet doen.",
        (GUARDIAN, COMPANY, SCHOOL),
    ),
    DefaultArticle(
        "Verzekering en aansprakelijkheid",
        "{verzekering}\nDe school is verzekerd voor ongevallen van de leerling en voor schade die "
        "de leerling tijdens de stage veroorzaakt, tot ten hoogste {aansprakelijkheid} per "
        "gebeurtenis. De school betaalt de premie. Schade wordt meteen gemeld aan de docent. "
        "Voor schade die de leerling met opzet veroorzaakt, gelden de gewone regels van de wet.",
        EVERYBODY,
    ),
    DefaultArticle(
        "Ziek of afwezig",
        "Is de leerling ziek of kan die niet komen, dan meldt de leerling of een ouder dat "
        "dezelfde dag, voor het begin van de werktijd, aan het bedrijf en aan de school. De "
        "leerling meldt zich ook weer beter. Komt de leerling niet zonder bericht, dan meldt het "
        "bedrijf dat meteen aan de school.",
        EVERYBODY,
    ),
    DefaultArticle(
        "Vergoeding",
        "De leerling krijgt geen loon. {vergoeding}",
        EVERYBODY,
    ),
    DefaultArticle(
        "Geheimhouding en verslag",
        "De leerling houdt geheim wat vertrouwelijk is en doet dat ook na de stage. Een verslag "
        "of foto's met informatie over het bedrijf deelt de leerling pas met anderen dan de "
        "school als het bedrijf dat goedvindt.",
        (STUDENT, COMPANY),
    ),
    DefaultArticle(
        "Privacy",
        "School en bedrijf gebruiken gegevens van de leerling alleen voor de stage, geven ze niet "
        "aan anderen en bewaren ze niet langer dan nodig is. Foto's van de leerling worden alleen "
        "gebruikt als daarvoor toestemming is gegeven.",
        EVERYBODY,
    ),
    DefaultArticle(
        "Problemen oplossen",
        "Is er een probleem, dan praten leerling en praktijkopleider daar eerst samen over. "
        "Komen zij er niet uit, dan helpt de docent. Lukt ook dat niet, dan overleggen degenen "
        "die deze overeenkomst hebben getekend.",
        EVERYBODY,
    ),
    DefaultArticle(
        "Eerder stoppen",
        "De stage stopt eerder als leerling, bedrijf en school dat samen besluiten. De school kan "
        "de stage beëindigen nadat zij leerling, ouders en bedrijf heeft gehoord. Het bedrijf kan "
        "de stage beëindigen met een brief of mail aan de school waarin de redenen staan, nadat "
        "het daarover met de school heeft gesproken.",
        EVERYBODY,
    ),
    DefaultArticle(
        "Geen arbeidsovereenkomst",
        "Deze overeenkomst is geen arbeidsovereenkomst. De leerling blijft tijdens de stage "
        "leerling van de school.",
        EVERYBODY,
    ),
    DefaultArticle(
        "In drievoud",
        "Van deze overeenkomst zijn er drie gelijke exemplaren: een voor de leerling, een voor "
        "het bedrijf en een voor de school. De overeenkomst geldt vanaf het moment dat iedereen "
        "heeft getekend, tot en met {laatste_dag}.",
        EVERYBODY,
    ),
)
