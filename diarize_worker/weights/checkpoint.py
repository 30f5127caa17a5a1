"""Reads a PyTorch checkpoint without PyTorch, and without running anything that is written in it.

A checkpoint is a pickle, and a pickle may call any function it can name. Here it can name what is on a short
list; tensors come back as numpy arrays, and everything else it may name becomes an object that does nothing.
"""

import io
import math
import pickle
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, BinaryIO, Self

import numpy as np
import numpy.typing as npt

from diarize_worker.errors import WeightsError

Storage = npt.NDArray[Any]

_LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
_LEGACY_PROTOCOL = 1001
_ZIP_SIGNATURE = b"PK\x03\x04"
_REFERENCE_FIELDS = 5


class CheckpointError(WeightsError):
    """This file is not a checkpoint we are willing to read."""


class _Inert:
    """Stands for an object of a class that is known and not wanted: it keeps nothing and runs nothing."""

    def __new__(cls, *_args: object, **_keywords: object) -> Self:
        return object.__new__(cls)

    def __init__(self, *_args: object, **_keywords: object) -> None:
        return

    def __setstate__(self, _state: object) -> None:
        return


def _plain_dict(*_factory: object) -> dict[Any, Any]:
    """Stand for collections.defaultdict, whatever its factory."""
    return {}


def _rebuild_tensor(
    storage: object, offset: int, shape: tuple[int, ...], stride: tuple[int, ...], *_ignored: object
) -> Storage:
    """Return a view of `storage`; offset and stride are counted in elements.

    The ndarray constructor refuses a view that reaches outside its buffer, which as_strided does not.
    """
    if not isinstance(storage, np.ndarray) or offset < 0 or min((*shape, *stride), default=0) < 0:
        raise CheckpointError("This checkpoint holds a malformed tensor.")
    if math.prod(shape) > storage.size:  # an expanded view: tiny in the file, huge when copied
        raise CheckpointError("This checkpoint holds a tensor larger than its storage.")
    step = storage.itemsize
    return np.ndarray(shape, storage.dtype, storage, offset * step, tuple(s * step for s in stride))


#: Storage classes become numpy's name of their kind: a string is nothing a pickle could call or change.
_KIND_BY_STORAGE = {
    "DoubleStorage": "<f8",
    "FloatStorage": "<f4",
    "HalfStorage": "<f2",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ByteStorage": "|u1",
    "BoolStorage": "|b1",
}

_INERT = (
    ("omegaconf.base", "ContainerMetadata"),
    ("omegaconf.base", "Metadata"),
    ("omegaconf.listconfig", "ListConfig"),
    ("omegaconf.nodes", "AnyNode"),
    ("pyannote.audio.core.model", "Introspection"),
    ("pyannote.audio.core.task", "Problem"),
    ("pyannote.audio.core.task", "Resolution"),
    ("pyannote.audio.core.task", "Specifications"),
    ("torch.torch_version", "TorchVersion"),
    ("typing", "Any"),
)

#: Everything a checkpoint may name, under its Python 3 and, where it differs, its Python 2 spelling.
_ALLOWED: dict[tuple[str, str], Any] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("collections", "defaultdict"): _plain_dict,
    ("torch._utils", "_rebuild_tensor_v2"): _rebuild_tensor,
    ("__builtin__", "dict"): dict,
    ("builtins", "dict"): dict,
    ("__builtin__", "list"): list,
    ("builtins", "list"): list,
    ("__builtin__", "long"): int,
    ("builtins", "int"): int,
    **{("torch", storage): kind for storage, kind in _KIND_BY_STORAGE.items()},
    **dict.fromkeys(_INERT, _Inert),
}

StorageSource = Callable[["np.dtype[Any]", str, int], Storage]


class _Unpickler(pickle.Unpickler):
    """Unpickles allow-listed names only; `source` supplies the memory of tensors."""

    def __init__(self, file: BinaryIO, source: StorageSource | None = None) -> None:
        super().__init__(file)
        self._source = source

    def find_class(self, module: str, name: str) -> Any:
        try:
            return _ALLOWED[module, name]
        except KeyError:
            raise CheckpointError(
                f"This checkpoint names {module}.{name}, which is not on our list. Do not use this file."
            ) from None

    def persistent_load(self, pid: Any) -> Storage:
        well_formed = isinstance(pid, tuple) and len(pid) >= _REFERENCE_FIELDS and pid[0] == "storage"
        if self._source is None or not well_formed:
            raise CheckpointError("This checkpoint holds a malformed storage reference.")
        _, kind, key, _location, num_elements = pid[:_REFERENCE_FIELDS]
        if any(extra is not None for extra in pid[_REFERENCE_FIELDS:]):
            raise CheckpointError("This checkpoint holds a view of a storage, which is not supported.")
        # type(), not isinstance(): True is an int, and a subclass of str could bring its own methods.
        if kind not in _KIND_BY_STORAGE.values() or type(key) is not str or type(num_elements) is not int:
            raise CheckpointError("This checkpoint holds a malformed storage reference.")
        if num_elements < 0:
            raise CheckpointError("This checkpoint holds a storage of negative size.")
        return self._source(np.dtype(kind), key, num_elements)


