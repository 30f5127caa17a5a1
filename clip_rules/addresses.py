"""Where a file of Slack's lies: whether we may ask there, and the address as it has to be written.

Names of files are people's own words: spaces, accents, `%`, emoji. An address holds them percent-encoded (RFC 3986,
section 2), and not everybody who makes one does so.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

#: Hosts that are this machine.
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
#: Hosts that Slack serves files from, and that may be sent our token.
FILE_HOSTS = frozenset({"files.slack.com"})

_NO_ENCODING = re.compile(r"%(?![0-9A-Fa-f]{2})")
#: What may stand in a path or a query as it is: RFC 3986's pchar, with "/" and "?", and what is encoded already.
_AS_IT_IS = "/?:@!$&'()*+,;=-._~%"


class AddressError(ValueError):
    """Slack gave an address for this file that we do not fetch from. Upload the file again."""

    permanent = True

    def __init__(self) -> None:
        super().__init__(self.__doc__)


@dataclass(frozen=True, slots=True)
class FileAddress:
    """An address that may be asked."""

    url: str
    #: Whether the file is on this machine, where no proxy must come between.
    is_local: bool


def is_loopback(url: str) -> bool:
    """Return whether an address is one of this machine.

    >>> is_loopback("http://127.0.0.1:7600/api/"), is_loopback("https://slack.com/api/"), is_loopback("http://[")
    (True, False, False)
    """
    try:
        return urlsplit(url).hostname in LOOPBACK_HOSTS
    except ValueError:
        return False


def api_address(url: str) -> str:
    """Return the Web API's address, ending in a slash; tokens go to Slack or to this machine, nowhere else.

    >>> api_address("https://slack.com/api")
    'https://slack.com/api/'

    Raises:
        ValueError: It is neither.
    """
    parts = urlsplit(url)
    is_slack = parts.scheme == "https" and parts.hostname == "slack.com"
    if not (is_slack or (parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS)):
        raise ValueError("SLACK_API_URL must be https://slack.com/api/ or an http address of this machine.")
    return url.rstrip("/") + "/"


def file_address(url: str, api_url: str) -> FileAddress:
    """Return the address that Slack gave for a file, percent-encoded where it was not.

    >>> file_address("https://files.slack.com/T1-F1/weekly plän 100%.flac", "https://slack.com/api/").url
    'https://files.slack.com/T1-F1/weekly%20pl%C3%A4n%20100%25.flac'

    Args:
        url: As it stands in Slack's answer.
        api_url: The Web API's address: where it is on this machine, its files may be, too.

    Raises:
        AddressError: It is no address, or somewhere that must not see our token.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise AddressError from None
    is_local = parts.scheme == "http" and host in LOOPBACK_HOSTS and is_loopback(api_url)
    is_slack = parts.scheme == "https" and host in FILE_HOSTS and port in {None, 443}
    if "@" in parts.netloc or not (is_local or is_slack):
        raise AddressError
    return FileAddress(
        urlunsplit((parts.scheme, parts.netloc, _encoded(parts.path), _encoded(parts.query), "")), is_local
    )


def _encoded(text: str) -> str:
    return quote(_NO_ENCODING.sub("%25", text), safe=_AS_IT_IS, errors="replace")
