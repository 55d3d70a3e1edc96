"""A request whose JSON body the framework can read without an error of its own."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import State

from service.errors import InvalidInput


class JsonRequest(Request[Any, Any, State]):
    """Refuses what the framework would answer with a 500: it knows msgspec's errors, but not those that Python raises below it."""

    async def body(self) -> bytes:
        """Return the body. Raises InvalidInput: it is not UTF-8, or nested as no body of ours is."""
        body = await super().body()
        try:
            msgspec.json.decode(body)
        except UnicodeDecodeError:
            raise InvalidInput("The body is not UTF-8") from None
        except RecursionError:
            raise InvalidInput("The body is nested too deeply") from None
        except msgspec.DecodeError:
            # The framework names what is wrong in its own words.
            return body
        return body
