"""Polish."""

from __future__ import annotations

from service.drafting.checks.lexica.lexicon import Lexicon

_DONE = r"(?:został\w*|zostało|jest|są|było|była|był) (?:już |właśnie )?"

LEXICON = Lexicon(
    language="pl",
    promises={
        "refund": r"pieni\w+ (?:\w+ ){0,2}zwróc|zwr\w+ (?:\w+ ){0,2}(?:pieni\w+|środk\w+|kwot\w+|koszt\w+|należno\w+"
        r"|płatno\w+)|zwrócimy|zwracamy"
        r"|zwrot\w* (?:pieniędzy|środków|kosztów|kwoty|należności)|refundac|odda(?:my|ć) (?:\w+ )?pieni|zwrot \d",
        "discount": r"rabat|zniżk|kupon|bon(?:u|y)? (?:podarunkow|zakupow|rabatow)|bon na|voucher|rekompens|odszkodowan"
        r"|kod rabatow|upust|zadośćuczyn",
        "free": r"za darmo|bezpłatn|nieodpłatn|gratis|darmow|w prezencie|na nasz koszt|bez (?:dodatkowych )?opłat"
        r"|nie musi\w* (?:\w+ ){0,2}płacić",
        "replacement": r"wymien|wymian|now[yąe]\w* (?:egzemplarz|produkt|paczk|towar|artykuł)|zamienn|wy(?:ślemy"
        r"|syłamy) (?:\w+ ){0,3}(?:now|inn|właściw)|ponown\w+ (?:wyśl|wysył)",
        "guarantee": r"gwarantujemy|gwarantuję|obiecujemy|obiecuję|zapewniamy",
        "change": r"(?:zmieniliśmy|zmieniłam|zmieniłem|zaktualizowaliśmy|poprawiliśmy)\b|został\w* (?:zmienion|zaktualizowan"
        r"|poprawion)|(?:zmienimy|anulujemy|poprawimy)\b",
    },
    commits=r"(?:zwrócimy|zwracamy|wyślemy|wysyłamy|wymienimy|przyznamy|przyznajemy|otrzyma(?:ją|cie|sz)?|dostan(?:ie|ą|iecie"
    r"|iesz)|oddamy|zrekompensujemy|podarujemy)\b|(?:zostan\w+|będzie|będą) (?:\w+ )?(?:zwrócon|wymienion|przyznan|wypłacon)"
    r"|przysługuje|oto (?:kod|kupon|bon)",
    done=rf"zatwierdz|przyzna(?:liśmy|no|ny|na)|zaakceptowa|{_DONE}(?:zwrócon|zrealizowan|przetworzon|potwierdzon|wymienion"
    rf"|wystawion|zlecon)|zwrócono|zwróciliśmy|potwierdza\w*\s?:|zleciliśmy",
    hedges=r"dotycz|w sprawie|sprawdz|przekaza|przekaż|prośb|poprosi|wniosek|wniosk|rozpatrz|zapyta|pytan|polityk|regulamin"
    r"|warunk|możliw|inform|poinform|wyjaśn|decyzj|zdecyd|przeprasz|przykro|status|szczegół|chciał|życz|czy\b|oceni|ustal"
    r"|rozumie|zobacz|odnośnie|zweryfik|zgłoszen|oczek",
    negations=r"nic|nie(?! tylko)|nigdy|bez(?! opłat| dodatkowych)|zamiast|niemożliw\w*",
    no=r"żad\w+",
    conditions=r"gdy|jeśli|jeżeli|kiedy|po otrzymaniu|po|jak tylko|czy|zanim|dopóki|w przypadku|skoro",
    joints=r"i|a|ale|więc|dlatego|oraz|który|która|ponieważ",
    states={
        "shipped": rf"{_DONE}(?:wysłan|nadan|przekazan\w+ (?:kurier|przewoźnik))|wysłaliśmy|nadaliśmy|wysłano|w drodze"
        rf"|w doręczeniu|w transporcie|w tranzycie",
        "delivered": rf"{_DONE}(?:doręczon|dostarczon)|dostarczono|doręczono|dostarczyliśmy|(?:paczka|przesyłka) dotarła|dotarło",
        "returned": rf"{_DONE}(?:odesłan|zwrócon[yae] do)|otrzymaliśmy (?:\w+ )?zwrot",
        "cancelled": rf"{_DONE}anulowan|anulowaliśmy|anulowano",
        "refunded": rf"(?:pieniądze|środki|kwota|płatność|należność) (?:\w+ )?{_DONE}zwrócon|zwrócono|zwróciliśmy"
        rf"|zwrot (?:\w+ )?{_DONE}(?:zrealizowan|wykonan|zlecon)",
        "lost": r"zaginę|w urzędzie celnym|u celników",
        "paid": rf"{_DONE}opłacon|otrzymaliśmy (?:\w+ )?płatność|płatność (?:\w+ )?{_DONE}(?:zaksięgowan|potwierdzon)"
        rf"|jako opłacon|zapłacon",
    },
    not_yet=r"będzie|będą|zostanie|zostaną|może|mogą|można|powinn\w+|musi|ma być|chcą|chce",
    aside=r"przykro|przeprasz|wiadomo|e-?mail|mail\w*|prośb|pytani|zgłoszeni|etykiet|faktur|potwierdzeni|zdjęci|odpowied",
    signs="i w na z do się jest że nie państwa państwu pani pan o po zamówienie zamówienia został została to",
)
