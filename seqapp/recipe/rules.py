"""Validation rules of a recipe: a mistake is named before anything is read or built."""

import math
from collections.abc import Iterator
from typing import NamedTuple

CELLS = ("simple", "lstm", "gru", "min_gru", "min_lstm", "rg_lru", "sru", "lru", "mamba2", "gated_delta")
LINEAR_CELLS = ("min_gru", "min_lstm", "rg_lru", "sru", "lru")
MATRIX_CELLS = ("mamba2", "gated_delta")
EXECUTIONS = ("auto", "loop", "unrolled", "parallel_scan", "chunkwise", "fused", "inference", "cudnn")
LOSSES = ("forward_backward", "blocks", "sparse")
OPTIMIZERS = ("adamw", "sgd")
PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")
DIRECTIONS = ("left_to_right", "right_to_left")
STRATEGIES = ("one_device", "mirrored", "multi_worker")
COMPILED = ("parts", "step")


class Ranges(NamedTuple):
    """Which values fields may have: path -> choices, and paths of what must be > 0, in [0, 1), and >= 0."""

    choices: dict[str, tuple[str, ...]]
    positive: tuple[str, ...]
    shares: tuple[str, ...]
    not_negative: tuple[str, ...]


COMMON = Ranges(
    choices={
        "data.normalization": ("NFC", "NFD", "NFKC", "NFKD"),
        "data.letter_case": ("keep", "lower", "upper"),
        "data.storage": ("auto", "memory", "disk"),
        "encoder.cell": CELLS,
        "encoder.execution": EXECUTIONS,
        "output.loss": LOSSES,
    },
    positive=(
        "data.batch_frames", "data.max_batch_size", "data.max_frames",
        "encoder.units", "encoder.num_layers", "encoder.stem_kernel",
    ),
    shares=("data.extra_share", "encoder.dropout", "encoder.recurrent_dropout", "output.intermediate_share"),
    not_negative=("encoder.width", "encoder.look_behind", "encoder.look_ahead", "output.confidence_examples"),
)  # fmt: skip
TRAINING = Ranges(
    choices={
        "training.optimizer": OPTIMIZERS, "training.precision": PRECISIONS, "training.strategy": STRATEGIES,
        "training.compile": COMPILED,
    },
    positive=(
        "training.steps", "training.learning_rate", "training.clip_norm", "training.evaluate_every",
        "training.checkpoint_every", "training.keep_checkpoints",
    ),
    shares=("training.average_decay",),
    not_negative=(
        "training.warmup_steps", "training.halve_every", "training.halve_from", "training.weight_decay",
        "training.patience", "training.seed",
    ),
)  # fmt: skip
OF_SENSE = {
    "ink": Ranges(
        choices={
            "features.kind": ("points", "curves"),
            "features.height": ("bounding_box", "spread"),
            "features.hand": ("as_written", "even"),
            "features.path": ("straight", "smooth"),
        },
        positive=("features.step", "features.curve_error", "features.max_points", "augmentation.join_words"),
        shares=("augmentation.drop", "augmentation.mask_share"),
        not_negative=(
            "augmentation.scale", "augmentation.rotation_deg", "augmentation.shear", "augmentation.time_stretch",
            "augmentation.noise", "augmentation.warp", "augmentation.damage_probability", "augmentation.mask_frames",
        ),
    ),
    "speech": Ranges(
        choices={"features.kind": ("librosa", "kaldi"), "features.level": ("as_recorded", "running")},
        positive=(
            "features.sample_rate_hz", "features.frame_length_ms", "features.frame_step_ms", "features.num_mel_bins",
            "features.level_s", "features.level_floor_db", "features.max_seconds",
        ),
        shares=("augmentation.speed", "augmentation.vocal_tract", "augmentation.time_mask_share"),
        not_negative=(
            "features.min_hz", "features.max_hz", "augmentation.gain_db", "augmentation.time_warp",
            "augmentation.time_masks", "augmentation.time_mask_frames", "augmentation.freq_masks",
            "augmentation.freq_mask_bins", "augmentation.noise_probability",
            "augmentation.reverberation_probability", "augmentation.channel_probability",
        ),
    ),
    "image": Ranges(
        choices={"features.kind": ("grey", "even"), "features.direction": DIRECTIONS},
        positive=("features.height", "features.extent", "features.max_width", "augmentation.warp_length"),
        shares=("augmentation.stroke_probability", "augmentation.blur_probability", "augmentation.mask_share"),
        not_negative=(
            "augmentation.scale", "augmentation.rotation_deg", "augmentation.shear", "augmentation.shift",
            "augmentation.warp", "augmentation.contrast", "augmentation.noise", "augmentation.erasures",
            "augmentation.erasure_size", "augmentation.damage_probability", "augmentation.mask_frames",
        ),
    ),
}  # fmt: skip
PROBABILITIES = ("noise_probability", "reverberation_probability", "channel_probability", "damage_probability")
CORPUS_RATE_HZ = 16_000
CORPUS_HEIGHT = 64  # rows of the line images that corpora keep
CORPUS_EXTENT = 4.0  # half of these, in spreads of the ink: 99 % of ascenders and descenders
ROWS_PER_SEED = 10_007  # more than a batch holds: seed * this + row is the seed of a row's augmentation
LARGEST_SEED = 2**31 // ROWS_PER_SEED - 1


