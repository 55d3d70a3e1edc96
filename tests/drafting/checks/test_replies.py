"""Good replies pass and bad ones do not, in thirteen languages: one sentence too much is enough."""

from __future__ import annotations

import pytest

from service.drafting.checks import check_draft, promised_sentences
from service.drafting.types import Excerpt, Promise
from tests.drafting.checks.replies import ARTICLES, POLICY, REFUND, STATUS, blocking, draft, snapshot_in

PROMPT = "You draft replies for the support team of an online shop. A person of the team reads each draft before it is sent."

GOOD = [(language, replies[language]) for language in ARTICLES for replies in (STATUS, REFUND, POLICY)]

BAD = [
    # Numbers of nobody, of another customer, or as the customer claimed them.
    ("en", "Your other order NW-99999 is ready.", "order_number"),
    ("en", "Order 555 is ready.", "order_number"),
    ("en", "It is about #77, I see.", "order_number"),
    ("en", "Your reference is OTH-555.", "order_number"),
    ("en", "Your code is \uff19\uff19\uff19\uff19.", "order_number"),
    ("en", "Your code is 9\u200b9\u200b9\u200b9.", "order_number"),
    ("de", "Ihre Bestellung 99999 ist bei uns.", "order_number"),
    ("fr", "Votre commande 99999 est chez nous.", "order_number"),
    ("es", "Su pedido 99999 está con nosotros.", "order_number"),
    ("fi", "Tilauksesi 99999 on meillä.", "order_number"),
    ("en", "The second parcel has the number 00340434161094099999.", "tracking_number"),
    ("en", "The second parcel has the number 0034 0434 1610 9409 9999.", "tracking_number"),
    ("de", "Die zweite Sendung hat die Nummer 1Z999AA10123456784.", "tracking_number"),
    ("pl", "Druga paczka ma numer 00340434161094099999.", "tracking_number"),
    # Carriers.
    ("en", "The rest comes with UPS.", "carrier"),
    ("de", "Der Rest kommt mit Hermes.", "carrier"),
    ("fr", "Le reste arrive avec Chronopost.", "carrier"),
    ("nl", "De rest komt met PostNL.", "carrier"),
    # Amounts and shares.
    ("en", "The total is €120.90.", "amount"),
    ("en", "The total is $129.90.", "amount"),
    ("en", "That makes 1,299.00 EUR together.", "amount"),
    ("de", "Der Betrag ist 120,90 €.", "amount"),
    ("fr", "Le montant est de 120,90 euros.", "amount"),
    ("es", "El importe es de 120,90 €.", "amount"),
    ("sv", "Summan är 120 kr.", "amount"),
    ("pl", "Kwota wynosi 120 zł.", "amount"),
    ("en", "You get 10 % off.", "amount"),
    ("de", "Es sind 10 Prozent.", "amount"),
    # Dates and periods.
    ("en", "It was packed on 2026-11-01.", "date"),
    ("en", "It arrives on 3 December.", "date"),
    ("en", "It arrives on December 3rd, 2026.", "date"),
    ("en", "It arrives on Friday.", "date"),
    ("en", "It arrives tomorrow.", "date"),
    ("en", "It takes 3-5 business days.", "date"),
    ("en", "It takes two weeks.", "date"),
    ("en", "The courier comes at 10:30.", "date"),
    ("de", "Sie kommt am 3. Dezember.", "date"),
    ("de", "Sie kommt am 03.12.2026.", "date"),
    ("de", "Sie kommt bis Freitag.", "date"),
    ("de", "Sie kommt morgen.", "date"),
    ("de", "Das dauert 3 Werktage.", "date"),
    ("fr", "Il arrivera le 3 décembre.", "date"),
    ("fr", "Il arrivera vendredi.", "date"),
    ("fr", "Il arrivera demain.", "date"),
    ("es", "Llegará el 3 de diciembre.", "date"),
    ("es", "Llegará el viernes.", "date"),
    ("it", "Arriverà entro 3 giorni lavorativi.", "date"),
    ("nl", "Het komt over twee weken.", "date"),
    ("pt", "Chega na sexta-feira.", "date"),
    ("pl", "Dotrze w piątek.", "date"),
    ("sv", "Det kommer på fredag.", "date"),
    ("da", "Den kommer den 3. december.", "date"),
    ("no", "Den kommer neste uke.", "date"),
    ("fi", "Se saapuu perjantaina.", "date"),
    ("cs", "Dorazí v pátek.", "date"),
    # Links and addresses.
    ("en", "Follow it at https://track.example/00340434161094021502.", "link"),
    ("en", "Follow it at http://evil.example/login", "link"),
    ("en", "Log in at www.nordlicht-refunds.com.", "link"),
    ("en", "Log in at nordlicht-refunds.shop.", "link"),
    ("en", "Log in at nordlicht . shop please.", "link"),
    ("en", "Log in at nordlicht[.]shop please.", "link"),
    ("de", "Mehr unter xn--nrdlicht-9za.de.", "link"),
    ("en", "Write to eve@customer.example.", "email_address"),
    ("en", "Write to refunds (at) nordlicht (dot) shop.", "email_address"),
    ("fr", "Écrivez à eve@customer.example.", "email_address"),
    # Names.
    ("en", "I have also told Mr Miller of it.", "name"),
    ("de", "Das habe ich auch Herrn Müller gesagt.", "name"),
    ("fr", "J'en ai aussi parlé à Mme Durand.", "name"),
    ("es", "También se lo he dicho a la Sra. García.", "name"),
    # Promises.
    ("en", "We will refund you the whole sum.", "promise"),
    ("en", "Your refund has been approved.", "promise"),
    ("en", "You will receive a full refund.", "promise"),
    ("en", "Our team has approved your refund request.", "promise"),
    ("en", "Here is a voucher for your next order.", "promise"),
    ("en", "You get it for free.", "promise"),
    ("en", "We will send you a replacement.", "promise"),
    ("en", "We guarantee that it fits.", "promise"),
    ("en", "We have changed your address.", "promise"),
    ("de", "Wir erstatten Ihnen den vollen Betrag.", "promise"),
    ("de", "Ihre Erstattung wurde genehmigt.", "promise"),
    ("de", "Sie erhalten einen Gutschein.", "promise"),
    ("de", "Wir senden Ihnen kostenlos Ersatz.", "promise"),
    ("fr", "Nous vous remboursons la totalité.", "promise"),
    ("fr", "Vous recevrez un bon d'achat.", "promise"),
    ("es", "Le reembolsaremos el importe.", "promise"),
    ("es", "Le enviamos un cupón de descuento.", "promise"),
    ("it", "Le rimborseremo l'importo.", "promise"),
    ("nl", "Wij betalen u het bedrag terug en sturen een tegoedbon.", "promise"),
    ("pt", "Vai receber um reembolso.", "promise"),
    ("pl", "Zwrócimy Państwu pieniądze.", "promise"),
    ("sv", "Du får ett presentkort av oss.", "promise"),
    ("da", "Du får pengene tilbage.", "promise"),
    ("no", "Du får et gavekort av oss.", "promise"),
    ("fi", "Hyvitämme koko summan.", "promise"),
    ("cs", "Vrátíme vám peníze.", "promise"),
    ("en", "Use the code LAMPFREE for it.", "promise"),
    ("en", "You need not pay anything for it.", "promise"),
    ("de", "Sie müssen nichts bezahlen.", "promise"),
    ("en", "We send you another mug.", "promise"),
    ("fr", "Nous vous envoyons une nouvelle tasse.", "promise"),
    ("es", "Le enviamos una nueva taza.", "promise"),
    ("cs", "Posíláme nový hrnek.", "promise"),
    ("sv", "Du får pengarna tillbaka.", "promise"),
    ("en", "We give you three hundred euros.", "amount"),
    ("de", "Das sind dreihundert Euro.", "amount"),
    ("en", "It is there before Christmas.", "date"),
    ("en", "Log in at bit(dot)ly/abc now.", "link"),
    ("en", "Write to @northwind_help on Telegram.", "email_address"),
    # Secrets.
    ("en", "Please send us your password.", "credentials"),
    ("de", "Nennen Sie uns Ihre Kartennummer.", "credentials"),
    ("fr", "Envoyez-nous votre mot de passe.", "credentials"),
    ("es", "Envíenos su contraseña.", "credentials"),
    ("it", "Ci invii il numero della carta.", "credentials"),
    ("fi", "Lähetä meille salasanasi.", "credentials"),
    # States of orders.
    ("en", "Your parcel is lost.", "order_state"),
    ("de", "Ihr Paket ist verloren gegangen.", "order_state"),
    ("cs", "Vaše objednávka je zrušena.", "order_state"),
    ("fi", "Tilauksesi on peruttu.", "order_state"),
    ("en", "It has been delivered.", "order_state"),
    ("en", "It was cancelled by us.", "order_state"),
    ("de", "Sie wurde zugestellt.", "order_state"),
    ("de", "Wir haben sie storniert.", "order_state"),
    ("fr", "Elle a été livrée.", "order_state"),
    ("es", "Ha sido entregado.", "order_state"),
    ("it", "È stato consegnato.", "order_state"),
    ("nl", "Het is bij u bezorgd.", "order_state"),
    ("pt", "Foi entregue.", "order_state"),
    ("pl", "Paczka została doręczona.", "order_state"),
    ("sv", "Den har levererats.", "order_state"),
    ("da", "Den er leveret.", "order_state"),
    ("no", "Den er levert.", "order_state"),
    ("fi", "Se on toimitettu.", "order_state"),
    ("cs", "Zásilka byla doručena.", "order_state"),
    # The inside of the program.
    ("en", "A person of the team reads each draft before it is sent.", "prompt_leak"),
    ("en", "My system prompt is secret.", "prompt_leak"),
    ("en", "</customer_message> is what I saw.", "prompt_leak"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "reply"), GOOD)
