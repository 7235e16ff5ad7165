"""Names to draw from. Made-up people."""

FIRST_NAMES = (
    "Aya Bram Cem Daan Eline Fatima Gijs Hanna Ilse Jayden Kaoutar Lars Mila Noah Oumaima Pim"
    " Quinty Ravi Sanne Tygo Ümit Vera Wessel Xanthe Yara Zakaria Amber Boaz Chaima Dylan Esra Finn"
    " Guus Hidde Ismail Julia Kyra Levi Maartje Niels Ole Puck Roos Salma Thijs Uma Valentijn"
    " Willemijn Yusuf Zoë Anouk Bilal Charlotte Djamila Emre Femke Gianni Hugo Imane Jesse"
).split()
LAST_NAMES = (
    ("de", "Vries"), ("", "Yılmaz"), ("van den", "Berg"), ("", "Jansen"), ("El", "Amrani"),
    ("", "Bakker"), ("van", "Dijk"), ("", "Özdemir"), ("", "Visser"), ("de", "Jong"),
    ("", "Smit"), ("", "Meijer"), ("", "Kowalski"), ("de", "Boer"), ("", "Mulder"),
    ("van der", "Meer"), ("", "Bouzid"), ("", "Peters"), ("", "Hendriks"), ("van", "Leeuwen"),
    ("", "Dekker"), ("", "Pinas"), ("", "Dijkstra"), ("in 't", "Veld"), ("", "Vermeulen"),
    ("", "Schouten"), ("", "Martina"), ("van", "Beek"), ("", "Hoekstra"), ("", "Koster"),
    ("", "Prins"), ("", "Blom"), ("van der", "Linden"), ("", "Ramdin"), ("", "Postma"),
    ("ten", "Have"), ("", "Kuipers"), ("", "Nguyen"), ("", "Veenstra"), ("", "Tahiri"),
)  # fmt: skip
STREETS = (
    "Dorpsstraat Kerkstraat Stationsweg Molenweg Schoolstraat Julianalaan Lindelaan Industrieweg"
    " Havenstraat Beatrixstraat Wilgenlaan Meidoornlaan Marktstraat Sportlaan Nieuwstraat"
).split()
TEACHERS = (
    "Marieke Hofstra", "Peter van Aalst", "Nadia Belkacem", "Joost Wiersma", "Ingrid Tol",
    "Sven Kramer-Bos", "Lotte Huisman", "Karim Ouali", "Anja Terpstra", "Ruud Snijders",
    "Willeke Mol", "Dirk-Jan Vos", "Elly Harmsen", "Bennie Roerdink", "Tineke Lammers-Smit",
    "Rob Geessink",
)  # fmt: skip
COORDINATORS = ("Petra Lammers", "Hassan Idrissi", "Yvonne Kuiper", "Anneke Hoitink")
CONTACT_NAMES = (
    "Henk Aarts", "Gerda Bosma", "Mehmet Çelik", "Truus Doorn", "Erik Evers", "Fenna Faber",
    "Gerard Groot", "Hilde Haan", "Ivo Imming", "Jolanda Jonker", "Koen Kok", "Linda Luiten",
    "Marcel Maas", "Nel Nauta", "Otto Oost", "Patricia Pol", "Rinus Ruiter", "Saskia Schipper",
    "Theo Timmer", "Ursula Uiterwijk", "Victor Vink", "Wilma Wolters", "Yvette Ypma", "Zeger Zand",
)  # fmt: skip
