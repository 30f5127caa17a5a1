"""The one error a file from outside can cause."""


class FormatError(ValueError):
    """A label or transcript file says something we cannot read.

    The message is meant for the person who made the file: the line, what is wrong with it, and what to write instead.

    >>> error = FormatError("the end is before the start", line=3, advice="Write the start first.")
    >>> str(error)
    'line 3: the end is before the start. Write the start first.'
    """

    def __init__(
        self,
        reason: str,
        *,
        line: int | None = None,
        advice: str = "",
        problems: tuple["FormatError", ...] = (),
    ) -> None:
        self.reason = reason
        self.line = line
        self.advice = advice
        #: Every fault of the file, where the format collects them; otherwise this error alone.
        self.problems: tuple[FormatError, ...] = problems or (self,)
        where = f"line {line}: " if line is not None else ""
        super().__init__(f"{where}{reason}." + (f" {advice}" if advice else ""))

    @classmethod
    def of_many(cls, problems: list["FormatError"]) -> "FormatError":
        """Return one error that names all of them, a line each."""
        if len(problems) == 1:
            return problems[0]
        error = cls("several lines cannot be read", problems=tuple(problems))
        error.args = ("\n".join(str(problem) for problem in problems),)
        return error