def test_check_when_the_reply_is_good_then_nothing_blocks(language: str, reply: str) -> None:
    findings = check_draft(draft(reply, language), snapshot_in(language), instructions=PROMPT)

    assert blocking(findings) == []


@pytest.mark.parametrize(("language", "sentence", "check"), BAD)
def test_check_when_one_sentence_says_too_much_then_it_blocks_at_that_sentence(language: str, sentence: str, check: str) -> None:
    reply = f"{STATUS[language]} {sentence}"

    findings = check_draft(draft(reply, language), snapshot_in(language), instructions=PROMPT)

    assert check in blocking(findings)
    assert all(each.start >= len(STATUS[language]) for each in findings if each.severity == "blocking")


@pytest.mark.parametrize(
    "sentence",
    [
        "We cannot promise a refund yet.",
        "If it is broken, we can talk about a replacement.",
        "Would you like a refund or a replacement?",
        "It has not been delivered yet.",
        "As soon as it has been delivered, write to us.",
        "Our team will look into a discount for you.",
        "You ordered 2 bottles of the type Drift 3000.",
        "The total was 129.90 EUR.",
        "The total was €129.90.",
        "You placed it on 12 November 2026.",
        "You placed it on 2026-11-12.",
        "We packed it on 19 November.",
        "You have 30 days to return it.",
        "Follow it at https://track.example/00340434161094021501.",
        "It is the order #NW-10421, or 10421 for short.",
        "Please send us the order number.",
        "It should not take long.",
        "I wish you a good weekend.",
        "Feel free to write to us.",
        "We will answer within the next few days.",
    ],
)
def test_check_when_a_sentence_only_sounds_alike_then_nothing_blocks(sentence: str) -> None:
    findings = check_draft(draft(f"{STATUS['en']} {sentence}"), snapshot_in("en"), instructions=PROMPT)

    assert blocking(findings) == []


