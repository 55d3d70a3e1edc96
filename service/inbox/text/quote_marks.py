"""How mail programs mark what they quote and who sent it from which device, in en, de, fr, es, it, nl, pt, pl and ja. Pure.

Gmail, Outlook, Apple Mail, Thunderbird, GMX and web.de, Yahoo, and their telephone programs. Lines come without white space around
them and with plain spaces only. Every pattern is tried on at most 300 characters (an introduction: three lines of as many),
anchored at the start, with bounded repetition.
"""

from __future__ import annotations

import re

MAX_MARK_LENGTH = 300
COLONS = (":", "\uff1a")

_LABELS = {
    "from": "from von de da van od expéditeur remitente mittente afzender nadawca remetente 差出人 送信者",
    "to": "to an à a para aan do pour adresat destinataire destinatario 宛先",
    "subject": "subject betreff objet sujet asunto oggetto onderwerp assunto temat 件名",
    "date": "date sent datum gesendet gesendet_am envoyé envoyé_le fecha enviado enviado_el enviado_em enviada_em data "
    "data_de_envio inviato data_invio verzonden wysłano wysłane 送信日時 日時 日付 送信日",
    "cc": "cc kopie copie cópia kopia bcc reply-to antwort_an dw",
}
_KIND_OF_LABEL = {word.replace("_", " "): kind for kind, words in _LABELS.items() for word in words.split()}
_LABEL = re.compile(r"[*_ \t]{0,4}([\w-]{1,20}(?: \w{1,10}){0,2})[*_ \t]{0,4}[:\uff1a]")

_ORIGINALS = (
    "original message|original mail|forwarded message|forwarded mail|reply message"
    "|ursprüngliche nachricht|urspr\\. nachricht|originalnachricht|original-nachricht|ursprüngliche mail|weitergeleitete nachricht"
    "|message d['\u2019]origine|message original|message initial|message transféré|message transmis"
    "|mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato|oorspronkelijk bericht|doorgestuurd bericht"
    "|mensagem original|mensagem encaminhada|mensagem reencaminhada"
    "|wiadomość oryginalna|oryginalna wiadomość|wiadomość przekazana|przekazana wiadomość"
    "|treść (?:przekazanej|oryginalnej) wiadomości"
    "|元のメッセージ|転送メッセージ|転送されたメッセージ"
)
_RULED = re.compile(rf"[-_=*]{{2,40}}\s{{0,3}}(?:{_ORIGINALS})\b.{{0,60}}?[-_=*]{{2,40}}", re.IGNORECASE)
_FORWARDED = re.compile(
    "forward|weitergeleitet|transf|transmis|réexpédié|reenviado|inoltrato|doorgestuurd|encaminhad|przekaz|転送", re.IGNORECASE
)
_APPLE_FORWARD = re.compile(
    "(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|début du message (?:réexpédié|transféré)"
    "|inicio del mensaje reenviado|inizio (?:del )?messaggio inoltrato|begin doorgestuurd bericht"
    "|início da mensagem (?:encaminhada|reencaminhada)|początek (?:przekazywanej|przekazanej) wiadomości|転送されたメッセージ)"
    " {0,2}[:\uff1a]",
    re.IGNORECASE,
)

