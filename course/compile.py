"""A module as one JSON document, so that attempts can be replayed on the content they began with."""

import hashlib
import json
from typing import Any

from course.model import Module


def to_dict(module: Module) -> dict[str, Any]:
    """Return the compiled module as plain JSON values, version included."""
    return module.model_dump(mode="json")


def from_dict(compiled: dict[str, Any]) -> Module:
    """Return the module that `to_dict` wrote.

    Fields added to the model since then take their defaults, and those it has lost are passed over: an
    attempt has to be able to end on the content it began with.
    """
    return Module.model_validate(compiled, extra="ignore")


def version_of(module: Module) -> str:
    """Return the SHA-256 over the canonical JSON of everything but the version itself."""
    document = module.model_dump(mode="json", exclude={"version"})
    canonical = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def stamped(module: Module) -> Module:
    """Return the module with its version filled in."""
    return module.model_copy(update={"version": version_of(module)})
