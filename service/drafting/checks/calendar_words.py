"""The words of dates, weekdays and periods in thirteen languages. Lower case. Names, or beginnings where the ending changes."""

from __future__ import annotations

_MONTHS = (
    "january januar janvier enero gennaio januari janeiro stycznia styczeń tammikuuta tammikuussa ledna leden jan janv ene",
    "february februar février fevrier febrero febbraio februari fevereiro lutego luty helmikuuta helmikuussa února únor feb",
    "march märz maerz mars marzo maart março marca marzec maaliskuuta maaliskuussa března březen mar marts",
    "april avril abril aprile kwietnia kwiecień huhtikuuta huhtikuussa dubna duben apr avr abr",
    "may mai mayo maggio mei maio maja maj toukokuuta toukokuussa května květen",
    "june juni juin junio giugno junho czerwca czerwiec kesäkuuta kesäkuussa června červen jun",
    "july juli juillet julio luglio julho lipca lipiec heinäkuuta heinäkuussa července červenec jul juil",
    "august août aout agosto augustus sierpnia sierpień elokuuta elokuussa srpna srpen aug augusti ago",
    "september septembre septiembre settembre setembro września wrzesień syyskuuta syyskuussa září sept sep set",
    "october oktober octobre octubre ottobre outubro października październik lokakuuta lokakuussa října říjen oct okt",
    "november novembre noviembre novembro listopada listopad marraskuuta marraskuussa nov",
    "december dezember décembre decembre diciembre dicembre dezembro desember grudnia grudzień joulukuuta joulukuussa prosince "
    "prosinec dec dez déc dic",
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}

