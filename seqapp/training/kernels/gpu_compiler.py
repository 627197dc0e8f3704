"""Compilation for a GPU that is not there, ahead of time by XLA, and the kernels of what comes out, counted."""

import collections
import importlib.util
import logging
import os
import re
import time

logger = logging.getLogger(__name__)

# An H200, as XLA's own descriptions of devices write it (gpu_specs/h100_sxm, with the H200's memory).
H200 = """
gpu_device_info {
  cuda_compute_capability { major: 9 } core_count: 132 fpus_per_core: 128 clock_rate_ghz: 1.98
  threads_per_block_limit: 1024 threads_per_warp: 32 threads_per_core_limit: 2048
  shared_memory_per_block: 49152 shared_memory_per_core: 233472 shared_memory_per_block_optin: 232448
  registers_per_core_limit: 65536 registers_per_block_limit: 65536
  block_dim_limit_x: 2147483647 block_dim_limit_y: 65535 block_dim_limit_z: 65535
  memory_bandwidth: 4800000000000 l2_cache_size: 52428800 device_memory_size: 150000000000
}
platform_name: "CUDA"
dnn_version_info { major: 9 minor: 8 }
runtime_version { major: 12 minor: 8 }
device_description_str: "NVIDIA H200"
"""
# Instructions that name, pack or place values, and start nothing on the device.
FREE = frozenset(
    ("parameter", "constant", "tuple", "get-tuple-element", "bitcast", "after-all", "partition-id", "replica-id")
)
COMPUTATION = re.compile(r"^(ENTRY )?%?([\w.\-]+) \(.*\) -> .* \{")
INSTRUCTION = re.compile(r"^\s+(?:ROOT )?%?[\w.\-]+ = (?:\(.*?\)|\S+) ([a-z][a-z0-9\-]*)\(")


def compile_for_h200(program: bytes) -> str:
    """Compile an XLA program for an NVIDIA H200 without one, as fast as it comes: nothing is tuned by trials.

    Args:
        program: Serialised HLO, as `tf.function.experimental_get_compiler_ir` gives it.

    Returns:
        The optimised program as HLO text.

    Raises:
        ValueError: JAX with its plugin for CUDA 12 is not installed.
    """
    missing = [name for name in ("jax", "jax_plugins.xla_cuda12", "nvidia.cuda_nvcc") if not _is_installed(name)]
    if missing:
        raise ValueError(f"Compiling for a GPU needs {', '.join(missing)}. Install: pip install -e '.[gpu_compiler]'.")
    compiler_folder = next(iter(importlib.util.find_spec("nvidia.cuda_nvcc").submodule_search_locations))
    flags = f"--xla_gpu_cuda_data_dir={compiler_folder} --xla_gpu_autotune_level=0"
    os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {flags}".strip()
    import jax
    from jax._src.interpreters.mlir import make_ir_context
    from jax.experimental import topologies
    from jaxlib import _jax, xla_client
    from jaxlib.mlir import ir

    jax.config.update(
        "jax_platforms", "cpu"
    )  # by its environment variable it is too late where jax was imported before
    topology = topologies.get_topology_desc("h200", "cuda", target_config=H200, topology="1x1x1")
    module = _jax.mlir.xla_computation_to_mlir_module(xla_client.XlaComputation(program))
    options = xla_client.CompileOptions()
    start = time.monotonic()
    with make_ir_context():
        device = topology.devices[0]
        executable = device.client.compile(ir.Module.parse(module), xla_client.DeviceList((device,)), options)
    logger.info("compiled in %.0f s", time.monotonic() - start)
    return executable.hlo_modules()[0].to_string()


def _is_installed(name):
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:  # its parent is not
        return False


def count_kernels(text: str) -> collections.Counter:
    """Count what a compiled program starts on the device in one run: kernels, copies, calls of libraries.

    Args:
        text: Optimised HLO, scheduled. A loop counts as often as it runs, of branches the one that starts most.

    Returns:
        Counter of the kinds of instructions.

    Raises:
        ValueError: A loop runs an unknown number of times, or a line of the text is not understood.
    """
    computations, entry = _parse(text)
    return _count(computations, entry)


def _parse(text):
    computations = {}
    entry = name = None
    for line in text.splitlines():
        if header := COMPUTATION.match(line):
            name = header[2]
            entry = name if header[1] else entry
            computations[name] = []
        elif line.startswith("}"):
            name = None
        elif name and " = " in line:
            if not (instruction := INSTRUCTION.match(line)):
                raise ValueError(f"Expected an instruction of HLO. Received: {line.strip()[:200]}")
            computations[name].append((instruction[1], line))
    if entry is None:
        raise ValueError("Expected HLO text with an ENTRY computation. Received none.")
    return computations, entry


def _count(computations, name):
    counts = collections.Counter()
    for kind, line in computations[name]:
        if kind == "while":
            times = re.search(r'"known_trip_count":\{"n":"(\d+)"', line)
            if not times:
                raise ValueError(f"A loop of an unknown number of steps: {line.strip()[:200]}")
            body = _count(computations, re.search(r"body=%?([\w.\-]+)", line)[1])
            counts.update({kind: number * int(times[1]) for kind, number in body.items()})
        elif kind in ("call", "async-start"):
            counts += _count(computations, re.search(r"(?:to_apply|calls)=%?([\w.\-]+)", line)[1])
        elif kind == "conditional":
            listed = re.search(r"branch_computations=\{([^}]*)\}", line)
            names = re.split(r",\s*", listed[1]) if listed else re.findall(r"_computation=%?([\w.\-]+)", line)
            branches = [_count(computations, branch.strip().lstrip("%")) for branch in names]
            counts += max(branches, key=lambda branch: branch.total())
        elif kind not in FREE and not kind.endswith("-done"):  # what was started is counted there
            counts[kind] += 1
    return counts
