"""How long we wait for a reply, counted where the bytes come in."""

import time
from collections.abc import Callable, Iterator

import httpx


class Patience(httpx.SyncByteStream):
    """A response's bytes until the waiting for them, all in all, has taken too long.

    The SDK keeps an API's pings to itself, so a reply that consists of pings would never end for whoever counts
    its events. Only the waiting is counted: what the reader does between two pieces is no fault of the API's.
    """

    def __init__(
        self,
        stream: httpx.SyncByteStream | httpx.AsyncByteStream,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        assert isinstance(stream, httpx.SyncByteStream)
        self._stream = stream
        self._left_s = seconds
        self._clock = clock

    def __iter__(self) -> Iterator[bytes]:
        pieces = iter(self._stream)
        while True:
            began_at = self._clock()
            piece = next(pieces, None)
            self._left_s -= self._clock() - began_at
            if piece is None:
                return
            if self._left_s < 0:
                raise httpx.ReadTimeout("The reply took too long.")
            yield piece

    def close(self) -> None:
        """Let go of the connection."""
        self._stream.close()
