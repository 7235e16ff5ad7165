"""Example lists: headings that are recognised, with rows of made-up people."""

from __future__ import annotations

from datetime import date

from stage.schools.imports.loaders import Sample

STUDENTS: Sample = (
    [
        *("Leerlingnummer", "Roepnaam", "Tussenvoegsel", "Achternaam", "Klas", "Leerjaar"),
        *("Leerweg", "Profiel", "Geboortedatum", "E-mail", "Telefoon", "Straat", "Huisnummer"),
        *("Postcode", "Plaats", "Mentor", "Ouder 1 naam", "Ouder 1 e-mail"),
        *("Ouder 1 telefoon", "Ouder 2 naam", "Ouder 2 e-mail"),
    ],
    [
        [
            *("12034", "Noor", "de", "Vries", "3B1", 3, "BB", "HBR", date(2011, 3, 5)),
            *("noor@voorbeeld.test", "0612345678", "Dorpsstraat", "12a", "6711 AB", "Ede"),
            *("BAK", "P. de Vries", "p.devries@voorbeeld.test", "0687654321", "", ""),
        ],
        [
            *("12035", "Sem", "", "Jansen", "3B1", 3, "KB", "M&T", date(2011, 9, 21)),
            *("sem@voorbeeld.test", "", "Kerkweg", "3", "6712 CD", "Ede", "BAK"),
            *("A. Jansen", "a.jansen@voorbeeld.test", "", "B. Smit", "b.smit@voorbeeld.test"),
        ],
    ],
)
TEACHERS: Sample = (
    ["Roepnaam", "Tussenvoegsel", "Achternaam", "E-mail", "Afkorting"],
    [["Karin", "", "Bakker", "k.bakker@voorbeeld.test", "BAK"]],
)
