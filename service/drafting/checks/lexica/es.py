"""Spanish."""

from __future__ import annotations

from service.drafting.checks.lexica.lexicon import Lexicon

_DONE = r"(?:ha|han|hemos|he|fue|fueron|está|están|ya|queda|ha sido|han sido) (?:sido |ya )?(?:sido )?"

LEXICON = Lexicon(
    language="es",
    promises={
        "refund": r"reembols|reintegr|dev[ou]\w+ (?:\w+ ){0,3}(?:dinero|importe|pago|total)|devolveremos"
        r"|devolución (?:del|de su) (?:dinero|importe)|su dinero",
        "discount": r"mitad de precio|descuento|cupón|cupones|vale (?:de|por)|un vale|tarjeta regalo|código promocional"
        r"|compensa|bonificaci|rebaja|abonar(?:le|emos)|saldo a favor|indemniz",
        "free": r"gratis|gratuit|sin (?:coste|costo|cargo|gastos)|de regalo|regal(?:o|amos|aremos)|por nuestra cuenta|obsequi"
        r"|no (?:tiene que|debe|hay que) pagar",
        "replacement": r"reempla|sustitu|repon|reposici|(?:otro|nuevo) (?:artículo|producto|paquete|ejemplar)|cambiar(?:le"
        r"|emos) (?:el|la|su)|enviar(?:le|emos) (?:otr|un nuevo|una nueva)|volver a enviar|envia\w+ (?:\w+ ){0,3}(?:nuev"
        r"|otr[ao])",
        "guarantee": r"garantiz|prometemos|prometo|aseguramos",
        "change": r"(?:hemos|he) (?:ya )?(?:cambiado|modificado|corregido|actualizado|priorizado)|(?:ha|han) sido (?:cambiad"
        r"|modificad|corregid|actualizad)"
        r"|(?:vamos|voy) a (?:cambiar|modificar|cancelar|anular|corregir)|(?:cambiaremos|modificaremos|cancelaremos|anularemos)\b",
    },
    commits=r"(?:le|les|te) (?:reembols|reintegr|devolv|enviamos|enviaremos|envío|ofrec|daremos|damos|regal|compens|abon"
    r"|sustitu|reempla|conced)|(?:vamos|voy|podemos|puedo) a? ?(?:reembolsar|devolver|enviar|ofrecer|sustituir|reemplazar"
    r"|compensar|abonar|reintegrar)"
    r"|(?:reembolsaremos|devolveremos|sustituiremos|reemplazaremos|compensaremos|abonaremos|reintegraremos|enviaremos"
    r"|reembolsamos)|recibirá|obtendrá|tendrá (?:un|su)|tiene derecho|será (?:\w+ )?(?:reembolsad|sustituid|abonad|reintegrad"
    r"|reemplazad)|aquí tiene|disfrute",
    done=rf"aprobad|concedid|autorizad|aceptad|{_DONE}(?:reembolsad|procesad|emitid|abonad|tramitad|confirmad|sustituid"
    rf"|aplicad|reintegrad)|confirm\w*\s?:",
    hedges=r"acerca|sobre|respecto|comprob|revis|traslad|remit|reenvi|solicit|petición|estudi|polític|condicion|posib|podría"
    r"|inform|pregunt|consult|duda|evalu|decisi|decid|lament|sentimos|siento|estado|detalle|desea|quisiera|prefier|entend"
    r"|gestion|valor|verific|si\b|cómo|analiz|pendiente|espera",
    negations=r"nada|no(?! sólo| solo)|nunca|sin(?! coste| costo| cargo| gastos)|tampoco|imposible|en lugar|en vez",
    no=r"ning\w+",
    conditions=r"si|cuando|en cuanto|después de|tan pronto|una vez|antes de|hasta|siempre que|en caso",
    joints=r"y|pero|así que|entonces|por eso|porque|que",
    states={
        "shipped": rf"{_DONE}(?:enviad|expedid|despachad)|en camino|en tránsito|en reparto|hemos enviado (?:su|el) (?:pedido"
        rf"|paquete)|salió de",
        "delivered": rf"{_DONE}entregad|ha (?:ya )?llegado|hemos entregado|llegó (?:el|a)",
        "returned": rf"{_DONE}(?:devuelt|retornad)|hemos recibido su devolución",
        "cancelled": rf"{_DONE}(?:cancelad|anulad)",
        "refunded": rf"{_DONE}(?:reembolsad|reintegrad)|reembolso (?:ha sido|fue|está|se ha) (?:\w+ )?(?:realizado|emitido"
        rf"|hecho|procesado|efectuado)",
        "lost": r"(?:se ha|ha sido|está) (?:perdid|extraviad)|en la aduana",
        "paid": rf"{_DONE}pagad|hemos recibido su pago|pago (?:ha sido|fue|está) (?:recibido|confirmado)|consta como pagad",
    },
    not_yet=r"será|serán|sería|puede|pueden|podrá|podría|debe|va a|van a|ser|siendo|puedan?|quiere",
    aside=r"sentimos|lament|siento|mensaje|correo|e-?mail|solicitud|pregunta|consulta|petición|etiqueta|factura|confirmación"
    r"|foto|respuesta|usted (?:dice|indica|comenta|escribe)|nos (?:dice|indica|comenta|escribe)",
    signs="el la los las su sus usted le de que y en un una para con por es ha",
)
