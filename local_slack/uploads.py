"""Reading /_control/upload without holding the files in memory: each goes to disk as it arrives."""

import base64
import binascii
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from local_slack.errors import Json, SlackError

_KEY = re.compile(rb'"content_base64"\s*:\s*"')
_LONGEST_KEY = 64
_REST_MAX = 1_000_000


class UploadReader:
    """Cuts the base64 texts out of a JSON body and writes what they say to files.

    What is left of the body is small and is parsed as usual, with the number of each file in the place of its
    content. The key cannot stand within a JSON string, where its quotation marks would be escaped.
    """

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self._folder = folder
        self._limit = limit_bytes
        self._rest = bytearray()
        self._buffer = bytearray()
        self._base64 = bytearray()
        self._file: BinaryIO | None = None
        self.paths: list[Path] = []
        self._size = 0

    async def read(self, body: AsyncIterator[bytes]) -> Json:
        """Reads a whole body.

        Raises:
            SlackError: It is too large or not what was asked for.
        """
        try:
            async for chunk in body:
                self._buffer += chunk
                self._consume()
            if self._file is not None:
                raise SlackError("invalid_json", status=400)
            parsed = json.loads(bytes(self._rest + self._buffer))
        except (ValueError, binascii.Error):
            raise SlackError("invalid_json", status=400) from None
        finally:
            if self._file is not None:
                self._file.close()
        if not isinstance(parsed, dict):
            raise SlackError("invalid_json", status=400)
        return parsed

    def discard(self) -> None:
        """Removes files that were written and not kept."""
        for path in self.paths:
            path.unlink(missing_ok=True)

    def _consume(self) -> None:
        while True:
            if self._file is not None:
                if not self._take_content():
                    return
            elif not self._take_rest():
                return

    def _take_rest(self) -> bool:
        match = _KEY.search(self._buffer)
        if match is None:
            keep = max(0, len(self._buffer) - _LONGEST_KEY)
            self._rest += self._buffer[:keep]
            del self._buffer[:keep]
            if len(self._rest) > _REST_MAX:
                raise SlackError("request_too_large", status=413)
            return False
        path = self._folder / f".incoming-{id(self)}-{len(self.paths)}"
        self._rest += self._buffer[: match.start()] + b'"content":%d' % len(self.paths)
        del self._buffer[: match.end()]
        self.paths.append(path)
        self._file = path.open("wb")
        return True

    def _take_content(self) -> bool:
        assert self._file is not None
        end = self._buffer.find(b'"')
        # "\\/" is a way to write "/" in JSON; a pair that the chunk cuts in two waits for its other half.
        stop = end if end >= 0 else len(self._buffer) - self._buffer.endswith(b"\\")
        self._base64 += self._buffer[:stop].replace(b"\\/", b"/")
        del self._buffer[: stop if end < 0 else end + 1]
        whole = len(self._base64) if end >= 0 else len(self._base64) // 4 * 4
        data = base64.b64decode(self._base64[:whole], validate=True)
        del self._base64[:whole]
        self._size += len(data)
        if self._size > self._limit:
            raise SlackError("file_too_large", status=413, detail="An upload may hold 1 GiB.")
        self._file.write(data)
        if end < 0:
            return False
        self._file.close()
        self._file = None
        return True
