"""HTML replies as mail programs write them. A frame is a file in html_replies/, where REPLY stands for what the customer writes,
INTRO for the program's own line or header, and QUOTE for the shop's mail.
"""

from __future__ import annotations

from pathlib import Path

FRAMES = Path(__file__).parent / "html_replies"
ADDRESS = '<a href="mailto:support@shop.example">support@shop.example</a>'

INTROS = {
    "gmail en": ("gmail", f"On Mon, Nov 23, 2026 at 10:15\u202fAM Shop Support &lt;{ADDRESS}&gt; wrote:"),
    "gmail de": ("gmail", f"Am Mo., 23. Nov. 2026 um 10:15\u202fUhr schrieb Shop Support &lt;{ADDRESS}&gt;:"),
    "gmail fr": ("gmail", f"Le\u00a0lun. 23 nov. 2026 à\u00a010:15, Shop Support &lt;{ADDRESS}&gt; a écrit\u00a0:"),
    "gmail ja": ("gmail", f"2026年11月23日(月) 10:15 Shop Support &lt;{ADDRESS}&gt;:"),
    "apple en": ("apple", "On 23. Nov 2026, at 10:15, Shop Support &lt;support@shop.example&gt; wrote:"),
    "apple de": ("apple", "Am 23.11.2026 um 10:15 schrieb Shop Support &lt;support@shop.example&gt;:"),
    "apple fr": ("apple", "Le 23 nov. 2026 à 10:15, Shop Support &lt;support@shop.example&gt; a écrit :"),
    "apple ja": ("apple", "2026/11/23 10:15、Shop Support &lt;support@shop.example&gt;のメール:"),
    "iphone en": ("iphone", "On Nov 23, 2026, at 10:15\u202fAM, Shop Support wrote:"),
    "iphone de": ("iphone", "Am 23.11.2026 um 10:15 schrieb Shop Support:"),
    "iphone fr": ("iphone", "Le 23 nov. 2026 à 10:15, Shop Support a écrit\u00a0:"),
    "iphone ja": ("iphone", "2026/11/23 10:15、Shop Supportのメール:"),
    "thunderbird en": ("thunderbird", "On 11/23/26 10:15, Shop Support wrote:"),
    "thunderbird de": ("thunderbird", "Am 23.11.26 um 10:15 schrieb Shop Support:"),
    "thunderbird fr": ("thunderbird", "Le 23/11/2026 à 10:15, Shop Support a écrit\u00a0:"),
    "thunderbird ja": ("thunderbird", "On 2026/11/23 10:15, Shop Support wrote:"),
    "yahoo en": ("yahoo", "On Monday, November 23, 2026 at 10:15:00 AM EST, Shop Support &lt;support@shop.example&gt; wrote:"),
    # Yahoo also writes the address bare, and a parser takes it for a tag.
    "yahoo en bare": ("yahoo", "On Monday, November 23, 2026 at 10:15:00 AM EST, Shop Support <support@shop.example> wrote:"),
    "yahoo de": (
        "yahoo",
        "Am Montag, 23. November 2026 um 10:15:00 MEZ hat Shop &lt;support@shop.example&gt; Folgendes geschrieben:",
    ),
    "yahoo fr": ("yahoo", "Le lundi 23 novembre 2026 à 10:15:00 UTC+1, Shop Support &lt;support@shop.example&gt; a écrit :"),
    "yahoo ja": ("yahoo", "2026年11月23日月曜日 10:15:00 JST, Shop Support &lt;support@shop.example&gt; wrote:"),
}
HEADERS = {
    "en": ("From", "Sent", "To", "Subject", ""),
    "de": ("Von", "Gesendet", "An", "Betreff", ""),
    "fr": ("De", "Envoyé", "À", "Objet", "\u00a0"),
    "ja": ("差出人", "送信日時", "宛先", "件名", ""),
}


def _header(language: str) -> str:
    sender, date, recipient, subject, space = HEADERS[language]
    return (
        f"<b>{sender}{space}:</b> Shop Support &lt;support@shop.example&gt;<br>\n<b>{date}{space}:</b> 2026-11-23 10:15<br>\n"
        f"<b>{recipient}{space}:</b> Ada &lt;ada@customer.example&gt;<br>\n<b>{subject}{space}:</b> Re: Order"
    )


REPLIES = {
    **INTROS,
    **{f"outlook desktop {language}": ("outlook_desktop", _header(language)) for language in HEADERS},
    **{f"outlook web {language}": ("outlook_web", _header(language)) for language in HEADERS},
    **{
        f"{program} {language}": (
            "gmx",
            f"<b>{date}:</b>&nbsp;Montag, 23. November 2026 um 10:15 Uhr<br/>\n<b>{sender}:</b>&nbsp;&quot;Shop&quot; "
            f"&lt;support@shop.example&gt;<br/>\n<b>{recipient}:</b>&nbsp;ada@gmx.example<br/>\n<b>{subject}:</b>&nbsp;Re: Order",
        )
        for program, language in (("gmx", "de"), ("web.de", "en"), ("gmx", "fr"))
        for sender, date, recipient, subject, _ in (HEADERS[language],)
    },
}
"""By program and language: the frame, and the line or the header above the quote."""


def written(name: str, *, reply: str, quote: str) -> str:
    """Return the mail that a program makes of a reply."""
    frame, intro = REPLIES[name]
    html = (FRAMES / f"{frame}.html").read_text("utf-8")
    return html.replace("INTRO", intro).replace("REPLY", reply).replace("QUOTE", quote)
