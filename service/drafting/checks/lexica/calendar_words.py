"""The words of dates and periods in thirteen languages, in lower case. No code but what turns them into tables."""

from __future__ import annotations

from collections.abc import Iterable

_MONTHS = (
    "january januar janvier enero gennaio januari janeiro stycznia styczeń styczniu tammikuuta tammikuun tammikuussa ledna "
    "leden jan janv ene "
    "gen sty led",
    "february februar février fevrier febrero febbraio februari fevereiro lutego luty lutym helmikuuta helmikuun února únor "
    "feb févr fév fev lut",
    "march märz maerz mars marzo maart março marca marzec marcu maaliskuuta maaliskuun března březen mar marts mär mrt",
    "april avril abril aprile kwietnia kwiecień kwietniu huhtikuuta huhtikuun dubna duben apr avr abr kwi",
    "may mai mayo maggio mei maio maja maj toukokuuta toukokuun května květen mag",
    "june juni juin junio giugno junho czerwca czerwiec czerwcu kesäkuuta kesäkuun června červen jun giu cze",
    "july juli juillet julio luglio julho lipca lipiec lipcu heinäkuuta heinäkuun července červenec jul juil lug lip",
    "august août aout agosto augustus sierpnia sierpień sierpniu elokuuta elokuun srpna srpen aug augusti ago sie",
    "september septembre septiembre settembre setembro września wrzesień wrześniu syyskuuta syyskuun září sept sep set wrz",
    "october oktober octobre octubre ottobre outubro października październik październiku lokakuuta lokakuun října říjen oct "
    "okt out ott paź",
    "november novembre noviembre novembro listopada listopad listopadzie marraskuuta marraskuun listopadu nov lis",
    "december dezember décembre decembre diciembre dicembre dezembro grudnia grudzień grudniu joulukuuta joulukuun prosince "
    "prosinec dec dez "
    "déc desember des dic gru",
)

MONTHS: dict[str, int] = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
MONTHS["listopadu"] = 11

CAPITAL_MONTHS = frozenset({"may", "march", "mar", "set", "out", "led", "des", "lis", "mag", "gen", "sie", "ago"})
"""Ordinary words as well: a month only where they are written with a capital, or stand before a year."""

_WEEKDAYS = (
    "monday mondays montag montags lundi lunes lunedì maandag segunda-feira poniedziałek poniedziałku måndag mandag maanantai "
    "maanantaina "
    "maanantaihin pondělí pondělka",
    "tuesday tuesdays dienstag dienstags mardi martes martedì dinsdag terça-feira wtorek wtorku tisdag tirsdag tiistai "
    "tiistaina tiistaihin "
    "úterý úterka",
    "wednesday wednesdays mittwoch mittwochs mercredi miércoles mercoledì woensdag quarta-feira środa środę środy środzie onsdag "
    "keskiviikko keskiviikkona keskiviikkoon středa středu středy",
    "thursday thursdays donnerstag donnerstags jeudi jueves giovedì donderdag quinta-feira czwartek czwartku torsdag torstai "
    "torstaina "
    "torstaihin čtvrtek čtvrtka",
    "friday fridays freitag freitags vendredi viernes venerdì vrijdag sexta-feira piątek piątku fredag perjantai perjantaina "
    "perjantaihin "
    "pátek pátku",
    "saturday saturdays samstag samstags sonnabend samedi sábado sabato zaterdag sobota sobotę soboty lördag lørdag lauantai "
    "lauantaina "
    "lauantaihin sobotu",
    "sunday sundays sonntag sonntags dimanche domingo domenica zondag niedziela niedzielę niedzieli söndag søndag sunnuntai "
    "sunnuntaina "
    "sunnuntaihin neděle neděli",
)

WEEKDAYS: dict[str, int] = {name: number for number, names in enumerate(_WEEKDAYS) for name in names.split()}
"""Monday is 0. The Portuguese ones are found by their first half and "feira"."""

