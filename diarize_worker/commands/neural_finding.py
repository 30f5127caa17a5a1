"""What `doctor` says of the neural engine: whether it is installed, has its weights, and sees a GPU."""

import importlib

from diarize_worker.commands.finding import Finding
from diarize_worker.engines.neural_pipeline import (
    INSTALL_COMMAND,
    MODEL,
    PAGE,
    cached_folder,
    is_installed,
    is_whole,
    refusal,
)
from diarize_worker.hub import hub_status, is_there
from diarize_worker.settings import Settings

_PART = "neural engine"


def neural_finding(settings: Settings, *, may_ask_hub: bool) -> Finding:
    """Look at the engine without loading its weights."""
    if not is_installed():
        return Finding(_PART, False, "torch or pyannote.audio is not installed", INSTALL_COMMAND)
    found = _weights(settings, may_ask_hub=may_ask_hub)
    return Finding(_PART, found.is_ready, f"{found.state}; {_device()}", found.remedy)


def _weights(settings: Settings, *, may_ask_hub: bool) -> Finding:
    folder = settings.neural_dir
    token = settings.hf_token.get_secret_value() if settings.hf_token else None
    if folder is not None:
        if is_whole(folder):
            return Finding(_PART, True, f"pipeline folder {folder}")
        remedy = "point WHOSPOKE_NEURAL_DIR to a folder with config.yaml and all the parts that it names"
        return Finding(_PART, False, f"pipeline folder {folder} is not whole", remedy)
    cached = cached_folder()
    if cached is None:
        return _to_be_fetched(token, may_ask_hub=may_ask_hub)
    is_wanted = bool(token) or settings.engine == "neural"  # auto takes it where a token or a folder is set
    remedy = "" if is_wanted else f"set WHOSPOKE_NEURAL_DIR={cached}"
    return Finding(_PART, is_wanted, f"weights in {cached}", remedy)


def _to_be_fetched(token: str | None, *, may_ask_hub: bool) -> Finding:
    if not token:
        remedy = f"accept the terms of {PAGE}, then set HF_TOKEN"
        return Finding(_PART, False, "no token for its gated weights", remedy)
    status = hub_status(f"{MODEL}/resolve/main/config.yaml", token) if may_ask_hub else None
    if is_there(status):
        return Finding(_PART, True, "the token may read the weights, which are fetched at first use")
    if status is not None:
        return Finding(_PART, False, f"Hugging Face refused the token ({status})", refusal(status))
    remedy = "check the network, or set WHOSPOKE_NEURAL_DIR to a folder with the pipeline"
    return Finding(_PART, False, "a token is set, but Hugging Face does not answer", remedy)


def _device() -> str:
    """Say whether torch sees a GPU; importing it takes some seconds, and it may be broken."""
    try:
        torch = importlib.import_module("torch")
        if torch.cuda.is_available():
            return f"torch sees {torch.cuda.get_device_name(0)}"
    except (ImportError, OSError, RuntimeError) as error:
        return f"torch does not start ({error})"
    return "torch sees no GPU"