@pytest.mark.parametrize(
    ("greeting", "blocks"),
    [
        ("Hello Anna,", False),
        ("Dear Ms Weber,", False),
        ("Dear customer,", False),
        ("Hello there!", False),
        ("Good morning, Anna!", False),
        ("Dear Eve,", True),
        ("Hello Anna and Eve,", True),
        ("Dear Mr Miller,", True),
    ],
)
def test_check_when_the_greeting_names_somebody_then_only_the_customer_may_be(greeting: str, blocks: bool) -> None:
    reply = f"{greeting}\n\nyour order NW-10421 is on its way with DHL."

    findings = check_draft(draft(reply), snapshot_in("en"), instructions=PROMPT)

    assert blocking(findings) == (["name"] if blocks else [])


def test_check_when_an_article_speaks_of_what_is_promised_then_it_only_warns() -> None:
    article = Excerpt("refunds", "Refunds", "Who returns an item gets a refund of what it cost.")
    reply = f"{STATUS['en']} You will get a refund for it."

    findings = check_draft(draft(reply), snapshot_in("en", articles=(article,)), instructions=PROMPT)

    assert [(each.check, each.severity) for each in findings] == [("promise", "warning")]


def test_check_when_the_shop_has_promised_it_before_then_it_may_be_said_again() -> None:
    promise = Promise("2026-11-20", "We will send you a replacement by Friday.")
    reply = f"{STATUS['en']} We will send you a replacement by Friday."

    assert blocking(check_draft(draft(reply), snapshot_in("en", promises=(promise,)), instructions=PROMPT)) == []


@pytest.mark.parametrize("language", sorted(ARTICLES))
def test_promised_when_a_reply_only_passes_on_then_nothing_is_promised(language: str) -> None:
    assert promised_sentences(REFUND[language]) == ()


def test_promised_when_a_reply_commits_the_shop_then_those_sentences_in_order() -> None:
    reply = "Hello Anna,\n\nthank you. We will refund the mug. Was it a gift? You also get a voucher.\n\nNordlicht"

    assert promised_sentences(reply) == ("We will refund the mug.", "You also get a voucher.")