TOMORROW = (
    "tomorrow", "übermorgen", "demain", "après-demain", "domani", "dopodomani", "overmorgen", "amanhã", "jutro", "pojutrze",
    "imorgon",
    "i morgon", "i övermorgon", "i morgen", "i overmorgen", "i overmorgon", "huomenna", "ylihuomenna", "zítra", "pozítří",
    "tonight", "next week", "this week", "next month", "end of the week", "end of the month", "end of the day", "this weekend",
    "next weekend", "nächste woche", "nächster woche", "nächsten woche", "diese woche", "dieser woche", "ende der woche",
    "nächsten monat",
    "heute abend", "semaine prochaine", "cette semaine", "fin de la semaine", "mois prochain", "ce soir", "próxima semana",
    "semana que viene", "esta semana", "esta noche", "fin de semana", "próximo mes", "prossima settimana", "settimana prossima",
    "questa settimana", "fine settimana", "stasera", "volgende week", "deze week", "eind van de week", "vanavond", "semana que vem",
    "fim da semana", "próximo mês", "przyszłym tygodniu", "tym tygodniu", "końca tygodnia", "dziś wieczorem", "nästa vecka",
    "den här veckan", "slutet av veckan", "ikväll", "næste uge", "denne uge", "slutningen af ugen", "i aften", "neste uke",
    "denne uken",
    "slutten av uken", "i kveld", "ensi viikolla", "tällä viikolla", "viikon loppuun", "tänä iltana", "příští týden", "tento týden",
    "konce týdne", "dnes večer",
    "christmas", "weihnachten", "noël", "navidad", "natale", "kerst", "kerstmis", "natal", "boże narodzenie",
    "bożym narodzeniem", "świętami",
    "jul", "julen", "joulua", "jouluksi", "vánoci", "vánocemi", "easter", "ostern", "pâques", "pascua", "pasqua", "pasen", "páscoa",
    "new year", "silvester", "black friday",
)  # fmt: skip
"""Days that are told from today. Those with a meaning besides, such as a German morning, are told apart in the code."""

WISHES = frozenset(
    """
    nice lovely great happy good schönen schöner schönes erholsamen bon bonne buen buena feliz buon buona fijne fijn prettig bom boa
    miłego miłej trevlig fin fint god hyvää mukavaa hezký pěkný krásný
    """.split()  # noqa: SIM905 - words read better so
)
"""Before a weekday or a weekend they make it a wish."""

YESTERDAY = frozenset({"yesterday", "gestern", "ayer", "ieri", "gisteren", "ontem", "wczoraj", "igår", "eilen", "včera"})

_COUNTS = {
    "en": "two three four five six seven eight nine ten",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn",
    "fr": "deux trois quatre cinq six sept huit neuf dix",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez",
    "it": "due tre quattro cinque sei sette otto nove dieci",
    "nl": "twee drie vier vijf zes zeven acht negen tien",
    "pt": "dois três quatro cinco seis sete oito nove dez",
    "pl": "dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć",
    "sv": "två tre fyra fem sex sju åtta nio tio",
    "da": "to tre fire fem seks syv otte ni ti",
    "no": "to tre fire fem seks sju åtte ni ti",
    "fi": "kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän kymmenen",
    "cs": "dva tři čtyři pět šest sedm osm devět deset",
}
_MORE_COUNTS = {
    "en": {"twelve": 12, "fourteen": 14, "twenty": 20, "twenty-four": 24, "thirty": 30},
    "de": {"zwölf": 12, "vierzehn": 14, "zwanzig": 20, "dreißig": 30},
    "fr": {"quatorze": 14, "quinze": 15, "vingt": 20, "trente": 30},
    "es": {"catorce": 14, "quince": 15, "veinte": 20, "treinta": 30},
    "it": {"quattordici": 14, "quindici": 15, "venti": 20, "trenta": 30},
    "nl": {"veertien": 14, "twintig": 20, "dertig": 30},
    "pt": {"duas": 2, "catorze": 14, "quinze": 15, "vinte": 20, "trinta": 30},
    "pl": {"dwie": 2, "dwóch": 2, "trzech": 3, "pięciu": 5, "siedmiu": 7, "czternaście": 14, "czternastu": 14, "trzydzieści": 30},
    "sv": {"fjorton": 14, "trettio": 30},
    "da": {"fjorten": 14, "tredive": 30},
    "no": {"fjorten": 14, "tretti": 30},
    "fi": {"kahden": 2, "kolmen": 3, "viiden": 5, "seitsemän": 7, "neljäntoista": 14, "kolmenkymmenen": 30},
    "cs": {"dvě": 2, "dvou": 2, "tří": 3, "pěti": 5, "sedmi": 7, "čtrnáct": 14, "čtrnácti": 14, "třicet": 30, "třiceti": 30},
}

COUNTS: dict[str, dict[str, int]] = {}
"""Number words: by language the number that they are."""
for _language, _names in _COUNTS.items():
    for _number, _name in enumerate(_names.split(), start=2):
        COUNTS.setdefault(_name, {})[_language] = _number
