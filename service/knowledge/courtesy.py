"""Words of a mail that ask for nothing: greetings, thanks and farewells. Pure.

Few articles have them, so that they would count as rare and find those that do, which are the chatty ones.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+")

# Of the languages that shops write to us in; none of them is a word of business in another one.
_COURTESY = frozenset(
    _WORD.findall(
        "advance answer appreciate apologies best bye cheers day dear evening forward greetings hello help hey hi kind kindly madam"
        " morning please question questions regards sincerely sir sorry team thank thanks thx tia wishes yours"
        " bitte danke dank freundliche freundlichen frage fragen geehrte geehrten grüße gruß grüßen guten hallo herzliche lieben"
        " liebe mfg moin tag vielen viele vg"
        " bonjour bonsoir cordialement madame merci monsieur question salutations salut svp"
        " atentamente buenas buenos días gracias hola pregunta saludos señor señora"
        " buongiorno ciao cordiali distinti gentile grazie salve saluti"
        " alvast bedankt dankjewel geachte groet groeten hoi vriendelijke"
        " abraço atenciosamente bom boa cumprimentos olá obrigada obrigado"
        " hej hejsan hilsen hälsningar kiitos kiitoksia mvh tack tak takk terveisin vänliga vänligen venlig vennlig hei"
        " dzień dobry dziękuję pozdrawiam pozdrowienia proszę witam dobrý děkuji pozdravem prosím"
    )
)


def without_courtesy(text: str) -> str:
    """Return the text without the words of courtesy in it."""
    return _WORD.sub(lambda word: "" if word[0].casefold() in _COURTESY else word[0], text)
