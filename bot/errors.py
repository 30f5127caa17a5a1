"""What a person is told when something cannot be done. The docstring is the message.

BotError
├── PersonError              shown to the person as it is
│   ├── NotYoursError        NotThereAnyMoreError      StaleButtonError
│   ├── AlreadyAnsweredError ConsentMissingError       LockedStepError
│   ├── FileRefusedError     NotPostedError            HintError
│   ├── ClipStateError       NoModelError
│   └── NoLabelsError        TooSlowError
├── UnusableError            what came is nothing that Slack sends; it is turned away, and a line logged
├── UploadRefusedError       Slack does not take a file of ours; the rest goes out without it
└── StartError               the process cannot start; printed in one line
"""


class BotError(Exception):
    """Something in the bot did not work."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__)


class PersonError(BotError):
    """That did not work."""


class NotYoursError(PersonError):
    """This button belongs to somebody else, so nothing was changed. Type `/whospoke start` for your own."""


class NotThereAnyMoreError(PersonError):
    """This is not there any more. Type `/whospoke start` to go on from where you are."""


class StaleButtonError(PersonError):
    """That button is from earlier; nothing was changed. Type `/whospoke start` to go on from where you are."""


class AlreadyAnsweredError(PersonError):
    """You have answered this one already. Your first answer stands."""


class HintError(PersonError):
    """The fewest speakers are more than the most. Please choose again; nothing was fetched."""


class LockedStepError(PersonError):
    """That part opens once the one before it is done. Type `/whospoke start` to go on from where you are."""


class ConsentMissingError(PersonError):
    """Please tick the first two boxes if you agree. Without them nothing is fetched and nothing is computed."""


class FileRefusedError(PersonError):
    """We cannot take this file."""


class NotPostedError(PersonError):
    """I may not post there: I am not in that channel, or it is closed. Type `/invite @whospoke` there, and press again."""


class ClipStateError(PersonError):
    """This clip has moved on since that button was made; nothing was changed."""


class NoModelError(PersonError):
    """No AI model is set up in this workspace at the moment, so our scripted guide goes on."""


class NoLabelsError(PersonError):
    """There are no labels to correct or score yet. Wait until they are here, and press again."""


class TooSlowError(PersonError):
    """Slack gave us three seconds to open that, and they were over. Please press the button again."""


class UnusableError(BotError):
    """That is nothing that Slack sends."""


class UploadRefusedError(BotError, OSError):
    """Slack does not take this file, and trying again is no use."""


class StartError(BotError):
    """The bot cannot start."""
