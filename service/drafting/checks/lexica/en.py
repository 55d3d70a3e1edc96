"""English."""

from __future__ import annotations

from service.drafting.checks.lexica.lexicon import Lexicon

_ADVERB = (
    r"(?:now |also |gladly |fully |then |immediately |happily |certainly |both |soon |promptly |directly |already |just "
    r"|of course |exceptionally )*"
)
_HAVE = r"(?:was|were|been|has|have|got|'s|'ve|(?:order|parcel|package|shipment|it)(?: #?[\w-]*\d[\w-]*)? is|is (?:now|already))"

LEXICON = Lexicon(
    language="en",
    promises={
        "refund": r"refund|reimburs|money back|your money\b(?! order)|return\w* (?:your|the) (?:money|payment)|(?:money"
        r"|difference|amount|sum) (?:is |are )?(?:\w+ )?back|repay|pay you back"
        r"|paid back",
        "discount": r"discount|half (?:of )?the price|half price|voucher|coupon|gift ?card|store credit|credit(?!s? ?card|or)"
        r"|compensat|goodwill|promo(?:tional)? code|rebate|bonus",
        "free": r"(?<!feel )(?<!-)free\b(?! to\b| from\b)|no (?:extra |additional |further )?(?:cost|charge)\b|on the house"
        r"|complimentary|our expense|waive|(?:not|\w+n't|never) (?:\w+ ){0,3}pay\b|pay nothing",
        "replacement": r"replac|exchange(?! rate)|resend|re-send"
        r"|(?:send|sent|ship|get|receive|issue|give|post)\w* (?:you )?(?:out )?(?:another|a new|the (?:right|correct"
        r"|missing))\b|new \w+ (?:is|are) on",
        "guarantee": r"guarantee|lifelong|for life\b|we promise|i promise|you have my word",
        "change": r"(?:address|order|delivery|details|size|colou?r|item|date|name) (?:has|have|was|were|is|are|'s) (?:now "
        r"|already )?(?:been )?"
        r"(?:changed|updated|amended|upgraded|corrected|rerouted|prioriti[sz]ed|expedited)"
        rf"|(?:we|i)(?:'ve| have) {_ADVERB}(?:changed|updated|amended|upgraded|corrected|rerouted|prioriti[sz]ed|expedited)"
        rf"|(?:we|i)(?:'ll| will|'re going to| are going to) {_ADVERB}(?:change|amend|correct|cancel|upgrade|reroute"
        rf"|prioriti[sz]e|expedite)\b",
    },
    commits=r"(?:is|are|comes?) (?:\w+ )?free\b|free of charge|"
    rf"(?:we|i)(?:'ll| will| shall| can| are going to| am going to|'re going to|(?:'d| would) be (?:happy|glad) to"
    rf"|(?:'re| are) (?:happy|glad) to"
    rf"| have|'ve)? {_ADVERB}(?:refund|reimburse|compensate|replace|issue|grant|credit|offer you|give you|send you (?:a|an"
    rf"|another|the)|resend|exchange|waive|repay)\b"
    r"|you (?:will|'ll|shall|are going to|are to) (?:\w+ )?(?:get|receive|be (?:\w+ )?(?:refunded|reimbursed|compensated|credited))"
    r"|(?:will|shall) (?:\w+ )?be (?:\w+ )?(?:refunded|reimbursed|compensated|credited|replaced|exchanged|approved|issued"
    r"|granted|sent)"
    rf"|(?:will|'ll|shall) {_ADVERB}(?:refund|reimburse|compensate|replace|grant|credit|resend|repay)\b"
    r"|entitled to|qualify for|here(?: i|')s (?:a|your)|\benjoy\b|to make up for|as an apology",
    done=rf"{_HAVE} (?:\w+ )?(?:been )?(?:\w+ )?(?:approved|issued|granted|authori[sz]ed|initiated|credited|refunded|reimbursed)"
    r"|(?:was|were|been) (?:\w+ )?(?:processed|confirmed|completed|arranged|applied|accepted)|is (?:\w+ )?(?:approved|granted"
    r"|confirmed|authori[sz]ed)"
    rf"|(?:we|i)(?:'ve| have)? {_ADVERB}(?:approved|issued|processed|granted|authori[sz]ed|initiated|refunded|reimbursed"
    rf"|arranged|credited|applied)"
    r"|(?:refund|replacement|compensation|voucher|discount) (?:approved|granted|confirmed|issued)|\bconfirm\s?:"
    r"|on its way to (?:you|your)",
    hedges=r"look(?:s|ing|ed)? (?:into|at)|check|review|consider|forward|pass(?:ed|ing)?\b|question|about|regarding|concerning"
    r"|request|ask|whether|polic"
    r"|decide|decision|clarif|might\b|may\b|could\b|would\b|possib|eligib|assess|examin|investigat|discuss|status|sorry|apolog"
    r"|wish|hope|want|prefer"
    r"|terms|article|read\b|let (?:you|us|me) know|how\b|find out|inform|explain|depend|escalat|hand(?:ed|ing)?\b|understand"
    r"|mention|wait|subject to|in case"
    r"|talk|details|options?\b|enquir|inquir|verif|process(?:es)?\b|case\b|issue with|note[ds]?\b|ready to help|need",
    negations=r"nothing|not(?! only)|cannot|\w+n't|never|unable|without|nor|neither|instead of|rather than|too early",
    no=r"no|any",
    conditions=r"if|once|when|after|until|unless|as soon as|in case|should (?:you|your|it|the)|whether|before|provided"
    r"|as long as|whenever|until",
    joints=r"that|and|but|so|then|therefore|because|who|which",
    states={
        "shipped": rf"{_HAVE} (?:\w+ ){{0,2}}(?:shipped|dispatched)|on (?:its|the|their) way\b|(?:has|have"
        rf"|'s) (?:\w+ )?left (?:our|the)|in transit|out for delivery"
        r"|(?:order|parcel|package|shipment|it|items?) (?:has|have|was|were) (?:\w+ )?(?:been )?sent\b|we(?:'ve"
        r"| have)? (?:\w+ )?(?:shipped|dispatched)"
        r"|(?:was|been|were) handed (?:over )?to (?:the carrier|dhl|ups|dpd|gls)|with the carrier",
        "delivered": rf"{_HAVE} (?:\w+ ){{0,2}}delivered|(?:has|have|'s) (?:\w+ )?arrived|we(?:'ve| have)? (?:\w+ )?delivered"
        rf"|delivered (?:on|to|at|yesterday|today)\b",
        "returned": rf"{_HAVE} (?:\w+ )?returned\b|(?:we|i)(?:'ve| have)? (?:\w+ )?received your return|your return (?:has "
        rf"|was )?(?:arrived|reached us|received)",
        "cancelled": rf"{_HAVE} (?:\w+ ){{0,2}}cancell?ed|we(?:'ve| have)? (?:\w+ )?cancell?ed|order cancell?ed",
        "refunded": rf"{_HAVE} (?:\w+ ){{0,2}}(?:refunded|reimbursed)|we(?:'ve| have)? (?:\w+ )?(?:refunded|reimbursed)"
        r"|refund (?:was|has|is|have) (?:\w+ ){0,2}(?:made|issued|processed|sent|completed|done|paid)",
        "lost": r"(?:is|are|was|were|been|got|gone) lost\b|went missing|(?:held|stuck) (?:at|by|in) customs|damaged in transit",
        "paid": rf"{_HAVE} (?:\w+ ){{0,2}}paid\b|payment (?:has |was |is )?(?:\w+ )?(?:been )?(?:received|confirmed|completed"
        rf"|successful|gone through)"
        r"|(?:have|'ve) (?:\w+ )?received your payment|recorded as paid",
    },
    not_yet=r"will|'ll|shall|can|could|should|may|might|would|must|to be|being|going|gets?|expected|due|want",
    aside=r"sorry|apologi|regret|message|e-?mail|request|question|enquiry|inquiry|label|reply|letter|photo|invoice"
    r"|confirmation|reached us|with us|has reached"
    r"|you (?:wrote|say|said|mention|told|report|describe)",
    signs="the you your we our is are was has have will and to of for",
)
