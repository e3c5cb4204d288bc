"""A client for the HTTP API of a pullquote server.

>>> from pullquote.client import Client                           # doctest: +SKIP
>>> with Client("http://127.0.0.1:7860") as client:               # doctest: +SKIP
...     reply = client.ask("who bought the cannery?")

It needs no index and no model. `python -m docs.http_client` writes its methods.
"""

from pullquote.client.connection import ApiError, ServerUnreachable
from pullquote.client.methods import Client

__all__ = ["ApiError", "Client", "ServerUnreachable"]
