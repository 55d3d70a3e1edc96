"""Italian."""

from __future__ import annotations

from service.drafting.checks.lexica.lexicon import Lexicon

_DONE = r"(?:(?:è|sono) (?:già )?stat[oaie] |(?:ha|hanno|abbiamo|ho|risulta|risultano) (?:già )?)(?:già )?"

LEXICON = Lexicon(
    language="it",
    promises={
        "refund": r"rimbors|restitui\w+ (?:il denaro|i soldi|l'importo|la somma)|riaccredit|accredit|i suoi soldi",
        "discount": r"metà prezzo|scont|buono|coupon|codice promozionale|voucher|risarci|indennizz|compensa|carta regalo|credito",
        "free": r"gratis|gratuit|senza (?:costi|spese)|omaggio|regal(?:o|iamo)|a nostre spese|non (?:deve|dovete) pagare",
        "replacement": r"sostitu|nuovo (?:articolo|prodotto|pacco|ordine)|un altro (?:articolo|prodotto)|rispedi|cambieremo"
        r"|reinvi|(?:invi|sped|mand)\w+ (?:\w+ ){0,3}(?:nuov|(?:un')?altr[ao])",
        "guarantee": r"garantiamo|garantisco|promettiamo|prometto|assicuriamo",
        "change": r"(?:abbiamo|ho) (?:già )?(?:modificato|cambiato|corretto|aggiornato)|(?:è"
        r"|sono) (?:già )?stat[oaie] (?:modificat|cambiat|corrett|aggiornat)"
        r"|(?:modificheremo|cambieremo|annulleremo|correggeremo|modifichiamo|annulliamo)\b",
    },
    commits=r"(?:le|la|ti|vi|lo|li) (?:rimbors|restitu|inviamo|invieremo|offr|daremo|regal|risarc|sostitui(?:amo|remo|sco|rò)"
    r"|accredit|rispedi"
    r"|conced)|(?:possiamo|posso) (?:rimborsar|sostituir|offrir|inviar)"
    r"|(?:rimborseremo|rimborsiamo|sostituiremo|invieremo|restituiremo|risarciremo|accrediteremo|offriremo)|riceverà|otterrà"
    r"|avrà (?:un|il|diritto)|ha diritto|sarà (?:\w+ )?(?:rimborsat|sostituit|accreditat)|verrà (?:\w+ )?(?:rimborsat"
    r"|sostituit|accreditat)|ecco (?:un|il)",
    done=rf"approvat|concess|autorizzat|accettat|accolt|{_DONE}(?:rimborsat|emess|elaborat|accreditat|confermat|sostituit"
    rf"|applicat|effettuat)|conferm\w*\s?:",
    hedges=r"riguardo|domanda|verific|inoltr|richiest|controll|valut|politic|condizion|possibil|potrebb|inform|chied|sapere"
    r"|esamin|decis|dispiac|scus|stato del|dettagl|vorrebb|desider|prefer|se\b|come\b|in merito|capi|gestion|trasmess|segnala"
    r"|attes",
    negations=r"nulla|niente|non(?! solo)|mai|senza(?! costi| spese)|né|impossibile|invece|al posto",
    no=r"nessun\w*",
    conditions=r"se|quando|appena|dopo|una volta|prima|finché|qualora|nel caso|in caso",
    joints=r"e|ma|quindi|poi|perché|che|perciò",
    states={
        "shipped": rf"{_DONE}(?:spedit|inviat|affidat)|in viaggio|in transito|in consegna|è partit|in arrivo",
        "delivered": rf"{_DONE}consegnat|è (?:già )?arrivat",
        "returned": rf"{_DONE}(?:restituit|reso\b|resa\b|rispedit)|abbiamo ricevuto il (?:suo )?reso",
        "cancelled": rf"{_DONE}(?:annullat|cancellat)|(?:è|risulta) annullat",
        "refunded": rf"{_DONE}rimborsat|rimborso (?:è|risulta) (?:già )?(?:stato )?(?:effettuato|emesso|fatto|elaborato)",
        "lost": r"(?:è stat[oa]|è) (?:smarrit|andat[oa] pers)|in dogana",
        "paid": rf"{_DONE}pagat|abbiamo ricevuto il (?:suo )?pagamento|pagamento è (?:stato )?(?:ricevuto|confermato)|come pagat",
    },
    not_yet=r"sarà|saranno|sarebbe|può|possono|potrà|deve|verrà|verranno|essere|venga|vengono|viene|vuole",
    aside=r"dispiac|spiacent|messaggio|e-?mail|mail\b|richiesta|domanda|etichetta|fattura|conferma|foto|risposta|lei (?:dice"
    r"|scrive|indica)|ci (?:dice|scrive)",
    signs="il lo la i gli le di che è e un una per con suo sua del della ha ordine",
)
