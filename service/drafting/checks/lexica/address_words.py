"""The words by which people are greeted and addressed in thirteen languages. Tables, and no code."""

from __future__ import annotations

GREETINGS = (
    "hello|hi|hey|dear|greetings|good (?:morning|day|afternoon|evening)"
    "|hallo|guten (?:tag|morgen|abend)|liebe[rs]?|sehr geehrte[rs]?|moin|grüezi|servus|grüß gott"
    "|bonjour|bonsoir|chère?s?|madame|monsieur|salut"
    "|hola|buenos días|buenas (?:tardes|noches)|estimad[oa]s?|querid[oa]s?|apreciad[oa]"
    "|buongiorno|buonasera|ciao|salve|gentile|egregi[oa]|gentilissim[oa]|car[oia]s?"
    "|goedendag|goedemorgen|goedemiddag|goedenavond|beste|geachte|dag"
    "|olá|bom dia|boa (?:tarde|noite)|prezad[oa]s?|exm[oa]\\.?|oi"
    "|dzień dobry|witaj|witam|cześć|szanown[aey]|drog[ia]"
    "|hej|hejsan|bästa|god (?:dag|morgen|morgon|kväll|aften)|kære|hei|kjære"
    "|terve|hyvä|moi|hyvää päivää|arvoisa"
    "|dobrý den|ahoj|vážen[áýí]|milý|milá|dobré ráno"
)
"""How the first line of a reply begins."""

ADDRESSED = frozenset(
    """
    hello hi hey dear greetings good morning day afternoon evening there all everyone everybody team customer customers friend
    friends sir
    sirs madam mr mrs ms miss dr prof and or vip valued again from to you your thank thanks for
    hallo guten tag morgen abend liebe lieber liebes sehr geehrte geehrter geehrtes damen und herren herr frau kundin kunde
    kunden zusammen
    nochmals danke vielen dank für ihre grüße moin grüezi servus gott
    bonjour bonsoir cher chère chers chères madame monsieur mesdames messieurs cliente client clients et à tous équipe merci pour
    votre
    hola buenos días buenas tardes noches estimado estimada estimados estimadas querido querida señor señora señores sr sra
    cliente clientes
    y equipo gracias por su
    buongiorno buonasera ciao salve gentile gentilissimo gentilissima egregio egregia caro cara cari signor signora signori sig
    cliente
    grazie per il
    goedendag goedemorgen goedemiddag goedenavond beste geachte dag heer mevrouw meneer klant en bedankt voor uw
    olá oi bom dia boa tarde noite prezado prezada prezados caro cara senhor senhora exmo exma cliente obrigado obrigada pela
    dzień dobry witaj witam cześć szanowna szanowny szanowni szanowne państwo pani pan panie panią panu drogi droga kliencie
    klientko
    klientka dziękujemy
    hej hejsan bästa god dag morgen morgon kväll aften kära kære kund kunde hei kjære tack tak takk för for
    terve hyvä moi hyvää päivää arvoisa asiakas asiakkaamme kiitos herra rouva
    dobrý den ahoj vážený vážená vážení milý milá dobré ráno zákazníku zákaznice zákazníci pane paní děkujeme
    """.split()  # noqa: SIM905 - words read better so
)
"""What stands in a greeting and names nobody."""

TITLES = (
    "Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Herrn?|Frau|Mme|Mlle|Madame|Monsieur|Señor|Señora|Sr|Sra|Signora?|Sig|Sig\\.ra|Dott|Mevrouw"
    "|mevrouw|Meneer"
    "|meneer|dhr|Dhr|mevr|Mevr|Senhora?|Exm[oa]|Herra|Rouva|Fru|fru|Herr|Hr|hr|frøken"
)
DOTTED_TITLES = "M"
"""Titles only with a dot behind them."""

SLAVIC_TITLES = "Pan|Pani|Pana|Panu|Panią|Panem|Panie|Paní|Pane|pan|pani|pana|paní|pane"
"""Titles in Polish and Czech, where names change their endings as well."""

NO_NAMES = frozenset(
    """
    the your our my this that these those we you it in on at for if as and but no yes please thank thanks best kind warm
    unfortunately once
    der die das den dem ein eine einen einem ihr ihre ihren ihrem ihrer unser unsere mein meine diese dieser dieses wir sie im in
    am zu
    zum zur mit von vom für bei nach und oder bitte vielen leider wenn sobald
    le la les un une votre vos notre nos ce cette nous vous en dans pour el los las una su sus nuestro nuestra este esta il lo
    gli suo sua
    nostro nostra questo questa uw de het een onze dit deze o os as a seu sua nosso nossa din ditt vår vårt deres
    """.split()  # noqa: SIM905 - words read better so
)
"""What begins a sentence before a capital, in German before any noun."""