def broken_rule(recipe) -> str | None:
    """Return the first rule that a recipe breaks as one sentence (expected, received), or None."""
    rules = (_senses, _types, _ranges, _probabilities, _encoder, _compiled, *SENSE_RULES.get(recipe.features.sense, ()))
    return next((problem for rule in rules for problem in rule(recipe)), None)


def _senses(recipe):
    expected = recipe.features.sense
    received = recipe.augmentation.sense
    if expected != received:
        yield (
            f"The features are of {expected}, so the augmentation must be too. "
            f"Received: {type(recipe.augmentation).__name__} of {received}."
        )


def _types(recipe):
    for section in vars(recipe):
        config = getattr(recipe, section)
        for name, value in vars(config).items():
            default = getattr(type(config), name)
            if type(value) is not type(default) and not (type(value) is int and type(default) is float):
                yield f"{section}.{name} expects {type(default).__name__}, such as {default!r}. Received: {value!r}."


def outside(recipe, *all_ranges) -> Iterator[str]:
    """Yield a sentence for each value that lies outside of some `Ranges`."""
    for ranges in all_ranges:
        yield from _outside(recipe, ranges)


def _outside(recipe, ranges):
    for path, allowed in ranges.choices.items():
        if (value := _at(recipe, path)) not in allowed:
            yield f"{path} must be one of {', '.join(allowed)}. Received: {value!r}."
    for path in ranges.positive:
        if not (value := _at(recipe, path)) > 0:
            yield f"{path} must be greater than 0. Received: {value!r}."
    for path in ranges.shares:
        if not 0 <= (value := _at(recipe, path)) < 1:
            yield f"{path} must lie in [0, 1). Received: {value!r}."
    for path in ranges.not_negative:
        if not (value := _at(recipe, path)) >= 0:
            yield f"{path} must not be negative. Received: {value!r}."


def _ranges(recipe):
    yield from outside(recipe, COMMON, TRAINING, OF_SENSE[recipe.features.sense])
    if recipe.data.max_batch_size >= ROWS_PER_SEED:
        yield f"data.max_batch_size must be below {ROWS_PER_SEED}. Received: {recipe.data.max_batch_size}."
    if recipe.training.seed > LARGEST_SEED:
        yield f"training.seed must be at most {LARGEST_SEED}. Received: {recipe.training.seed}."


def _encoder(recipe):
    encoder = recipe.encoder
    yield from _image_convolutions(encoder)  # first: the next rule multiplies their strides
    yield from _strides(encoder)
    if encoder.stem_kernel % 2 == 0:
        yield f"encoder.stem_kernel must be odd, so that a frame has a middle. Received: {encoder.stem_kernel}."
    for execution, cells in (("parallel_scan", LINEAR_CELLS), ("chunkwise", MATRIX_CELLS)):
        if encoder.execution == execution and encoder.cell not in cells:
            yield (
                f"encoder.execution={execution} needs one of the cells {', '.join(cells)}. "
                f"Received: encoder.cell={encoder.cell!r}. Use execution=auto or loop."
            )


