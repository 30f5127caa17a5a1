"""The fixed cast: one team, five people, a bot, and the channels they start with."""

from local_slack.errors import Json

TEAM_ID = "T0LOCAL"
TEAM_NAME = "Harbour Analytics"
TEAM_DOMAIN = "harbour-analytics"
OTHER_TEAM_ID = "T0OTHER"
APP_ID = "A0WHOSPOKE"
BOT_USER_ID = "U0BOT"
BOT_ID = "B0BOT"
SLACKBOT_ID = "USLACKBOT"

_PEOPLE = (
    ("U0ADA", "ada", "Ada Quill", "Europe/London", 0),
    ("U0BEN", "ben", "Ben Osei", "America/New_York", -18000),
    ("U0CLEO", "cleo", "Cleo Marsh", "Europe/Berlin", 3600),
    ("U0DEV", "dev", "Dev Rao", "Asia/Kolkata", 19800),
    ("U0EXT", "eve", "Eve Stranger", "America/Toronto", -18000),
)

_CHANNELS = (
    ("C0GENERAL", "general", False, ("U0ADA", "U0BEN", "U0CLEO", "U0DEV", BOT_USER_ID)),
    ("C0RESEARCH", "research", False, ("U0ADA", "U0BEN", "U0CLEO", BOT_USER_ID)),
    ("C0PRIVATE", "leadership", True, ("U0CLEO", "U0BEN")),
    ("C0PARTNER", "partners", False, ("U0ADA", "U0CLEO", "U0EXT", BOT_USER_ID)),
)
_PICTURE_SIZES = (24, 32, 48, 72, 192, 512)


def _user(user_id: str, name: str, real_name: str, zone: str, offset_s: int) -> Json:
    is_stranger = user_id == "U0EXT"
    return {
        "id": user_id,
        "team_id": OTHER_TEAM_ID if is_stranger else TEAM_ID,
        "name": name,
        "deleted": False,
        "color": "9f69e7",
        "real_name": real_name,
        "tz": zone,
        "tz_label": zone,
        "tz_offset": offset_s,
        "profile": {
            "title": "",
            "phone": "",
            "skype": "",
            "status_text": "",
            "status_emoji": "",
            "status_expiration": 0,
            "avatar_hash": "",
            "real_name": real_name,
            "real_name_normalized": real_name,
            "display_name": name,
            "display_name_normalized": name,
            "team": OTHER_TEAM_ID if is_stranger else TEAM_ID,
        },
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": False,
        "is_app_user": False,
        "is_stranger": is_stranger,
        "updated": 0,
    }


def make_users(bot_name: str) -> dict[str, Json]:
    """Everybody in the workspace, the bot included, by id."""
    users = {row[0]: _user(*row) for row in _PEOPLE}
    bot = _user(BOT_USER_ID, bot_name.lower().replace(" ", ""), bot_name, "Etc/UTC", 0)
    bot["is_bot"] = True
    bot["profile"] |= {"api_app_id": APP_ID, "bot_id": BOT_ID, "always_active": True}
    users[BOT_USER_ID] = bot
    return users


def present(user: Json, base_url: str) -> Json:
    """A person as Slack's user object, with the pictures that every profile has."""
    pictures = {f"image_{size}": f"{base_url}/icon.svg" for size in _PICTURE_SIZES}
    return user | {"profile": user["profile"] | pictures}


def make_channels() -> dict[str, Json]:
    """The channels a new workspace has, by id."""
    return {
        channel_id: {
            "id": channel_id,
            "name": name,
            "is_im": False,
            "is_private": private,
            "members": list(members),
        }
        for channel_id, name, private, members in _CHANNELS
    }


def dm_id(user_id: str) -> str:
    """The id of a person's conversation with the bot."""
    return "D0" + user_id.removeprefix("U0")