DAY_WORDS = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday tomorrow tonight
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag montags dienstags mittwochs donnerstags freitags samstags
    sonntags übermorgen morgen
    lundi mardi mercredi jeudi vendredi samedi dimanche demain
    lunes martes miércoles jueves viernes sábado domingo mañana
    lunedì martedì mercoledì giovedì venerdì sabato domenica domani
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag overmorgen
    amanhã
    jutro środa środę środy
    måndag tisdag onsdag torsdag fredag lördag söndag imorgon
    mandag tirsdag lørdag søndag huomenna zítra
    pondělí středa středu středy čtvrtek čtvrtka pátek pátku neděle neděli
    """.split()  # noqa: SIM905 - words read better so
)
DAY_BEGINNINGS = (
    "poniedział", "wtor", "czwart", "piąt", "sobot", "niedziel", "maanantai", "tiistai", "keskiviik", "torstai", "perjantai",
    "lauantai", "sunnuntai", "úter",
)  # fmt: skip
DAY_PAIRS = frozenset(
    {
        "next week", "this week", "next month", "nächste woche", "nächster woche", "nächsten woche", "dieser woche", "diese woche",
        "semaine prochaine", "cette semaine", "próxima semana", "esta semana", "prossima settimana", "questa settimana",
        "volgende week", "deze week", "segunda feira", "terça feira", "quarta feira", "quinta feira", "sexta feira",
        "przyszłym tygodniu", "tym tygodniu", "i morgon", "i morgen", "nästa vecka", "næste uge", "neste uke", "ensi viikolla",
        "příští týden", "this month", "diesen monat", "dieses monats", "diesem monat", "ce mois", "este mes", "questo mese",
        "deze maand",
        "este mês", "tym miesiącu", "denna månad", "denne måned", "tässä kuussa", "tento měsíc",
        "before christmas", "by christmas", "until christmas", "vor weihnachten", "bis weihnachten", "avant noël", "antes navidad",
        "prima natale", "voor kerst", "przed świętami", "före jul", "före julen", "før jul", "ennen joulua", "před vánoci",
        "before easter", "by easter", "vor ostern", "bis ostern",
    }
)  # fmt: skip
MORNINGS = frozenset({"guten", "goede", "god", "la", "de", "am", "schönen", "fijne"})
"""Before `morgen` or `mañana` these make it the morning."""

_UNITS = {
    "hour": "hour hours hr hrs stunde stunden heure heures hora horas ora ore uur uren time timer timen",
    "minute": "minute minutes minuten minuto minutos minuti",
    "day": (
        "day days tag tage tagen werktag werktage werktagen arbeitstag arbeitstage arbeitstagen jour jours día días "
        "dia dias giorno giorni dag dagen dagar dager dage werkdag werkdagen hverdag hverdage "
        "hverdager arbetsdag arbetsdagar virkedager dni dnia dzień dny dnů dnech den"
    ),
    "week": (
        "week weeks woche wochen semaine semaines semana semanas settimana settimane weken tydzień vecka veckor uge uger uke uker"
    ),
    "month": ("month months monat monate monaten mois mes meses mese mesi maand maanden mês månad månader måned måneder"),
    "year": "year years jahr jahre jahren an ans année années año años anno anni jaar jaren ano anos lat år let",
}
UNITS = {name: unit for unit, names in _UNITS.items() for name in names.split()}
UNIT_BEGINNINGS = (
    ("godzin", "hour"), ("tunti", "hour"), ("tunni", "hour"), ("hodin", "hour"), ("timm", "hour"), ("minuut", "minute"),
    ("päiv", "day"), ("arkipäiv", "day"), ("tygod", "week"), ("viik", "week"), ("týdn", "week"), ("týden", "week"),
    ("miesi", "month"), ("kuukau", "month"), ("měsíc", "month"), ("rok", "year"), ("vuo", "year"),
)  # fmt: skip

WORKING_BEGINNINGS = (
    "business", "working", "ouvré", "ouvrable", "hábil", "laborable", "lavorativ", "úte", "robocz", "pracovní", "werk", "full",
)  # fmt: skip

RANGE_WORDS = frozenset({"to", "bis", "à", "a", "tot", "do", "till", "til", "or", "oder"})

LARGE_NUMBERS = (
    "hundred", "thousand", "hundert", "tausend", "cent", "cents", "mille", "cien", "ciento", "cientos", "mil", "cento", "duecento",
    "trecento", "mila", "honderd", "duizend", "hundra", "tusen", "hundrede", "hundre", "tusind", "sata", "sataa", "tuhat",
    "tuhatta",
    "sto", "stu", "dwieście", "trzysta", "tysiąc", "tisíc", "dvě stě", "twenty", "thirty", "forty", "fifty", "sixty", "seventy",
    "eighty",
    "ninety", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig", "vingt", "trente", "quarante",
    "cinquante", "soixante", "veinte", "treinta", "cuarenta", "cincuenta", "sesenta", "venti", "trenta", "quaranta", "cinquanta",
    "twintig", "dertig", "veertig", "vijftig", "vinte", "trinta", "quarenta", "cinquenta", "tjugo", "trettio", "fyrtio", "femtio",
    "tyve",
    "tredive", "femti", "halvtreds", "dwadzieścia", "trzydzieści", "pięćdziesiąt", "dvacet", "třicet", "padesát",
)  # fmt: skip
"""Endings of larger numbers in words, before a currency."""

NUMBER_WORDS = {
    name: number
    for number, names in (
        (2, "two zwei deux dos due twee dois duas dwa dwóch två kaksi kahden dva dvou"),
        (3, "three drei trois tres tre drie três trzy trzech kolme kolmen tři tří"),
        (4, "four vier quatre cuatro quattro quatro cztery czterech fyra fire neljä neljän čtyři"),
        (5, "five fünf cinq cinco cinque vijf pięć pięciu fem viisi viiden pět pěti"),
        (6, "six sechs seis sei zes sześć sex seks kuusi šest"),
        (7, "seven sieben sept siete sette zeven sete siedem sju syv seitsemän sedm"),
        (10, "ten zehn dix diez dieci tien dez dziesięć tio ti kymmenen deset"),
        (14, "fourteen vierzehn quatorze catorce quattordici veertien catorze czternaście fjorton fjorten čtrnáct"),
        (30, "thirty dreißig trente treinta trenta dertig trinta trzydzieści trettio tredive třicet"),
    )
    for name in names.split()
}
