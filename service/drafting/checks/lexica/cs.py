"""Czech."""

from __future__ import annotations

from service.drafting.checks.lexica.lexicon import Lexicon

_DONE = r"(?:byl|byla|bylo|byly|byli|je|jsou) (?:již |už |právě )*"

LEXICON = Lexicon(
    language="cs",
    promises={
        "refund": r"peníze (?:\w+ ){0,3}(?:vrát|vrac)|vrát\w+ (?:\w+ ){0,2}(?:peníz|peněz|částk|platb|kupní)"
        r"|vracíme (?:\w+ )?(?:peníz|částk)|vrácení (?:peněz"
        r"|částky|platby|kupní)|refund|peníze (?:zpět|vrát|vrac)|vrátíme (?:vám )?(?:cel|pen|část)|proplat",
        "discount": r"slev[auyo]|poukaz|kup[oó]n|kompenz|odškodn|dobropis|dárkov|bonus|voucher",
        "free": r"zdarma|bezplatn|na naše náklady|bez (?:dalších )?poplatk|jako dárek|gratis|nemusíte (?:\w+ ){0,2}platit",
        "replacement": r"náhradní|náhradu|vyměn|výměn|nov(?:ý|ou|é) (?:kus|zboží|balík|zásilk|produkt)|(?:pošl|posíl"
        r"|zašl)\w+ (?:\w+ ){0,3}(?:nov|jin|správn)",
        "guarantee": r"zaručujeme|garantujeme|slibujeme|slibuji|ručíme",
        "change": r"(?:změnili|upravili|opravili|aktualizovali) jsme|jsme (?:\w+ ){0,3}(?:změnili|upravili|opravili"
        r"|aktualizovali)|byl\w* (?:již |už )?(?:změněn|upraven|opraven|aktualizován)|(?:změníme|zrušíme|stornujeme"
        r"|opravíme)\b",
    },
    commits=r"(?:vrátíme|vracíme|pošleme|zašleme|vyměníme|poskytneme|dáme|nabídneme|obdržíte|dostanete|odškodníme"
    r"|proplatíme)\b|(?:bud\w+) (?:\w+ )?(?:vrácen|vyměněn|poskytnut|proplacen|uhrazen)|máte nárok|tady je|zde je",
    done=rf"schválen|schválili|přiznán|přiznali|{_DONE}(?:vrácen|zpracován|potvrzen|vyměněn|odeslán|proveden|vyplacen)"
    rf"|vrátili jsme|potvrz\w*\s?:",
    hedges=r"ohledně|týkaj|týká|prověř|předal|předáme|předám|žádost|požádal|žád|posoud|zjist|dotaz|podmín|zásad|možn|informov"
    r"|dáme (?:vám )?vědět|ozveme|rozhod|omlouv|mrzí|líto|stav\b|detail|chtěl|přání|přejete|zda\b|jestli|rozumím|chápeme|vyřiz"
    r"|ověř|čeká|postoup|kontaktovat",
    negations=r"nic|není|nejsou|nelze|ne|nebyl\w*|nemůž\w+|nebud\w+|nemáme|nejde|nikdy|bez(?! poplatk| dalších)|místo|nemá"
    r"|neslib\w+|nevr\w+|zatím ne\w*",
    no=r"žádn\w+",
    conditions=r"pokud|jakmile|až|když|zda|jestli|než|dokud|poté|v případě|po",
    joints=r"a|ale|takže|proto|potom|protože|který|která|kteří",
    states={
        "shipped": rf"{_DONE}(?:odeslán|expedován|předán\w* (?:dopravc|přepravc))|odeslali jsme|jsme (?:\w+ ){{0,3}}odeslali"
        rf"|na cestě|v přepravě",
        "delivered": rf"{_DONE}doručen|dorazil|doručili jsme",
        "returned": rf"{_DONE}(?:vrácen\w* (?:zpět|nám|na sklad))|obdrželi jsme (?:vaše |vámi )?vrácen",
        "cancelled": rf"{_DONE}(?:zrušen|stornován)|zrušili jsme|stornovali jsme",
        "refunded": rf"(?:peníze|částka|platba) (?:\w+ )?{_DONE}vrácen|peníze jsme|vrátili jsme (?:vám )?(?:peníze|částku)"
        rf"|{_DONE}refundován",
        "lost": r"se (?:\w+ )?ztratil|na celnici|u celníků",
        "paid": rf"{_DONE}(?:zaplacen|uhrazen)|obdrželi jsme (?:vaši )?platbu|platba byla přijata|jako zaplacen",
    },
    not_yet=r"bude|budou|budeme|může|mohou|můžete|má být|měl\w* by|musí|lze",
    aside=r"mrzí|líto|omlouv|zpráv|e-?mail|žádost|dotaz|štít|faktur|potvrzen|fot|odpověď",
    signs="a je na se že v s vám vaše vaši vás objednávka objednávky jsme byla byl pro do si by",
)