_STARTS = re.compile(
    r"on|am|le|el|il|in data|op|em|às|no dia|a |w dniu|dnia|(?:pon|wt|śr|czw|pt|sob|niedz)\.|wiadomość napisana|\(?\d{4}",
    re.IGNORECASE,
)
_ADDRESS_AHEAD = re.compile(r".{0,200}<[^<>@\s]{1,64}@")
_DATE_FIRST = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"on .{6,600} wrote ?:",
        r"am .{6,600} (?:schrieb\b.{0,250}|hat .{1,250} geschrieben ?):",
        r"le .{6,600} a écrit ?:",
        r"el .{6,600} escribió ?:",
        r"(?:il|in data) .{6,600} ha scritto ?:",
        r"op .{6,600} (?:schreef\b.{0,250}|heeft .{1,250} geschreven ?):",
        r"(?:em|no dia|a|às) .{6,600} escreveu ?:",
        r"(?:w dniu|dnia|(?:pon|wt|śr|czw|pt|sob|niedz)\.,?) .{6,600} (?:napisał\(a\)|napisała?|pisze) ?:",
        r"wiadomość napisana przez .{2,300} w dniu .{6,100}:",
        r"\d{4}[年/-]\d{1,2}[月/-]\d{1,2}.{1,300}(?:>|のメール|のメッセージ|さん[はが]書きました|wrote) ?[:\uff1a]",
        r"\(\d{4}/\d{1,2}/\d{1,2}.{1,300} wrote ?:",
    )
)
_NAME_FIRST = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # Outlook on telephones, Yahoo, older Thunderbird, Gmail in Portuguese.
        r".{2,200}[>\w] (?:wrote on|schrieb am|a écrit le|escribió el|ha scritto il|schreef op|escreveu (?:no dia|em|às)"
        r"|napisał\(?a?\)? w dniu) .{6,120}:",
        r".{2,200}[>\w] escreveu \(.{6,120}\) ?:",
        r".{1,200}<[^<>@\s]{1,64}@[^<>@\s]{1,200}> (?:wrote|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|napisał\(a\)"
        r"|pisze) ?:",
        r".{1,100}さん[はが].{0,60}書きました[:\uff1a]",
        r".{1,100}さんのメッセージ[:\uff1a]",
    )
)
_ADDRESS = re.compile(r"<\s?[^<>@\s]{1,64}@")
_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d[./-]\d{1,2}[./-]\d")
_TIME = re.compile(r"(?<![\d.])\d{1,2}(?:[:.]| ?h ?)\d\d(?![\d.])")
_NAME_LAST = re.compile(r"(?:am|op|\(?\d)|.{0,600}[:.h] ?\d\d(?!\d).{0,40}[,\u3001]", re.IGNORECASE)
"""After the time a comma and the name; German, Dutch and Japanese write none."""

_OWN_WORDS = re.compile(
    r"\b(?:i wrote|schrieb (?:ich|er|sie|man|mir|uns|ihnen)|(?:j['\u2019]ai|je vous ai|il a|elle a|on a) écrit"
    r"|(?:me|nos|le|les) escribió|escribí|(?:mi|ci|vi) ha scritto|ho scritto|schreef (?:ik|hij|zij|men|mij|me|u)"
    r"|(?:me|nos|lhe) escreveu|escrevi|napisałem|napisałam)\b",
    re.IGNORECASE,
)

_DEVICE = (
    r"(?:i(?:phone|pad|pod)|android|samsung|galaxy|huawei|xiaomi|pixel|nokia|blackberry|windows|smartphone|mobil\w*|handy|outlook"
    r"|t[eé]l[eé]phone|tel[eé]fon\w*|cellulare|celular|telem[oó]vel|telefoon|yahoo|gmail|gmx|web\.de|proton ?mail"
    r"|(?:apple |aol )mail|mail(?= (?:for|für|pour|para|per|voor|dla) windows))"
)
_DEVICE_REST = r"[\w .'\u2019()®-]{0,30}"
_MOBILE_STARTS = re.compile(
    "sent |diese |von |gesendet |geschickt |verschickt |envoyé |enviad|inviato |verstuurd |verzonden |wysłan|get |holen |obte|obté"
    "|télécharge|ottieni |scarica |ontvang |download |verkrijg |pobierz |uzyskaj |outlook ",
    re.IGNORECASE,
)
"""How all of these begin but the Japanese ones, which have one of two letters in them."""

