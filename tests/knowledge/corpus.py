"""A small shop's articles, and questions whose answer is in one of them: customers have words of their own for things."""

from __future__ import annotations

ARTICLES = (
    (
        "returns",
        "Returns and exchanges",
        """\
You can send back unworn items within 30 days of delivery. Sale items are final and cannot be returned.

## How to return
1. Log in to your account and open the order.
2. Choose the items and print the label.
3. Drop the parcel at any DHL shop.

## Exchanges
We exchange sizes free of charge as long as the size is in stock. Otherwise we refund the price.

## Who pays
The return label costs 4.90 EUR, which we deduct from your refund. If the item is faulty, we pay.""",
    ),
    (
        "refunds",
        "When you get your money back",
        """\
We refund within 5 working days after your parcel has reached our warehouse. The money goes back to the payment method you
used.

PayPal takes one day, credit cards up to 10 days. Gift cards are refunded as store credit.""",
    ),
    (
        "shipping",
        "Shipping times and costs",
        """\
Orders placed before 2 pm leave our warehouse the same day.

| Country | Days | Cost |
|---|---|---|
| Germany | 1-2 | 3.90 EUR |
| France | 3-4 | 8.90 EUR |
| Norway | 5-8 | 14.90 EUR |

Orders over 80 EUR ship free within the EU.

## Customs
Outside the EU you may have to pay customs duties. We cannot tell how much.""",
    ),
    (
        "lost",
        "Lost or late parcels",
        """\
If the tracking has not moved for 5 working days, tell us: we start an investigation with the carrier, which takes up to 10
days. If the parcel is lost we send it again or refund you.

If tracking says delivered but you have nothing, look with your neighbours first, then write to us within 14 days.""",
    ),
    (
        "damaged",
        "Damaged or wrong items",
        """\
Sorry! Send us a photo of the item and of the box within 14 days. We send a new one at once; you need not send back the
broken one if it costs less than 30 EUR.

If we packed the wrong article, we send the right one and a free return label.""",
    ),
    (
        "warranty",
        "Warranty",
        """\
All our bags and boots carry a two-year warranty on seams, zips and soles. Wear, scratches and water stains are not covered.
Repairs take three weeks.""",
    ),
    (
        "cancel",
        "Cancel or change an order",
        """\
You can cancel an order until it has been packed, usually within two hours. After that, refuse the parcel or send it back. We
cannot change the address once the label is printed.""",
    ),
    (
        "payment",
        "Payment methods",
        """\
We accept Visa, Mastercard, PayPal, Klarna and bank transfer. With Klarna you pay in 30 days. A bank transfer must arrive
within 7 days, or the order is cancelled.

## Declined cards
Your bank declines cards, not we. Try another card.""",
    ),
    (
        "invoice",
        "Invoices and VAT",
        """\
The invoice is attached to the shipping mail as PDF. Companies in other EU countries can enter their VAT number at checkout
and pay no VAT. We cannot change an invoice after 14 days.""",
    ),
    (
        "gift",
        "Gift cards and gift wrapping",
        """\
Gift cards are valid for three years and cannot be paid out. Wrapping costs 3 EUR; choose it in the cart. No prices are on
the delivery note of a gift.""",
    ),
    (
        "discount",
        "Discount codes",
        """\
One code per order. Codes do not work on sale items or gift cards. We cannot add a code to an order that was placed already.
The newsletter code of 10% is valid for 30 days.""",
    ),
    (
        "sizes",
        "Size guide",
        """\
Boots run small: take one size up. Measure your foot in the evening, from heel to toe. EU 42 is 27 cm, EU 43 is 27.6 cm.
Jackets are true to size.""",
    ),
    (
        "care",
        "Leather care",
        """\
Brush off dirt, then wipe with a damp cloth. Grease the leather every three months. Never dry boots on a heater. Suede: only
a brush and a spray.""",
    ),
    (
        "waterproof",
        "Are the boots waterproof?",
        """\
The Trail and Alpine models have a membrane and are waterproof. The City model is only water-repellent: use a spray.""",
    ),
    (
        "vegan",
        "Materials and vegan products",
        """\
The City sneaker is vegan: it has no leather and no animal glue. All leather comes from tanneries in Italy certified by LWG.""",
    ),
    (
        "account",
        "Your account and password",
        """\
Choose "forgot password" and we mail you a link that is valid for one hour. To delete your account, write to us; invoices are
kept for ten years by law.""",
    ),
    (
        "privacy",
        "Privacy",
        """\
We store your address and orders to fulfil the contract. You can ask for a copy or for deletion at any time.""",
    ),
    (
        "stores",
        "Our stores",
        """\
Berlin, Torstrasse 12: Monday to Saturday, 10 am to 7 pm. Hamburg, Marktstrasse 3: closed on Mondays. You can return online
orders in both stores.""",
    ),
    (
        "restock",
        "Sold out products",
        """\
Press the bell on the product page: we mail you when the size is back. We cannot reserve products. Most sizes are back within
six weeks.""",
    ),
    (
        "about",
        "About us",
        """\
We are a small family company since 1987. Thank you for your order and your support! If you have any question, please write
to our customer service; we answer within one day. Your order matters to us.""",
    ),
)

QUESTIONS = (
    (
        "Hello, I ordered the Trail boots last week (order #1042) and they are too small. Can I swap them for a size "
        "43? Thanks a lot, Ada",
        "returns",
    ),
    (
        "Hi there, I sent back my jacket two weeks ago, still no money on my credit card. When will I get my refund? "
        "Order 1088. Regards, Tom",
        "refunds",
    ),
    ("Hello, please tell me what shipping to Norway costs and how long it takes. Thank you for your help!", "shipping"),
    (
        "Where is my parcel? The tracking has not moved since last Monday. Order #1042. Please help, it is a birthday present.",
        "lost",
    ),
    (
        "The bag arrived with a broken zip, the box was crushed too. I am very disappointed. What do you do now? See photo.",
        "damaged",
    ),
    ("My boots are one year old and the sole is coming off. Is that covered by your warranty?", "warranty"),
    ("Please cancel my order 1077, I ordered by mistake. Thanks", "cancel"),
    ("I moved house. Can you change the delivery address of my order #1091 please?", "cancel"),
    ("My card gets declined at checkout. Can I pay with PayPal or by bank transfer instead?", "payment"),
    ("Good morning, we are a company in France. Can we get an invoice without VAT? Our VAT number is FR123.", "invoice"),
    ("Can you wrap my order as a gift and leave the price out?", "gift"),
    ("I forgot to enter my discount code WELCOME10 when I placed the order. Can you apply it now?", "discount"),
    ("Which size should I take? I wear 42 in sneakers, my foot measures 27 cm.", "sizes"),
    ("How do I clean and grease my leather boots after a hike in the mud?", "care"),
    ("Will the City model stand heavy rain, are they waterproof?", "waterproof"),
    ("Do you have shoes without leather? I am vegan.", "vegan"),
    ("I cannot log in, the password link does not work. Please help me with my account.", "account"),
    ("When is your Hamburg store open? Is it open on Monday?", "stores"),
    ("The black Alpine in 40 is sold out. When do you have it back in stock? Could you reserve one pair?", "restock"),
    (
        "Hi, I got a red scarf but I ordered a blue one. You packed the wrong thing. Please send me the right one, my "
        "order number is 1099. Thank you, Eve",
        "damaged",
    ),
)
