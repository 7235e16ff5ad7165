"""Sixty made-up companies over all ten profiles."""

# profile: (name, what a student does there)
BY_PROFILE: dict[str, tuple[tuple[str, str], ...]] = {
    "BWI": (
        ("Bouwbedrijf Steenhuis", "Je helpt metselen, stellen en opruimen op de bouw."),
        ("Timmerwerkplaats De Schaaf", "Je maakt kozijnen en kasten, en leert veilig zagen."),
        ("Schildersbedrijf Kleurrijk", "Je schuurt, plamuurt en schildert binnen en buiten."),
        ("Meubelmakerij Hout & Hart", "Je werkt mee aan tafels en kasten van massief hout."),
        ("Dakwerken Noorderzon", "Je bereidt het werk op de grond voor en leert over isoleren."),
        ("Keukenstudio Van Wijk", "Je helpt met monteren en afwerken van keukens."),
    ),
    "PIE": (
        ("Installatiebedrijf Warmtebron", "Je legt leidingen en sluit kranen en radiatoren aan."),
        ("Elektro Zuidema", "Je trekt draad, sluit lampen aan en leert meten."),
        ("Metaalbewerking Vonk", "Je zaagt, boort en last onder begeleiding."),
        ("Zonnepanelen Oost", "Je bouwt mee aan installaties en controleert de aansluitingen."),
        ("Machinefabriek De Haas", "Je werkt aan de draaibank en meet je eigen werkstuk na."),
        ("Koeltechniek IJsland", "Je helpt bij onderhoud aan koelingen."),
    ),
    "M&T": (
        ("Garage Van der Laan", "Je wisselt banden, ververst olie en helpt bij de APK."),
        ("Fietsenmaker De Ketting", "Je repareert fietsen en e-bikes en helpt klanten."),
        ("Autoschade Glans", "Je schuurt, plakt af en maakt auto's klaar voor de spuiter."),
        ("Transportbedrijf Rolland", "Je plant ritten mee, laadt en controleert vrachten."),
        ("Scootershop Tik", "Je onderhoudt scooters en houdt de werkplaats netjes."),
        ("Truckservice Delta", "Je helpt bij onderhoud aan vrachtwagens."),
    ),
    "MVI": (
        ("Drukkerij Letterzet", "Je maakt drukwerk klaar, snijdt en verpakt."),
        ("Reclamebureau Blikvanger", "Je ontwerpt posters en plakt belettering."),
        ("ICT-service De Schakel", "Je helpt computers inrichten en storingen oplossen."),
        ("Fotostudio Flits", "Je zet licht klaar, helpt bij de opname en bewerkt foto's."),
        ("Webbouwers Pixelpoort", "Je bouwt mee aan eenvoudige websites en test ze."),
        ("Lokale Omroep Stadsgeluid", "Je maakt filmpjes en helpt in de studio."),
    ),
    "E&O": (
        ("Supermarkt De Korf", "Je vult schappen, helpt klanten en leert de kassa."),
        ("Modehuis Van Loon", "Je verzorgt de presentatie en adviseert klanten."),
        ("Webwinkel Pakketje", "Je pakt bestellingen in en verwerkt retouren."),
        ("Bouwmarkt Hamer & Co", "Je helpt klanten zoeken en bestelt voorraad bij."),
        ("Boekhandel Het Leesteken", "Je ontvangt leveringen en richt tafels in."),
        ("Administratiekantoor Cijferwerk", "Je verwerkt post en facturen."),
    ),
    "HBR": (
        ("Bakkerij Van Diepen", "Je maakt deeg, bakt brood en helpt in de winkel."),
        ("Hotel De Gouden Leeuw", "Je werkt mee in de keuken, bediening en receptie."),
        ("Restaurant Aan de Kade", "Je snijdt groente, dekt tafels en leert gasten ontvangen."),
        ("Lunchroom Zoet & Zout", "Je maakt broodjes en bedient."),
        ("Banketbakkerij Suikerzoet", "Je maakt taart en gebak en werkt netjes af."),
        ("Camping Het Boshuis", "Je ontvangt gasten en helpt bij activiteiten."),
    ),
    "Z&W": (
        ("Zorgcentrum De Wilgenhof", "Je helpt bij koffie, maaltijden en activiteiten."),
        ("Kinderopvang Dikkie", "Je speelt met de kinderen en helpt bij eten en opruimen."),
        ("Kapsalon Knip", "Je wast haren, veegt en helpt klanten."),
        ("Basisschool De Regenboog", "Je helpt in de klas en bij het overblijven."),
        ("Thuiszorg Dichtbij", "Je gaat mee op bezoek en helpt in het huishouden."),
        ("Sportcentrum In Beweging", "Je helpt bij lessen en zet materiaal klaar."),
    ),
    "Groen": (
        ("Kwekerij Het Groene Hart", "Je stekt, verpot en maakt bestellingen klaar."),
        ("Bloemist Margriet", "Je maakt boeketten en verzorgt de planten."),
        ("Hoveniersbedrijf Tuinman", "Je legt tuinen aan, snoeit en bestraat."),
        ("Kinderboerderij De Geit", "Je verzorgt de dieren en ontvangt bezoekers."),
        ("Melkveehouderij Wijnia", "Je helpt bij melken, voeren en uitmesten."),
        ("Dierenspeciaalzaak Poot", "Je verzorgt dieren en helpt klanten."),
    ),
    "D&P": (
        ("Gemeentewerf Midden", "Je helpt bij onderhoud van straten en parken."),
        ("Buurthuis De Brug", "Je organiseert activiteiten mee en ontvangt bezoekers."),
        ("Evenementenbureau Podium", "Je helpt bij opbouw en begeleidt bezoekers."),
        ("Bibliotheek Centraal", "Je ruimt boeken op en helpt bezoekers."),
        ("Schoonmaakbedrijf Fris", "Je leert vakken schoonmaken in kantoren."),
        ("Beveiliging Wachter", "Je loopt mee bij de balie en controleert ruimtes."),
    ),
    "MaT": (
        ("Jachtwerf De Kiel", "Je schuurt, schildert en helpt boten afmeren."),
        ("Rederij Waterweg", "Je leert knopen, afmeren en onderhoud aan dek."),
        ("Scheepsmotoren Zeeman", "Je helpt bij onderhoud aan motoren."),
        ("Havendienst Oost", "Je helpt bij het begeleiden van schepen en bruggen."),
        ("Zeilmakerij Bries", "Je meet, knipt en stikt zeilen en dekkleden."),
        ("Binnenvaart Van Tol", "Je vaart mee en leert laden en lossen."),
    ),
}  # fmt: skip

# Places of the region, with real coordinates in stage/core/reference/places.csv.
CITIES = ("Arnhem", "Nijmegen", "Wageningen", "Ede", "Zevenaar", "Doetinchem", "Elst", "Duiven")
SCHOOLS = (
    ("Stadscollege Arnhem", "26AB00", "Arnhem"),
    ("Vakcollege De Waal", "27CD01", "Nijmegen"),
    ("Het Groene Lyceum Ede", "28EF02", "Ede"),
    ("Praktijkcollege De Slinge", "29GH03", "Winterswijk"),
)
REGION = "Regio Gelderland-Midden"

# A region beside it, with one school and a few companies.
OTHER_REGION = "Regio Achterhoek"
OTHERS: dict[str, tuple[tuple[str, str], ...]] = {
    "HBR": (("Bakkerij De Slinge", "Je helpt bij het bakken en bij de verkoop."),),
    "Groen": (("Boomkwekerij Het Woold", "Je verpot, snoeit en maakt bestellingen klaar."),),
    "PIE": (("Machinefabriek Oude IJssel", "Je meet, boort en monteert onderdelen."),),
}
