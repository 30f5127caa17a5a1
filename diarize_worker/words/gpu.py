"""The GPU that CTranslate2 would use, and the one library of CUDA 12 that it takes from elsewhere.

CTranslate2 4.8 brings its kernels, but looks for cuBLAS 12 (`libcublas.so.12`) when it first multiplies. A torch
for CUDA 13 brings cuBLAS 13 alone, so the library comes from `nvidia-cublas-cu12`, which puts it where the
system's loader does not look: whoever opens it first makes it known under its name to the whole process.
"""

import ctypes
import functools
import importlib.util
from pathlib import Path

CUBLAS = "libcublas.so.12"
CUBLAS_COMMAND = "pip install 'nvidia-cublas-cu12==12.*'"


def has_cuda() -> bool:
    """Whether CTranslate2 sees a CUDA device."""
    import ctranslate2  # noqa: PLC0415

    try:
        return bool(ctranslate2.get_cuda_device_count() > 0)
    except RuntimeError:  # a driver that does not fit
        return False


@functools.cache
def make_cublas_known() -> bool:
    """Open cuBLAS 12, so that CTranslate2 finds it; False when it is not on this machine."""
    for name in (CUBLAS, *_installed()):
        try:
            ctypes.CDLL(str(name), mode=ctypes.RTLD_GLOBAL)
        except OSError:
            continue
        return True
    return False


def gpu_fault() -> str | None:
    """Try the GPU with a real, tiny load; returns why it cannot be used for words, or None when it can.

    Takes a moment and some GPU memory until this process ends, so it is for those who look, such as `doctor`.
    """
    import ctranslate2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    if not make_cublas_known():
        return f"CTranslate2 needs {CUBLAS}, which is not here"
    try:
        there = ctranslate2.StorageView.from_array(np.ones(4, np.float32)).to_device(ctranslate2.Device.cuda)
        there.to_device(ctranslate2.Device.cpu)
        handle = ctypes.c_void_p()
        cublas = ctypes.CDLL(CUBLAS)
        status = cublas.cublasCreate_v2(ctypes.byref(handle))
        if status == 0:
            cublas.cublasDestroy_v2(handle)
    except (RuntimeError, ValueError, OSError) as error:
        return f"the GPU does not answer ({error})"
    return None if status == 0 else f"cuBLAS does not start on this GPU (status {status})"


def _installed() -> list[Path]:
    """Return cuBLAS 12 where NVIDIA's wheel puts it."""
    try:
        spec = importlib.util.find_spec("nvidia.cublas")
    except ModuleNotFoundError:
        return []
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return [path for folder in folders for path in [Path(folder) / "lib" / CUBLAS] if path.is_file()]
