"""The model we name by default."""

from typing import get_args

from anthropic.resources.messages.messages import DEPRECATED_MODELS
from anthropic.types import Model

from bot.tutor.anthropic import DEFAULT_MODEL


def test_default_model_is_a_current_sonnet_of_the_installed_sdk():
    listed = get_args(get_args(Model)[0])
    assert DEFAULT_MODEL in listed
    assert DEFAULT_MODEL not in DEPRECATED_MODELS
    assert "sonnet" in DEFAULT_MODEL
