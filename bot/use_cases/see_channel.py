"""Whether a channel reaches us: we hear who joins and may post only where we are members."""

from bot.deps import Deps
from bot.directory import Directory
from bot.errors import PersonError
from bot.people import Person

#: Why a cohort's channel does not reach us, as it is stored; the words for it are the views'.
NOT_A_MEMBER = "not_in_channel"
HIDDEN = "channel_not_found"


class NotInChannelError(PersonError):
    """whospoke is not in that channel yet. Type `/invite @whospoke` there, then try again."""


def ensure_in_channel(deps: Deps, person: Person, channel_id: str) -> None:
    """Raise `NotInChannelError`, with the channel's name, unless we are in it, and they are in a private one."""
    directory = deps.directory_for(person.team_id)
    channel = directory.channel(channel_id)
    # Who is in a private channel is for those to know who are in it; the id may be forged.
    is_hidden = channel is not None and channel.is_private and not _is_in(directory, person, channel_id)
    if channel is None or is_hidden:
        raise NotInChannelError(
            "We cannot see that channel. Type `/invite @whospoke` there first, then try again."
        )
    if not channel.has_us:
        raise NotInChannelError(
            f"Invite whospoke to #{channel.name} first: type `/invite @whospoke` there, then try again."
        )


def _is_in(directory: Directory, person: Person, channel_id: str) -> bool:
    return person.user_id in (directory.members_of(channel_id) or [])
