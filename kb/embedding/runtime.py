"""The only door to OpenVINO: without its telemetry, and with threads and precision set on purpose."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

_NATIVE_BF16 = {"amx_bf16", "avx512_bf16"}
"""Processor flags with which bfloat16 is three times faster than float32; elsewhere it would be emulated, slowly."""


def openvino_version() -> str | None:
    """The installed release; None where OpenVINO is not installed."""
    if importlib.util.find_spec("openvino") is None:
        return None
    return importlib.metadata.version("openvino")


def import_openvino() -> ModuleType:
    """The module `openvino`, imported so that it sends nothing and leaves no files in the home folder.

    Importing it reports to a statistics service, unasked and with no setting against it, wherever the package
    `openvino_telemetry` can be imported. Where it cannot, OpenVINO uses an empty one of its own.
    """
    if "openvino" not in sys.modules:
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # Python's own mark for "not importable"
        module = importlib.import_module("openvino")
        # The first view of a tensor's memory prepares numpy inside the library; two threads that do this at the same
        # moment can wait for each other for ever, so it is done here, once, before there are two.
        _ = module.Tensor(np.zeros(1, np.float32)).data
    return sys.modules["openvino"]


def inference_precision() -> str:
    """`bf16` where the processor computes with it natively, `f32` elsewhere."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").partition("flags")[2].split("\n")[0]
    except OSError:
        return "f32"
    return "bf16" if _NATIVE_BF16 & set(flags.split()) else "f32"


def compile_network(file: Path, *, threads: int) -> Any:
    """The network in `file` with as many streams as threads, one thread each.

    Streams of one thread never wait for each other, so no CPU time is lost to spinning, and one query takes one thread.
    """
    streams = max(1, min(threads, os.cpu_count() or 1))
    return (
        import_openvino()
        .Core()
        .compile_model(
            str(file),
            "CPU",
            {
                "NUM_STREAMS": streams,
                "INFERENCE_NUM_THREADS": streams,
                "ENABLE_CPU_PINNING": False,  # other processes share the machine
                "INFERENCE_PRECISION_HINT": inference_precision(),
            },
        )
    )
