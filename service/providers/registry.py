"""The providers by the name that stands in a webhook's path."""

from __future__ import annotations

from service.providers import mailgun, mime, postmark, shopify, standard
from service.providers.types import ProviderFormat

FORMATS: dict[str, ProviderFormat] = {
    "standard": ProviderFormat(standard.authenticate, standard.read),
    "mailgun": ProviderFormat(mailgun.authenticate, mailgun.read, refusal_status=406),
    "postmark": ProviderFormat(postmark.authenticate, postmark.read, refusal_status=403),
    "mime": ProviderFormat(mime.authenticate, mime.read),
    "shopify": ProviderFormat(shopify.authenticate, shopify.read),
}
