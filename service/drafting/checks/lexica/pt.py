"""Portuguese, of Portugal and of Brazil."""

from __future__ import annotations

from service.drafting.checks.lexica.lexicon import Lexicon

_DONE = r"(?:foi|foram|está|estão|tem|têm|já|temos|ficou) (?:já |sido )*"

LEXICON = Lexicon(
    language="pt",
    promises={
        "refund": r"reembols|devolver(?:emos|-lhe)? (?:\w+ ){0,2}(?:dinheiro|valor|montante|quantia)|devolveremos"
        r"|devolução do (?:dinheiro|valor|montante)|estorn|restitui|ressarc|dinheiro de volta|seu dinheiro",
        "discount": r"desconto|cupão|cupões|cupom|vale(?:-| )(?:compras|presente|oferta|desconto)|um vale|código promocional"
        r"|compensa|indemniz|indeniz|crédito (?:de|na)|bónus|bônus",
        "free": r"grátis|gratuit|sem (?:custo|custos|encargos|despesas)|oferta\b|oferecemos|brinde|por nossa conta|de graça"
        r"|não (?:tem de|precisa de|precisa) pagar",
        "replacement": r"substitu|nov[oa] (?:artigo|produto|encomenda|unidade|pacote)|troca\b|trocar|trocamos|reenvi"
        r"|envi\w+(?:-lhe)? (?:\w+ ){0,3}(?:nov[ao]|outr[ao])",
        "guarantee": r"garantimos|garanto|prometemos|prometo|asseguramos",
        "change": r"(?:alterámos|alteramos|modificámos|mudámos|corrigimos|atualizámos|atualizamos)\b|(?:foi"
        r"|foram) (?:já )?(?:alterad|modificad|corrigid|atualizad)"
        r"|(?:vamos|iremos|irei|vou) (?:alterar|modificar|cancelar|anular|corrigir)|(?:alteraremos|cancelaremos|anularemos)\b",
    },
    commits=r"(?:vamos|iremos|vou|podemos|posso) (?:\w+ )?(?:reembols|devolver|substituir|enviar|oferecer|compensar|restituir"
    r"|creditar|estornar)|(?:reembolsaremos|devolveremos|substituiremos|compensaremos|enviaremos|creditaremos|reembolsamos"
    r"|oferecemos|estornaremos|enviamos)"
    r"|(?:vai|irá) (?:receber|ser reembolsad|ter)|receberá|terá (?:um|o|direito)|tem direito|será (?:\w+ )?(?:reembolsad"
    r"|substituíd|creditad|restituíd|devolvid)|aqui (?:está|tem)|aproveite",
    done=rf"aprovad|concedid|autorizad|aceite|aceito|{_DONE}(?:reembolsad|processad|emitid|creditad|confirmad|substituíd"
    rf"|aplicad|efetuad|estornad)|confirm\w*\s?:|reembolsámos",
    hedges=r"quanto a|sobre|relativ|acerca|encaminh|reencaminh|transmiti|solicita|pedido de|pedido d|analis|verific|polític"
    r"|condiç|possív|possib|poderia|inform|pergunt|questão|dúvida|avali|decis|decid|lament|desculp|estado|detalh|gostaria"
    r"|deseja|prefer|se\b|como\b|saber|entend|compreend|examin|aguard",
    negations=r"nada|não(?! só| apenas)|nunca|sem(?! custo| encargo| despesa)|impossível|em vez",
    no=r"nenhum\w*",
    conditions=r"se|quando|assim que|caso|depois de|após|logo que|antes de|até que|uma vez|desde que",
    joints=r"e|mas|então|por isso|porque|que",
    states={
        "shipped": rf"{_DONE}(?:enviad|expedid|despachad|postad)|a caminho|em trânsito|em distribuição|saiu para"
        rf"|enviámos a sua encomenda|enviamos o seu pedido",
        "delivered": rf"{_DONE}entregue|(?:já )?chegou|chegaram",
        "returned": rf"{_DONE}devolvid|recebemos a sua devolução",
        "cancelled": rf"{_DONE}(?:cancelad|anulad)|cancelámos|cancelamos a sua",
        "refunded": rf"{_DONE}(?:reembolsad|estornad)|reembolsámos|reembolso (?:foi|está) (?:já )?(?:efetuado|emitido|feito"
        rf"|processado)",
        "lost": r"foi (?:extraviad|perdid)|perdeu-se|extraviou-se|na alfândega",
        "paid": rf"{_DONE}(?:pag[oa]\b|paga\b)|recebemos o seu pagamento|pagamento foi (?:recebido|confirmado)|como pag[oa]",
    },
    not_yet=r"será|serão|seria|pode|podem|poderá|deve|vai ser|vão ser|ser|sendo|irá|quer",
    aside=r"lament|desculp|mensagem|e-?mail|pedido de|pergunta|questão|etiqueta|fatura|confirmação|foto|resposta|(?:diz|refere"
    r"|indica) que",
    signs="o a os as de que e um uma para com seu sua não foi está do da em lhe encomenda",
)
