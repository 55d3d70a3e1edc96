"""What a call to the model costs, by the price list that comes with genai-prices. Pure; asks nobody over the network."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from service.drafting.types import Call

MAX_COST_USD = Decimal(10_000)
"""No call costs that much: a model that counts so many tokens has miscounted them."""

_STORED = Decimal("0.0000001")
"""The column is numeric(12,7)."""


def load_prices() -> None:
    """Load the price list now, 0.2 s and 27 MB, so that no call has to wait for it."""
    import genai_prices  # noqa: F401, PLC0415 - see cost_usd


def cost_usd(call: Call) -> Decimal | None:
    """Return the cost of a call as it is stored; None when its tokens or the model's price are unknown. Never raises.

    The price list is loaded at the first call with tokens: the API has none, and never pays for it.
    """
    if call.input_tokens is None or call.output_tokens is None:
        return None
    from genai_prices import Usage, calc_price  # noqa: PLC0415 - see above

    try:
        usage = Usage(input_tokens=call.input_tokens, cache_read_tokens=call.cached_tokens or 0, output_tokens=call.output_tokens)
        total = calc_price(usage, model_ref=call.model, provider_id="openai").total_price
    except (LookupError, ValueError, ArithmeticError):
        # An unknown model, a negative count, or more cached tokens than there were.
        return None
    # Of a model that is not paid by the token, the list says 0.
    if not total.is_finite() or total > MAX_COST_USD or (total == 0 and call.input_tokens + call.output_tokens > 0):
        return None
    return total.quantize(_STORED, ROUND_HALF_UP)
