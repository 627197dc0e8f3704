"""Portable files beside a SavedModel, each compared with it before it is written."""

import logging
from pathlib import Path

import numpy as np
import tensorflow as tf

from seqapp.serving.portable import litert, litert_int8, onnx
from seqapp.serving.portable.network import Network

log = logging.getLogger(__name__)

FORMATS = {"litert": litert, "litert_int8": litert_int8, "onnx": onnx}
TOLERANCE = 1e-4  # of log_probs, and of their size: 3e-5 was seen in five layers of 320 units
LENGTHS = (37, 160)  # frames that files are compared with: two lengths, or a file could know one


def export_portable(version: str | Path, formats: tuple[str, ...]) -> list[Path]:
    """Write the network of a model in other formats, into its assets.extra.

    Args:
        version: Folder of one version of a SavedModel.
        formats: Names of `FORMATS`.

    Returns:
        The files.

    Raises:
        ValueError: The model cannot be converted, or the outputs of the file are not those of the SavedModel.
    """
    version = Path(version)
    paths = []
    if not formats:
        return paths
    network = Network(version)
    signature = tf.saved_model.load(str(version)).signatures["log_probs"]
    for name in formats:
        content = FORMATS[name].convert(network)
        difference = max(compare(FORMATS[name], content, network, signature, length) for length in LENGTHS)
        paths.append(version / "assets.extra" / FORMATS[name].FILE)
        paths[-1].write_bytes(content)
        log.info("%s: %d bytes, within %.1e of the SavedModel's", paths[-1].name, len(content), difference)
    return paths


def compare(format, content: bytes, network: Network, signature, length: int) -> float:
    """Measure the largest difference of log_probs, or the mean one of a quantised file's probabilities, on made-up
    input.

    Args:
        format: Module of `FORMATS`.
        content: Of the file.
        network: `Network`.
        signature: `log_probs` of the SavedModel.
        length: Frames, about.

    Raises:
        ValueError: The difference is beyond `TOLERANCE`, or beyond that of the format.
    """
    raw = tf.constant(network.sense.made_up(length)[np.newaxis])
    inputs = {name: raw for name in signature.structured_input_signature[1] if name != "lengths"}
    expected = signature(**inputs, lengths=tf.shape(raw)[1:2])["log_probs"].numpy()
    log_probs = format.open_file(content)(network.sense.features(raw[0])[tf.newaxis].numpy())
    if hasattr(format, "TOLERANCE") and log_probs.shape == expected.shape:
        return _mean_difference(format, np.exp(log_probs), np.exp(expected))
    if log_probs.shape != expected.shape or not np.allclose(log_probs, expected, TOLERANCE, TOLERANCE):
        worst = abs(log_probs - expected).max() if log_probs.shape == expected.shape else "another shape"
        raise ValueError(f"{format.FILE}: expected log_probs of the SavedModel within {TOLERANCE}. Received: {worst}.")
    return float(abs(log_probs - expected).max())


def _mean_difference(format, probabilities, expected):
    difference = float(abs(probabilities - expected).sum(axis=-1).mean() / 2)
    if not difference <= format.TOLERANCE:  # NaN too
        reason = f"probabilities of the SavedModel within {format.TOLERANCE} in the mean. Received: {difference}."
        raise ValueError(f"{format.FILE}: expected {reason}")
    return difference
