"""French."""

from __future__ import annotations

from service.drafting.checks.lexica.lexicon import Lexicon

_DONE = r"(?:a|ont|avons|ai) (?:bien |déjà |donc )?(?:été )?(?:bien |déjà )?"

LEXICON = Lexicon(
    language="fr",
    promises={
        "refund": r"rembours|restituer|rendre (?:votre |l')argent",
        "discount": r"moitié prix|remise (?:de|sur|exceptionnelle|commerciale)|une remise|réduction|bon d'achat|bons d'achat"
        r"|bon de réduction|code promo|chèque[- ]cadeau|carte[- ]cadeau|avoir (?:de|d'un)|un avoir|dédommag|geste commercial"
        r"|indemnis|compensation|rabais|créditer",
        "free": r"gratuit|sans frais|offert|offrons|offrir|cadeau|à nos frais|à titre gracieux|rien à payer"
        r"|ne (?:\w+ ){0,2}paye[rz]",
        "replacement": r"rempla|nouvel (?:exemplaire|article|envoi)|nouveau (?:colis|produit)|échang|renvoyer (?:un|une"
        r"|l'article)|réexpédi|envoy\w+ (?:\w+ ){0,3}(?:autre|nouve)|nouve\w+ \w+ est en",
        "guarantee": r"garantissons|garantis\b|je garanti|promett|promesse",
        "change": r"(?:avons|ai) (?:bien |déjà )?(?:modifié|changé|corrigé|mis à jour|priorisé)|(?:a|ont) (?:bien "
        r"|déjà )?été (?:modifié|changé|corrigé|mis[e]? à jour|priorisé)"
        r"|(?:nous|je) (?:allons|vais) (?:modifier|changer|annuler|corriger)|(?:modifierons|changerons|annulerons|annulons"
        r"|modifions)\b",
    },
    commits=r"(?:vous|le|la|les|l') ?(?:rembours(?:ons|erons|e|erai)\b|offrons|offrirons|accordons|accorderons|enverrons"
    r"|envoyons|indemnis(?:ons|erons)|rempla[cç](?:ons|erons)|échangeons|créditerons)"
    r"|(?:allons|vais|pouvons) (?:vous |le |la |les |l'|bien sûr )*(?:rembourser|offrir|accorder|envoyer|remplacer|échanger"
    r"|indemniser|restituer|créditer)"
    r"|nous (?:remboursons|rembourserons|remplaçons|remplacerons|offrons|échangerons|prenons en charge)|recevrez"
    r"|serez rembours|sera (?:intégralement |bientôt |entièrement )?(?:remboursée?|remplacée?|créditée?|effectuée?|offerte?)"
    r"|seront rembours|avez droit|bénéfici|voici (?:un|votre)|en guise d'excuse",
    done=rf"approuvé|accordé|validé|accepté|{_DONE}(?:remboursée?s?|effectuée?|émise?|traitée?|crédité|confirmé|remplacé"
    rf"|appliqué)|confirm\w*\s?:|avons procédé",
    hedges=r"au sujet|concernant|à propos|question|vérifi|transmi|transmet|demand|souhait|étudi|examin|politique|condition"
    r"|possib|éventuel|informer|tiendrons? (?:vous )?(?:au courant|informé)|si\b|pourr|désol|regrett|détail|décision|décid"
    r"|statut|suivi|dossier|savoir|comprenons|comprends|renseign|consult|traitement|attend",
    negations=r"rien|pas(?! seulement)|plus|jamais|sans(?! frais)|impossible|ni|au lieu",
    no=r"aucune?|aucun",
    conditions=r"si|s'il|s'ils|dès|lorsque|lorsqu'\w+|quand|après|une fois|avant|jusqu'à|à condition|en cas",
    joints=r"et|mais|donc|alors|puis|car|qui",
    states={
        "shipped": rf"{_DONE}(?:expédiée?s?|envoyée?s?|postée?|remise? au transporteur)|est (?:bien |déjà )?(?:expédiée?"
        rf"|partie?)\b|en route|en chemin|en cours (?:d'acheminement|de livraison|d'expédition)|en transit",
        "delivered": rf"{_DONE}(?:livrée?s?|remise? en mains? propres?|distribuée?)|est (?:bien |déjà )?(?:arrivée?|livrée?)\b"
        rf"|avons livré",
        "returned": rf"{_DONE}(?:retournée?s?|renvoyée?s?)|(?:avons (?:bien )?reçu votre|votre) (?:retour"
        rf"|colis retour)\b(?! a été enregistré)(?:.{{0,20}}arrivé)?",
        "cancelled": rf"{_DONE}annulée?s?|est annulée?|avons annulé",
        "refunded": rf"{_DONE}remboursée?s?|remboursement (?:a|est) (?:bien |déjà )?(?:été )?(?:effectué|émis|fait|traité)",
        "lost": r"(?:a été|est|ont été) (?:bien )?perdue?s?|en douane",
        "paid": rf"{_DONE}payée?s?|est (?:bien )?payée?|(?:avons (?:bien )?reçu votre paiement|paiement (?:a (?:bien )?été"
        rf"|est) (?:reçu|accepté|confirmé))|comme payée?",
    },
    not_yet=r"sera|seront|serait|peut|peuvent|pourra|pourrait|doit|devrait|va être|vont être|être|allons|vais|pouvez|souhaitez"
    r"|devez",
    aside=r"désolé|regrett|navré|message|courriel|e-?mail|mail\b|demande|question|étiquette|facture|confirmation|photo|réponse"
    r"|vous (?:dites|écrivez|indiquez|mentionnez)|au sujet",
    signs="le la les vous votre vos nous est et de des pour que une un dans sur avec",
)