def read_checkpoint(content: bytes) -> Any:
    """Return the object saved in a checkpoint, its tensors as numpy arrays.

    Args:
        content: The whole file, in the zip format or the one from before PyTorch 1.6.

    Raises:
        CheckpointError: The file is broken, or names something that is not on the list.
    """
    try:
        return _read_zip(content) if content.startswith(_ZIP_SIGNATURE) else _read_legacy(content)
    except CheckpointError:
        raise
    except Exception as error:  # a broken file shows up as any of a dozen exceptions
        raise CheckpointError(f"This checkpoint is broken ({type(error).__name__}).") from error


class _Storages:
    """Storages by key; the same key must always be named with the same kind and size."""

    def __init__(self, make: StorageSource) -> None:
        self._make = make
        self.by_key: dict[str, Storage] = {}

    def __call__(self, dtype: "np.dtype[Any]", key: str, num_elements: int) -> Storage:
        if key not in self.by_key:
            self.by_key[key] = self._make(dtype, key, num_elements)
        found = self.by_key[key]
        if found.dtype != dtype or found.size != num_elements:
            raise CheckpointError(f"This checkpoint describes its storage {key} in two ways.")
        return found


def _read_zip(content: bytes) -> Any:
    """ROOT/data.pkl and, for each storage, its raw memory as ROOT/data/KEY."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        pickles = [name for name in names if name.count("/") == 1 and name.endswith("/data.pkl")]
        if len(pickles) != 1:
            raise CheckpointError("This checkpoint has no data.pkl, or more than one.")
        root = pickles[0].partition("/")[0]
        if f"{root}/byteorder" in names and archive.read(f"{root}/byteorder") != b"little":
            raise CheckpointError("This checkpoint is not little-endian.")

        def member(dtype: "np.dtype[Any]", key: str, num_elements: int) -> Storage:
            info = archive.getinfo(f"{root}/data/{key}")
            too_short = info.file_size < num_elements * dtype.itemsize
            if info.compress_type != zipfile.ZIP_STORED or too_short:
                raise CheckpointError(f"The storage {key} of this checkpoint has the wrong size.")
            return np.frombuffer(archive.read(info), dtype, num_elements)

        return _Unpickler(io.BytesIO(archive.read(pickles[0])), _Storages(member)).load()


def _read_legacy(content: bytes) -> Any:
    """Five pickles (magic, protocol, system, object, storage keys), then each storage's memory.

    Storages are made empty while the object is unpickled and filled afterwards; tensors are views of them.
    """
    file = io.BytesIO(content)
    if _Unpickler(file).load() != _LEGACY_MAGIC or _Unpickler(file).load() != _LEGACY_PROTOCOL:
        raise CheckpointError("This file is not a checkpoint.")
    if not _Unpickler(file).load().get("little_endian"):
        raise CheckpointError("This checkpoint is not little-endian.")
    num_bytes_left = len(content)

    def empty(dtype: "np.dtype[Any]", key: str, num_elements: int) -> Storage:
        nonlocal num_bytes_left
        num_bytes_left -= num_elements * dtype.itemsize
        if num_bytes_left < 0:
            raise CheckpointError(f"The storage {key} of this checkpoint is larger than the file.")
        return np.zeros(num_elements, dtype)

    storages = _Storages(empty)
    result = _Unpickler(file, storages).load()
    keys = _Unpickler(file).load()
    if set(keys) != set(storages.by_key):
        raise CheckpointError("The storages of this checkpoint and their list differ.")
    for key in keys:
        storage = storages.by_key[key]
        if struct.unpack("<q", file.read(8))[0] != storage.size:
            raise CheckpointError(f"The storage {key} of this checkpoint has the wrong size.")
        storage[:] = np.frombuffer(file.read(storage.nbytes), storage.dtype, storage.size)
    return result