def _compiled(recipe):
    yield from whole_step(recipe.training, "encoder", recipe.encoder.execution)
    if recipe.training.compile == "step" and recipe.output.loss == "sparse":
        yield (
            "training.compile=step compiles the loss too, and XLA has no output.loss=sparse. Received: both. "
            "Use output.loss=blocks (a GPU) or forward_backward (a CPU)."
        )


def whole_step(training, section: str, execution: str) -> Iterator[str]:
    """Yield a sentence where a `TrainingConfig` compiles what XLA does not know: kernels of cuDNN, several devices."""
    if training.compile == "step" and training.strategy != "one_device":
        yield (
            "training.compile=step trains on one device. "
            f"Received: training.strategy={training.strategy!r}. Use training.compile=parts."
        )
    if training.compile == "step" and execution == "cudnn":
        yield (
            f"training.compile=step compiles the recurrence too, and XLA has no {section}.execution=cudnn. "
            f"Received: both. Use {section}.execution=auto, or training.compile=parts."
        )


def _strides(encoder):
    for name, example in (("stem_strides", "(2,)"), ("block_strides", "(1, 2)")):
        strides = getattr(encoder, name)
        if not all(isinstance(stride, int) and stride > 0 for stride in strides):
            yield f"encoder.{name} must hold positive integers, such as {example}, or nothing. Received: {strides!r}."
    if math.prod(strides := encoder.image_strides + encoder.stem_strides + encoder.block_strides) > 16:
        yield (
            "encoder.image_strides, encoder.stem_strides and encoder.block_strides leave too few frames for CTC: "
            f"their product must be at most 16. Received: {strides}."
        )
    if encoder.block_strides and len(encoder.block_strides) != encoder.num_layers:
        yield (
            f"encoder.block_strides must hold one stride for each of the encoder.num_layers={encoder.num_layers} "
            f"blocks, or nothing. Received: {encoder.block_strides}."
        )


def _image_convolutions(encoder):
    for name in ("image_channels", "image_strides", "image_row_strides"):
        values = getattr(encoder, name)
        if len(values) != len(encoder.image_channels) or not all(isinstance(v, int) and v > 0 for v in values):
            yield (
                f"encoder.{name} must hold one positive integer for each of the {len(encoder.image_channels)} "
                f"convolutions that encoder.image_channels names. Received: {values!r}."
            )
    if encoder.image_kernel < 1 or encoder.image_kernel % 2 == 0:
        yield f"encoder.image_kernel must be odd, so that a pixel has a middle. Received: {encoder.image_kernel}."


def _speech(recipe):
    features = recipe.features
    augmentation = recipe.augmentation
    nyquist = features.sample_rate_hz / 2
    if features.sample_rate_hz != CORPUS_RATE_HZ:
        yield (
            f"features.sample_rate_hz must be {CORPUS_RATE_HZ}, to which corpora and files are resampled. "
            f"Received: {features.sample_rate_hz}. A smaller features.max_hz leaves out what lies above."
        )
    high = features.max_hz or nyquist
    if not features.min_hz < high <= nyquist:
        yield (
            f"features.min_hz < features.max_hz <= {nyquist:g} (half the sample rate) must hold. "
            f"Received: {features.min_hz:g} and {high:g}."
        )
    if (samples := features.frame_step_ms * features.sample_rate_hz / 1000) != int(samples):
        yield f"features.frame_step_ms must be a whole number of samples. Received: {samples:g} samples."
    if len(augmentation.noise_snr_db) != 2 or not augmentation.noise_snr_db[0] <= augmentation.noise_snr_db[1]:
        yield (
            "augmentation.noise_snr_db must hold the lowest and the highest ratio, such as (5.0, 30.0). "
            f"Received: {augmentation.noise_snr_db}."
        )


def _probabilities(recipe):
    for name in PROBABILITIES:
        if (value := getattr(recipe.augmentation, name, 0.0)) > 1:
            yield f"augmentation.{name} must be at most 1. Received: {value!r}."


SENSE_RULES = {"speech": (_speech,)}


def _at(recipe, path):
    section, name = path.split(".")
    return getattr(getattr(recipe, section), name)
