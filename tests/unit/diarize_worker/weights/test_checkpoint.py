"""The reader loads what checkpoints hold and refuses everything else a pickle can do."""

import contextlib
import io
import pickle
import struct
import zipfile
from collections import OrderedDict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarize_worker.weights.checkpoint import CheckpointError, read_checkpoint

MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001
VALUES = np.arange(6, dtype="<f4")


class Named:
    """Pickles as a plain reference to module.name, called with `args` when there are any."""

    def __init__(self, module: str, name: str, args: tuple | None = None) -> None:
        self.module, self.name, self.args = module, name, args


class Reference:
    """Pickles as a persistent id."""

    def __init__(self, pid: object) -> None:
        self.pid = pid


class Pickler(pickle._Pickler):
    """Writes the two above; the pure Python one, as it can write names that do not exist here."""

    def persistent_id(self, obj: object) -> object:
        return obj.pid if isinstance(obj, Reference) else None

    def save(self, obj: object, save_persistent_id: bool = True) -> None:
        if not isinstance(obj, Named):
            return super().save(obj, save_persistent_id)
        self.write(pickle.GLOBAL + f"{obj.module}\n{obj.name}\n".encode())
        if obj.args is not None:
            super().save(obj.args)
            self.write(pickle.REDUCE)
        return None


def pickled(obj: object) -> bytes:
    file = io.BytesIO()
    Pickler(file, 2).dump(obj)
    return file.getvalue()


def storage(key: str = "0", num: object = 6, kind: str = "FloatStorage", *extra: object) -> Reference:
    return Reference(("storage", Named("torch", kind), key, "cpu", num, *extra))


def tensor(
    source: object = None, offset: object = 0, shape: object = (2, 3), stride: object = (3, 1)
) -> Named:
    args = (source or storage(), offset, shape, stride, False, Named("collections", "OrderedDict", ()))
    return Named("torch._utils", "_rebuild_tensor_v2", args)


def zipped(obj: object, memory: bytes = VALUES.tobytes(), compression: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        archive.writestr("archive/data.pkl", pickled(obj))
        archive.writestr("archive/data/0", memory)
    return file.getvalue()


def legacy(
    obj: object, keys: object = ("0",), num: int = 6, memory: bytes = VALUES.tobytes(), system: object = None
) -> bytes:
    parts = [MAGIC, PROTOCOL, system or {"little_endian": True}, obj, list(keys)]
    return b"".join(map(pickled, parts)) + struct.pack("<q", num) + memory


@pytest.mark.parametrize("write", [zipped, legacy])
class TestBothFormats:
    def test_tensors_come_back_as_arrays(self, write) -> None:
        found = read_checkpoint(write({"weight": tensor(), "epoch": 3}))
        assert found["epoch"] == 3
        np.testing.assert_array_equal(found["weight"], VALUES.reshape(2, 3))

    def test_a_view_starts_at_its_offset(self, write) -> None:
        found = read_checkpoint(write({"weight": tensor(None, 1, (2, 2), (2, 1))}))
        np.testing.assert_array_equal(found["weight"], [[1, 2], [3, 4]])

    def test_unwanted_classes_become_inert(self, write) -> None:
        found = read_checkpoint(write({"weight": tensor(), "task": Named("typing", "Any")}))
        assert not hasattr(found["task"], "__wrapped__")

    @pytest.mark.parametrize(
        ("module", "name"),
        [
            ("os", "system"),
            ("posix", "system"),
            ("builtins", "eval"),
            ("builtins", "getattr"),
            ("__builtin__", "exec"),
            ("subprocess", "Popen"),
            ("numpy", "load"),
            ("torch", "load"),
            ("collections", "OrderedDict.fromkeys"),
            ("diarize_worker.weights.checkpoint", "read_checkpoint"),
        ],
    )
    def test_any_other_name_is_refused(self, write, module: str, name: str) -> None:
        with pytest.raises(CheckpointError, match="not on our list"):
            read_checkpoint(write({"weight": tensor(), "evil": Named(module, name, ("echo pwned",))}))

    @pytest.mark.parametrize(
        "bad",
        [
            tensor(offset=5),
            tensor(offset=-1),
            tensor(stride=(-3, 1)),
            tensor(shape=(-2, -3)),
            tensor(shape=(2, 4)),
            tensor(shape=(10**6, 10**6), stride=(0, 0)),
            tensor(shape=(2, 3), stride=(100, 1)),
            tensor(storage("0", 6, "FloatStorage", ("view",))),
            tensor(storage("0", -6)),
            tensor(storage("0", True)),
            tensor(storage(0)),
            tensor(storage("missing")),
            tensor(Reference(("module", "x", "0", "cpu", 6))),
            tensor(Reference("storage")),
            tensor("no storage"),
            [tensor(), tensor(storage("0", 3), 0, (3,), (1,))],
            [tensor(), tensor(storage("0", 6, "LongStorage"))],
        ],
    )
    def test_malformed_tensors_are_refused(self, write, bad: object) -> None:
        with pytest.raises(CheckpointError):
            read_checkpoint(write({"weight": bad}))


class TestZip:
    def test_short_memory_is_refused(self) -> None:
        with pytest.raises(CheckpointError, match="wrong size"):
            read_checkpoint(zipped({"weight": tensor()}, VALUES.tobytes()[:-4]))

    def test_compressed_memory_is_refused(self) -> None:
        with pytest.raises(CheckpointError, match="wrong size"):
            read_checkpoint(zipped({"weight": tensor()}, compression=zipfile.ZIP_DEFLATED))

    def test_without_a_pickle_it_is_no_checkpoint(self) -> None:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("readme.txt", "hello")
        with pytest.raises(CheckpointError, match=r"data\.pkl"):
            read_checkpoint(file.getvalue())


class TestLegacy:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"not a checkpoint",
            pickled(MAGIC) + pickled(1000),
            legacy({"weight": tensor()}, system={"little_endian": False}),
            legacy({"weight": tensor()}, system=Named("os", "getcwd", ())),
            legacy({"weight": tensor()}, keys=("0", "1")),
            legacy({}, keys=("0",)),
            legacy({"weight": tensor()}, num=5),
            legacy({"weight": tensor()}, memory=VALUES.tobytes()[:-1]),
            legacy({"weight": tensor(storage("0", 10**12))}),
        ],
    )
    def test_broken_files_are_refused(self, content: bytes) -> None:
        with pytest.raises(CheckpointError):
            read_checkpoint(content)


@given(st.integers(0, 400), st.binary(max_size=6))
def test_damage_raises_nothing_but_our_error(at: int, junk: bytes) -> None:
    """A few bytes put over a good file give the object, or CheckpointError."""
    whole = legacy({"weight": tensor(), "plain": OrderedDict(a=1)})
    damaged = whole[:at] + junk + whole[at + len(junk) :]
    with contextlib.suppress(CheckpointError):
        assert isinstance(read_checkpoint(damaged), object)
