"""A step's failure survives being stored as text."""

import pytest

from storage.errors import StepFailedError


class TestStepFailedError:
    @pytest.mark.parametrize("is_permanent", [True, False])
    @pytest.mark.parametrize("message", ["", "This file is empty: upload it again."])
    def test_is_read_back_from_its_text(self, message: str, *, is_permanent: bool) -> None:
        error = StepFailedError("EmptyClipError", message, is_permanent=is_permanent)
        again = StepFailedError.parse(str(error))
        assert (again.error_name, again.message, again.is_permanent) == (
            "EmptyClipError",
            message,
            is_permanent,
        )