for _language, _more in _MORE_COUNTS.items():
    for _name, _number in _more.items():
        COUNTS.setdefault(_name, {})[_language] = _number

ONE = frozenset(
    """
    a an one ein eine einen einem einer eines un une uno una één een um uma jeden jedna jednego en ett et yhden jeden
    """.split()  # noqa: SIM905 - words read better so
)
WITHIN = frozenset(
    """
    within in innerhalb binnen dans sous en dentro entro tra fra over ciągu inom om inden innen sisällä do během za w
    """.split()  # noqa: SIM905 - words read better so
)
"""Before one of something they make it a period."""

_UNITS = {
    "en": "hour: hour hours hr hrs; minute: minute minutes min; day: day days; week: week weeks; month: month months; year: "
    "year years",
    "de": "hour: stunde stunden std; minute: minute minuten min; day: tag tage tagen werktag werktage werktagen arbeitstag "
    "arbeitstage "
    "arbeitstagen tägige tägiges tägigen tägiger; week: woche wochen wöchige; month: monat monate monaten; year: jahr jahre jahren",
    "fr": "hour: heure heures h; minute: minute minutes; day: jour jours; week: semaine semaines; month: mois; year: an ans "
    "année années",
    "es": "hour: hora horas; minute: minuto minutos; day: día días dia dias; week: semana semanas; month: mes meses; year: año "
    "años",
    "it": "hour: ora ore; minute: minuto minuti; day: giorno giorni; week: settimana settimane; month: mese mesi; year: anno anni",
    "nl": "hour: uur uren; minute: minuut minuten; day: dag dagen werkdag werkdagen; week: week weken; month: maand maanden; "
    "year: jaar jaren",
    "pt": "hour: hora horas; minute: minuto minutos; day: dia dias; week: semana semanas; month: mês meses; year: ano anos",
    "pl": "hour: godzina godziny godzin godzinę; minute: minuta minuty minut; day: dzień dni dnia; week: tydzień tygodnie tygodni "
    "tygodnia; month: miesiąc miesiące miesięcy miesiąca; year: rok lata lat roku",
    "sv": "hour: timme timmar; minute: minut minuter; day: dag dagar dagars arbetsdag arbetsdagar vardagar; week: vecka veckor "
    "veckors; "
    "month: månad månader; year: år års",
    "da": "hour: timer; minute: minut minutter; day: dag dage dages hverdag hverdage arbejdsdag arbejdsdage; week: uge uger ugers; "
    "month: måned måneder; year: år års",
    "no": "hour: timer; minute: minutt minutter; day: dag dager dagers virkedag virkedager arbeidsdag arbeidsdager; week: uke uker "
    "ukers; month: måned måneder; year: år års",
    "fi": "hour: tunti tuntia tunnin; minute: minuutti minuuttia minuutin; day: päivä päivää päivän arkipäivä arkipäivää "
    "arkipäivän "
    "työpäivää työpäivän; week: viikko viikkoa viikon; month: kuukausi kuukautta kuukauden; year: vuosi vuotta vuoden",
    "cs": "hour: hodina hodiny hodin; minute: minuta minuty minut; day: den dny dní dnů dnech; week: týden týdny týdnů; month: "
    "měsíc "
    "měsíce měsíců; year: rok roky let",
}

UNITS: dict[str, dict[str, str]] = {}
"""Words for a stretch of time: by language the unit that they are."""
for _language, _units in _UNITS.items():
    for _unit in _units.split(";"):
        _kind, _, _forms = _unit.strip().partition(":")
        for _form in _forms.split():
            UNITS.setdefault(_form, {})[_language] = _kind

WORKING = frozenset(
    """
    business working calendar full ouvrés ouvrables ouvré calendaires hábiles laborables naturales lavorativi úteis robocze
    roboczych
    roboczy pracovní pracovních pracovními volle full hele
    """.split()  # noqa: SIM905 - words read better so
)
"""They stand between a number and its days, or behind them."""

RANGE = frozenset(
    """
    to or bis oder à ou a o tot of do lub till eller til - až nebo tai
    """.split()  # noqa: SIM905 - words read better so
)
"""Between two numbers they make a range."""


def starts_of(phrases: Iterable[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return phrases as tuples of words, by their first word."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        parts = tuple(phrase.replace("-", " ").split())
        found.setdefault(parts[0], []).append(parts)
    return {first: tuple(sorted(each, key=len, reverse=True)) for first, each in found.items()}
