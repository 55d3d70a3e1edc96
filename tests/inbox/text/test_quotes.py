"""What the writer wrote now, what is quoted, what is signature: as mail programs in nine languages write it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.inbox.text.quotes import SplitText, split_reply

INTROS = [
    # Gmail
    "On Mon, Nov 23, 2026 at 10:15 AM Shop Support <support@shop.example> wrote:",
    "On Mon, Nov 23, 2026 at 10:15 AM Shop Support of the North <\nsupport@shop.example> wrote:",
    "Am Mo., 23. Nov. 2026 um 10:15 Uhr schrieb Shop <support@shop.example>:",
    "Am Mo., 23. Nov. 2026 um 10:15 Uhr schrieb Shop Support <\nsupport@shop.example>:",
    "Le lun. 23 nov. 2026 à 10:15, Shop <support@shop.example> a écrit :",
    "Le lun. 23 nov. 2026 à 10:15, Shop <support@shop.example> a\u00a0écrit\u00a0:",
    "El lun, 23 nov 2026 a las 10:15, Shop (<support@shop.example>) escribió:",
    "Il giorno lun 23 nov 2026 alle ore 10:15 Shop <support@shop.example> ha scritto:",
    "Op ma 23 nov 2026 om 10:15 schreef Shop <support@shop.example>:",
    "Em seg., 23 de nov. de 2026 às 10:15, Shop <support@shop.example> escreveu:",
    "Shop <support@shop.example> escreveu no dia segunda, 23/11/2026 à(s) 10:15:",
    "pon., 23 lis 2026 o 10:15 Shop <support@shop.example> napisał(a):",
    "2026年11月23日(月) 10:15 Shop <support@shop.example>:",
    # Gmail's newer spaces, other countries, and lines wrapped where it does
    "On Mon, Nov 23, 2026 at 10:15\u202fAM Shop Support <support@shop.example> wrote:",
    "On Mon, 23 Nov 2026, 10:15 Shop Support of the North and of the West, <\nsupport@shop.example> wrote:",
    "Am Mo., 23. Nov. 2026 um 10:15\u202fUhr schrieb Shop Support\n<support@shop.example>:",
    "Le\u00a0lun. 23 nov. 2026 à\u00a010:15, Shop <support@shop.example> a écrit\u202f:",
    "Le lun. 23 nov. 2026, à 10 h 15, Shop Support <\nsupport@shop.example> a écrit :",
    "El lun., 23 nov. 2026 10:15 a.\u00a0m., Shop <support@shop.example>\nescribió:",
    "Il giorno lun 23 nov 2026 alle ore 10:15 Shop Support <\nsupport@shop.example> ha scritto:",
    "Op ma 23 nov 2026 om 10:15 schreef Shop Support <\nsupport@shop.example>:",
    "Em seg., 23 de nov. de 2026 às 10:15, Shop Support <\nsupport@shop.example> escreveu:",
    "Shop <support@shop.example> escreveu (segunda, 23/11/2026 à(s) 10:15):",
    "pon., 23 lis 2026 o 10:15 Shop Support <\nsupport@shop.example> napisał(a):",
    "2026年11月23日(月) 10:15 Shop Support <\nsupport@shop.example>:",
    "2026年11月23日(月)\u300010:15 Shop <support@shop.example>\uff1a",
    "2026年11月23日(月) 10:15に Shop <support@shop.example> のメッセージ:",
    # Apple Mail
    "On 23. Nov 2026, at 10:15, Shop <support@shop.example> wrote:",
    "Am 23.11.2026 um 10:15 schrieb Shop <support@shop.example>:",
    "Le 23 nov. 2026 à 10:15, Shop <support@shop.example> a écrit :",
    "El 23 nov 2026, a las 10:15, Shop <support@shop.example> escribió:",
    "Il giorno 23 nov 2026, alle ore 10:15, Shop <support@shop.example> ha scritto:",
    "Op 23 nov. 2026 om 10:15 heeft Shop <support@shop.example> het volgende geschreven:",
    "No dia 23/11/2026, às 10:15, Shop <support@shop.example> escreveu:",
    "Wiadomość napisana przez Shop <support@shop.example> w dniu 23 lis 2026, o godz. 10:15:",
    "2026/11/23 10:15、Shop <support@shop.example>のメール:",
    "On Nov 23, 2026, at 10:15\u202fAM, Shop Support <support@shop.example>\nwrote:",
    "On Nov 23, 2026, at 10:15 AM, Shop Support wrote:",
    "Em 23 de nov. de 2026, à(s) 10:15, Shop <support@shop.example> escreveu:",
    "A 23/11/2026, às 10:15, Shop <support@shop.example> escreveu:",
    # Outlook for Mac
    'On 23/11/2026, 10:15, "Shop" <support@shop.example> wrote:',
    'Am 23.11.26, 10:15 schrieb "Shop" <support@shop.example>:',
    "Le 23/11/2026 10:15, «\u00a0Shop\u00a0» <support@shop.example> a écrit\u00a0:",
    'Op 23-11-2026 10:15 heeft "Shop" <support@shop.example> geschreven:',
    "Dnia 23.11.2026, 10:15 „Shop” <support@shop.example> napisał:",
    # Thunderbird, Yahoo, Outlook for telephones
    "On 23/11/2026 10:15, Shop Support wrote:",
    "Am 23.11.26 um 10:15 schrieb Shop Support:",
    "Le 23/11/2026 à 10:15, Shop a écrit :",
    "Il 23/11/2026 10:15, Shop ha scritto:",
    "W dniu 23.11.2026 o 10:15, Shop pisze:",
    "Op 23-11-2026 om 10:15 schreef Shop:",
    "On Monday, November 23, 2026 at 10:15:00 AM EST, Shop <support@shop.example> wrote:",
    "Shop <support@shop.example> schrieb am Mo., 23. Nov. 2026, 10:15:",
    "Shop <support@shop.example> wrote:",
    "2026/11/23 10:15、Shopさんは書きました:",
    "El 23/11/26 a las 10:15, Shop escribió:",
    "Em 23/11/2026 10:15, Shop escreveu:",
    "Às 10:15 de 23/11/2026, Shop escreveu:",
    "On 2026/11/23 10:15, Shop wrote:",
    "(2026/11/23 10:15), Shop wrote:",
    "2026-11-23 (月) の 10:15 +0900 に Shop さんは書きました:",
    "In data lunedì 23 novembre 2026 10:15:00 CET, Shop ha scritto:",
    "Am Montag, 23. November 2026 um 10:15:00 MEZ hat Shop <support@shop.example> Folgendes geschrieben:",
    "On Monday, November 23, 2026 at 10:15:00 AM EST, Jane Roe wrote:",
    "Em segunda-feira, 23 de novembro de 2026 às 10:15:00 BRT, Shop <support@shop.example> escreveu:",
    "Shop Support <support@shop.example> schrieb am Mo., 23. Nov. 2026,\n10:15:",
    "Em 23 de novembro de 2026 às 10:15:35, Shop Support (\nsupport@shop.example) escreveu:",
]
QUOTE_INTROS = [
    # With `>` lines below, less will do.
    "Shop Support wrote on 11/23/26 10:15:",
    "Shop Support schrieb am 23.11.26 um 10:15:",
    "Shop escreveu às 10:15 de 23/11/2026:",
    "On Monday, 23.11.2026, Shop wrote:",
    "Shopさんは 2026/11/23 10:15 に書きました:",
]
BLOCKS = [
    "From: Shop <support@shop.example>\nSent: Monday, November 23, 2026 10:15 AM\nTo: Ada <ada@x.example>\nSubject: Order",
    "________________________________\nFrom: Shop\nSent: Monday\nTo: Ada\nSubject: Your order",
    "________________________________\n\nVon: Shop\nGesendet: Montag\nAn: Ada\nBetreff: Ihre Bestellung",
    "*From:* Shop\n*Date:* Monday\n*To:* Ada\n*Subject:* Your order",
    "-----Original Message-----\nFrom: Shop\nSent: Monday\nTo: Ada\nSubject: x",
    "-----Ursprüngliche Nachricht-----\nVon: Shop\nGesendet: Montag",
    "Gesendet: Montag, 23. November 2026 um 10:15 Uhr\nVon: Shop <support@shop.example>\nAn: Ada\nBetreff: Ihre Bestellung",
    "De : Shop\nEnvoyé : lundi\nÀ : Ada\nObjet : Commande",
    "De: Shop\nEnviado el: lunes\nPara: Ada\nAsunto: Pedido",
    "Da: Shop\nInviato: lunedì\nA: Ada\nOggetto: Ordine",
    "Van: Shop\nVerzonden: maandag\nAan: Ada\nOnderwerp: Bestelling",
    "De: Shop\nEnviada em: segunda\nPara: Ada\nAssunto: Pedido",
    "Od: Shop\nWysłano: poniedziałek\nDo: Ada\nTemat: Zamówienie",
    "差出人: Shop\n送信日時: 2026年11月23日\n宛先: Ada\n件名: 注文",
    "差出人\uff1aShop\n日付\uff1a2026年11月23日\n宛先\uff1aAda\n件名\uff1a注文",
    "From: Shop <support@shop.example<mailto:support@shop.example>>\nDate: Monday, 23 November 2026\nTo: Ada\nSubject: Order",
    "De\u00a0: Shop\nEnvoyé\u00a0: lundi\nÀ\u00a0: Ada\nCc\u00a0: Eve\nObjet\u00a0: Commande",
    "De: Shop\nEnviado\u00a0el: lunes\nPara: Ada\nAsunto: Pedido",
    "*Von:*\u00a0Shop\n*Gesendet:*\u00a0Montag\n*An:*\u00a0Ada\n*Betreff:*\u00a0Bestellung",
    "Van: Shop\nDatum: maandag\nAan: Ada\nOnderwerp: Bestelling",
    "Da: Shop\nData: lunedì\nA: Ada\nOggetto: Ordine",
    "Sujet : Commande\nDate : lundi\nDe : Shop\nPour : Ada",
    "-------- Message original --------\nDe : Shop",
    "--- Treść oryginalnej wiadomości ---",
    "-------- 元のメッセージ --------",
    "---------- Forwarded message ---------\nFrom: Shop",
    "-------- Weitergeleitete Nachricht --------\nBetreff: x",
    "-------- Message transféré --------",
    "Begin forwarded message:",
    "Anfang der weitergeleiteten Nachricht:",
    "Début du message réexpédié :",
    "Inizio messaggio inoltrato:",
    "Początek przekazywanej wiadomości:",
    "転送されたメッセージ:",
]
DEVICES = [
    "Sent from my iPhone",
    "Sent from Outlook for iOS",
    "Get Outlook for Android<https://aka.example/x>",
    "Sent from Mail for Windows",
    "Sent from Yahoo Mail on Android",
    "Von meinem iPhone gesendet",
    "Gesendet mit der GMX Mail App",
    "Diese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.",
    "Outlook für iOS beschaffen",
    "Envoyé de mon iPhone",
    "Obtenez Outlook pour iOS",
    "Enviado desde mi iPhone",
    "Inviato da iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Enviado do meu iPhone",
    "Wysłane z iPhone'a",
    "iPhoneから送信",
    "Outlook für Android beziehen",
    "Télécharger Outlook pour Android<https://aka.example/x>",
    "Obtener Outlook para iOS",
    "Scarica Outlook per iOS",
    "Download Outlook voor Android",
    "Obter o Outlook para iOS",
    "Pobierz Outlooka dla Androida",
    "Outlook for iOS を入手",
    "Outlook for Android をダウンロード",
    "Android 用 Outlook を取得",
    "Diese E-Mail wurde von meinem Smartphone verschickt",
    "Holen Sie sich Outlook für iOS",
    "Verzonden met mijn telefoon",
    "Ottieni Outlook per iOS",
    "Obtén Outlook para iOS",
    "Ontvang Outlook voor iOS",
    "Uzyskaj Outlooka dla systemu iOS",
]
PLAIN = [
    "On Monday the driver wrote:\nNobody at home.\nWhat now?",
    "On 23 November 2026 I wrote:\nplease cancel.\nNothing happened.",
    "Am 10.11.2026 um 10:15 schrieb ich Ihnen:\nkeine Antwort!",
    "On 23.11.2026 your driver wrote:\nNobody at home.\nWhat now?",
    "On Monday at 10:15 the driver wrote:\nNobody at home.\nWhat now?",
    "On Nov 23, 2026 at 10:15 your driver wrote:\nNobody at home.\nWhat now?",
    "On Monday support@shop.example wrote:\nYou get it back.\nWhen?",
    "Am Montag schrieb der Fahrer:\nNiemand da.\nUnd nun?",
    "Am 23.11.2026 um 10:15 schrieb mir der Fahrer:\nNiemand da.\nUnd nun?",
    "Frau Maier schrieb am 23.11.2026 um 10:15:\nEs kommt morgen.\nNichts kam.",
    "Le 23/11/2026 à 10:15, le livreur m'a écrit :\nPersonne.\nEt maintenant ?",
    "Le 23/11/2026 le livreur a écrit :\nPersonne.\nEt maintenant ?",
    "El 23/11/2026 a las 10:15, el repartidor me escribió:\nNadie.\n¿Y ahora?",
    "Il 23/11/2026 alle 10:15, il corriere mi ha scritto:\nNessuno.\nE ora?",
    "Op 23-11-2026 om 10:15 schreef hij:\nNiemand thuis.\nEn nu?",
    "Em 23/11/2026 às 10:15, o motorista me escreveu:\nNinguém.\nE agora?",
    "W dniu 23.11.2026 kurier napisał:\nNikogo.\nI co teraz?",
    "店員さんは書きました:\n明日届きます。\n届きません。",
    "2026年11月23日にお店からのメール:\n明日届きます。\n届きません。",
    "From: Berlin\nTo: Hamburg\nis the parcel lost?",
    "From: Berlin\nDate: 23.11.2026\nTo: Hamburg\nis the parcel lost?",
    "Subject: my order\nplease help",
    "Von meinem Handy aus kann ich nicht bestellen.",
    "Sent from the shop on Monday, it never arrived.",
    "Mail me at:\nada@customer.example",
    "Items:\n-----\na jacket\n--\n" + "one more line\n" * 11 + "end",
    "a -- b\n--c",
    "---",
]


@pytest.mark.parametrize("intro", [*INTROS, *QUOTE_INTROS])
def test_split_reply_when_a_program_introduces_a_quote_then_it_is_split_off(intro: str) -> None:
    quote = f"{intro}\n\n> Dear Ada,\n>\n> it is on its way."

    assert split_reply(f"Thanks!\n\n{quote}") == SplitText("Thanks!", quote, "")
    assert split_reply(f"Thanks!\n\n{quote}\n\nOne more question.\n") == SplitText("Thanks!\n\nOne more question.", quote, "")


@pytest.mark.parametrize("mark", [*INTROS, *BLOCKS])
def test_split_reply_when_the_quote_has_no_marks_then_all_below_is_quoted(mark: str) -> None:
    quote = f"{mark}\n\nDear Ada,\n\nit is on its way."

    split = split_reply(f"Thanks!\n\n{quote}\n")

    assert (split.reply, split.quoted, split.signature) == ("Thanks!", quote, "")


@pytest.mark.parametrize("text", PLAIN)
def test_split_reply_when_a_person_writes_what_looks_alike_then_it_stays(text: str) -> None:
    # With words above, since a mail that is nothing but a quote is all reply.
    assert split_reply(f"Hello,\n\n{text}") == SplitText(f"Hello,\n\n{text}", "", "")


@pytest.mark.parametrize("line", DEVICES)
def test_split_reply_when_a_telephone_adds_its_line_then_it_is_signature(line: str) -> None:
    assert split_reply(f"Where is it?\n\n{line}\n\nOn 23/11/2026 10:15, Shop wrote:\n> Hi") == SplitText(
        "Where is it?", "On 23/11/2026 10:15, Shop wrote:\n> Hi", line
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", SplitText("", "", "")),
        (" \n", SplitText(" ", "", "")),
        ("Hello\n\n-- \nAda\nTel. 1", SplitText("Hello", "", "-- \nAda\nTel. 1")),
        ("Hello\r\n--\r\nAda\r\n> quoted\r\nbelow", SplitText("Hello\nbelow", "> quoted", "--\nAda")),
        ("> a?\nyes\n> b?\n\nno", SplitText("yes\nno", "> a?\n> b?", "")),
        (">> deep\n> less\nanswer", SplitText("answer", ">> deep\n> less", "")),
        ("> only\n> quoted", SplitText("> only\n> quoted", "", "")),
        ("Begin forwarded message:\n\nFrom: Shop\n\nHi", SplitText("Begin forwarded message:\n\nFrom: Shop\n\nHi", "", "")),
        ("\n-- \nAda", SplitText("-- \nAda", "", "")),
        ("Sent from my iPhone\n\n> a", SplitText("Sent from my iPhone\n\n> a", "", "")),
        ("Hi\n-----Original Message-----\n> Hi\nbelow", SplitText("Hi\nbelow", "-----Original Message-----\n> Hi", "")),
    ],
)  # fmt: skip
def test_split_reply_when_parts_are_mixed_then_each_line_has_its_place(text: str, expected: SplitText) -> None:
    assert split_reply(text) == expected


@pytest.mark.parametrize("size", [40_000, 400_000])
@pytest.mark.parametrize(
    "piece",
    [
        "On a ", "On x\n", "On 2026\n", "From: a\n", "From: a\nTo: b\n", ">", "> \n", "-- \n", "--\n", "-",
        "_____\n", "_____\n\n\n", "\n", " \n",
        "on 2026 " + "wrote " * 48 + "wrote:\n", "am 2026 " + "schrieb " * 30 + "x:\n", "a> wrote on 10:15 " * 16 + ":\n",
        "a@b.example <a@" * 19 + ":\n",
        "sent from my iphone iphone iphone iphone iphone x" * 2 + "!\n", "-- forwarded message " * 14 + "\n",
    ],
)  # fmt: skip
def test_split_reply_when_the_text_is_made_to_stall_it_then_no_line_is_lost(piece: str, size: int) -> None:
    text = piece * (size // len(piece))

    split = split_reply(text)

    assert sum(len(part.split()) for part in (split.reply, split.quoted, split.signature)) == len(text.split())


@given(
    lines=st.lists(
        st.one_of(st.text(max_size=20), st.sampled_from([*INTROS, *BLOCKS, *DEVICES, *PLAIN, "", "> a", "-- ", "--", "words"])),
        max_size=12,
    )
)
@settings(max_examples=100, deadline=None)
def test_split_reply_when_the_text_is_any_then_each_line_is_in_one_part_once(lines: list[str]) -> None:
    text = "\n".join(lines)

    split = split_reply(text)

    kept = "\n".join((split.reply, split.quoted, split.signature)).split("\n")
    assert sorted(filter(str.strip, kept)) == sorted(filter(str.strip, text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))
    assert bool(split.reply.strip()) == bool(text.strip())


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        ("---------- Forwarded message ---------", True),
        ("Begin forwarded message:", True),
        ("-------- Weitergeleitete Nachricht --------", True),
        ("-------- Message transféré --------", True),
        ("---------- Mensaje reenviado ----------", True),
        ("---------- Messaggio inoltrato ----------", True),
        ("-------- Doorgestuurd bericht --------", True),
        ("---------- Mensagem encaminhada ----------", True),
        ("---------- Przekazana wiadomość ----------", True),
        ("-------- 転送メッセージ --------", True),
        ("-----Original Message-----", False),
        ("-----Ursprüngliche Nachricht-----", False),
        ("-----Message d'origine-----", False),
        ("-----元のメッセージ-----", False),
    ],
)
def test_split_reply_when_the_mark_says_forwarded_then_it_is_told_from_a_quote(mark: str, expected: bool) -> None:
    split = split_reply(f"See below.\n\n{mark}\nFrom: Courier <a@b.example>\nSubject: Parcel\n\nLost.")

    assert (split.reply, split.has_forward) == ("See below.", expected)
