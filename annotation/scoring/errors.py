"""What can be wrong with a request for a score."""


class ScoringError(ValueError):
    """These two accounts cannot be scored; the message says why and what to do."""
