"""What can go wrong with a clip. The message is written for the learner and says what to do.

WorkerError
├── ClipError            the recording is the matter; trying again changes nothing
│   ├── NotAudioError    NoAudioTrackError    EmptyClipError    SilentClipError
│   ├── TruncatedClipError   ClipTooLongError   ClipTooLargeError
│   └── DecodeFailedError
├── FetchError           Slack did not give us the file (`permanent` says whether to try again)
├── EngineUnavailableError   weights, token or memory are missing; says which command helps
├── WeightsError         weight files could not be brought, or are not the ones we know
└── ClipCancelledError   the learner cancelled, or deleted the clip
"""

DISK_FULL = (
    "The worker has no room left to read this recording. Try again later, or tell whoever runs this app."
)


class WorkerError(Exception):
    """Labelling this clip did not work."""

    permanent = True

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__)


class ClipError(WorkerError):
    """There is something wrong with this recording."""


class NotAudioError(ClipError):
    """This file is not a recording we can read. Send audio or video, such as .m4a, .mp3, .wav or .mp4."""


class NoAudioTrackError(ClipError):
    """This video has no sound track. Send a recording with sound."""


class EmptyClipError(ClipError):
    """This file is empty. Check the recording on your side and upload it again."""


class SilentClipError(ClipError):
    """We found no speech in this recording. Check that the right microphone was on, then upload another clip."""


class TruncatedClipError(ClipError):
    """This file breaks off before any sound could be read. The upload may have been cut: upload it again."""


class ClipTooLongError(ClipError):
    """This recording is longer than 2 hours. Cut it and send the part you need."""


class ClipTooLargeError(ClipError):
    """This file is larger than 1 GiB. Send a shorter or more compressed recording."""


class DecodeFailedError(ClipError):
    """This recording could not be decoded. Convert it to .wav or .m4a and upload it again."""


class FetchError(WorkerError):
    """Slack did not let us read the file. Check that it has not been deleted, then upload it again."""

    def __init__(self, message: str | None = None, *, permanent: bool = True) -> None:
        super().__init__(message)
        self.permanent = permanent


class EngineUnavailableError(WorkerError):
    """This engine cannot start here."""


class WeightsError(WorkerError):
    """The weight files could not be made ready. Run `python -m diarize_worker models pull` again."""


class ClipCancelledError(WorkerError):
    """This clip was cancelled."""
