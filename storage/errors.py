"""What can go wrong at rest.

StorageError
├── DatabaseUnavailableError
├── DatabaseNotMigratedError
├── NestedTransactionError
├── ReadOnlyError
├── RefusedError
├── NotWipedError
├── ClipDeletedError
├── NoSuchRecordError
└── JobsError
    └── StepFailedError
"""


class StorageError(Exception):
    """The database could not do what was asked."""


class DatabaseUnavailableError(StorageError):
    """The database cannot be reached, or is too busy to answer."""


class DatabaseNotMigratedError(StorageError):
    """The tables are missing, or older than this program: run `python -m storage migrate`."""


class NestedTransactionError(StorageError):
    """A transaction is open in this thread already: pass it on, or end it first."""


class ReadOnlyError(StorageError):
    """Something was to be stored in a transaction that only reads: open it with `Database.begin`."""


class RefusedError(StorageError):
    """The database refused what was to be stored. Names the rule, never the values."""


class NotWipedError(StorageError):
    """What was deleted could not be overwritten yet."""


class ClipDeletedError(StorageError):
    """The clip was deleted by its uploader, so nothing more may be stored for it."""


class NoSuchRecordError(StorageError):
    """There is no such record in this workspace."""


class JobsError(StorageError):
    """The job engine is not in the state that the call needs."""


class StepFailedError(JobsError):
    """A step of a job failed for good.

    Attributes:
        error_name: The class of the original error, such as "ClipTooLongError".
        message: What it said, if it was an error of ours (one with `permanent`); else empty.
        is_permanent: Whether trying again would have been no use.
    """

    def __init__(
        self, error_name: str, message: str = "", *, is_permanent: bool = False, is_last: bool = True
    ) -> None:
        self.error_name = error_name
        self.message = message
        self.is_permanent = is_permanent
        self.is_last = is_last
        super().__init__(f"{error_name}{'!' if is_permanent else ''}: {message}")

    @classmethod
    def parse(cls, text: str) -> "StepFailedError":
        """The same error, from the text under which it was stored."""
        name, _, message = text.partition(": ")
        return cls(name.removesuffix("!"), message, is_permanent=name.endswith("!"))