_MOBILE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"sent (?:from|with|via|using) (?:my )?.{{0,20}}\b{_DEVICE}{_DEVICE_REST}",
        rf"(?:diese (?:nachricht|e-?mail) wurde )?von .{{0,20}}\b{_DEVICE}{_DEVICE_REST}(?:gesendet|geschickt|verschickt)\.?",
        rf"(?:gesendet|geschickt|verschickt) (?:von|mit|aus) .{{0,20}}\b{_DEVICE}{_DEVICE_REST}",
        rf"envoyé (?:de|depuis|à partir d).{{0,20}}\b{_DEVICE}{_DEVICE_REST}",
        rf"enviad[oa] (?:desde|de|do|da|a partir d).{{0,20}}\b{_DEVICE}{_DEVICE_REST}",
        rf"inviato (?:da|dal|con) ?.{{0,20}}\b{_DEVICE}{_DEVICE_REST}",
        rf"(?:verstuurd|verzonden) (?:vanaf|met|via|van) .{{0,20}}\b{_DEVICE}{_DEVICE_REST}",
        rf"(?:wysłane|wysłano) (?:z|ze|za pomocą) .{{0,20}}\b{_DEVICE}{_DEVICE_REST}",
        rf".{{0,20}}{_DEVICE}.{{0,10}}から送信",
        r"(?:get|holen sie sich|obtenez|obtenir|télécharger|téléchargez|obtener|obtenga|obtén|ottieni|scarica|ontvang|download"
        r"|verkrijg|obter|obtenha|pobierz|uzyskaj) .{0,20}outlooka? .{0,60}",
        r"outlook (?:für|para|per|voor|pour|for|dla) .{1,30} (?:beschaffen|beziehen|herunterladen|downloaden)",
        r".{0,20}outlook .{0,20}(?:を入手|を取得|をダウンロード)",
    )
)


def header_label(line: str) -> str:
    """Return which header field a line of a copied header names: from, to, subject, date or cc; "" for any other line."""
    start = line[:60]
    match = _LABEL.match(start) if ":" in start or "\uff1a" in start else None
    return _KIND_OF_LABEL.get(match[1].lower(), "") if match else ""


def is_forward_or_original(line: str) -> bool:
    """Whether the line is a ruled mark as "-----Original Message-----", or Apple Mail's above a forwarded mail."""
    if not line or len(line) > MAX_MARK_LENGTH:
        return False
    return (line[0] in "-_=*" and _RULED.fullmatch(line) is not None) or (
        line.endswith(COLONS) and _APPLE_FORWARD.fullmatch(line) is not None
    )


def is_forward(line: str) -> bool:
    """Whether such a mark is that of a forwarded mail, which is news to its reader."""
    return is_forward_or_original(line) and _FORWARDED.search(line) is not None


def may_begin_intro(line: str) -> bool:
    """Whether it is worth trying to join the line with the next ones: a cheap test before the dear one."""
    if len(line) > MAX_MARK_LENGTH:
        return False
    return line.endswith(COLONS) or _STARTS.match(line) is not None or ("<" in line and _ADDRESS_AHEAD.match(line) is not None)


def is_intro(line: str, *, has_quote_below: bool) -> bool:
    """Whether the line introduces a quote ("On 23 Nov 2026, Ada wrote:"), and does not tell what somebody wrote.

    A person may write "On Monday the driver wrote:". Without a marked quote below it takes what a program always gives: an address,
    or a date and a time, and then the name.
    """
    if not line.endswith(COLONS) or _OWN_WORDS.search(line):
        return False
    has_address, has_date, has_time = (pattern.search(line) is not None for pattern in (_ADDRESS, _DATE, _TIME))
    if has_address or (has_quote_below and (has_date or has_time)):
        patterns = _DATE_FIRST + _NAME_FIRST
    elif has_date and has_time and _NAME_LAST.match(line):
        patterns = _DATE_FIRST
    else:
        return False
    return any(pattern.fullmatch(line) for pattern in patterns)


def is_mobile_line(line: str) -> bool:
    """Whether the line is what a program adds by itself, as "Sent from my iPhone"."""
    if not 0 < len(line) <= 120 or not (_MOBILE_STARTS.match(line) or "から" in line or "を" in line):
        return False
    return any(pattern.fullmatch(line) for pattern in _MOBILE)
