"""Each reason for which the neural engine cannot start is told in plain words, with the fix. No torch needed."""

import httpx
import pytest
from huggingface_hub import errors

from diarize_worker.engines.neural import _from_pretrained
from diarize_worker.errors import EngineUnavailableError

REFUSED = httpx.Response(403, request=httpx.Request("GET", "https://huggingface.co/"))


class Hub:
    """Answers every request for a pipeline in one way."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def from_pretrained(self, *_arguments: object, **_keywords: object) -> object:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (errors.GatedRepoError("gated", response=REFUSED), "Accept them at https://huggingface.co/pyannote/"),
        (
            errors.RepositoryNotFoundError("401", response=REFUSED),
            "Make a new one with read access and set HF_TOKEN",
        ),
        (errors.LocalEntryNotFoundError("offline"), "cannot be reached.*WHOSPOKE_NEURAL_DIR"),
        (ConnectionError("refused"), "cannot be reached"),
        (FileNotFoundError("config.yaml"), "no pipeline that can be read"),
        (None, "could not be loaded. Accept its terms"),
    ],
)
def test_reason_and_fix(answer: object, told: str) -> None:
    with pytest.raises(EngineUnavailableError, match=told):
        _from_pretrained(Hub(answer), None, "token")
