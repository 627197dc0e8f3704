"""What the values of a recipe must obey, so that a mistake is named before anything is read or built."""

import math

CELLS = ("simple", "lstm", "gru", "min_gru", "min_lstm", "rg_lru", "sru")
LINEAR_CELLS = ("min_gru", "min_lstm", "rg_lru", "sru")
EXECUTIONS = ("auto", "loop", "unrolled", "parallel_scan", "fused")
FUSED_CELLS = ("simple", "lstm", "gru")
LOSSES = ("forward_backward", "sparse")
PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")
STRATEGIES = ("one_device", "mirrored", "multi_worker")

CHOICES = {
    "data.normalization": ("NFC", "NFD", "NFKC", "NFKD"),
    "features.kind": ("points", "curves"),
    "features.height": ("bounding_box", "spread"),
    "encoder.cell": CELLS,
    "encoder.execution": EXECUTIONS,
    "output.loss": LOSSES,
    "training.precision": PRECISIONS,
    "training.strategy": STRATEGIES,
}
POSITIVE = (
    "data.batch_frames", "data.max_batch_size", "data.max_frames", "features.step", "features.curve_error",
    "features.max_points", "augmentation.join_words", "encoder.units", "encoder.num_layers", "encoder.stem_kernel",
    "training.steps", "training.learning_rate", "training.clip_norm", "training.evaluate_every",
    "training.checkpoint_every", "training.keep_checkpoints",
)  # fmt: skip
SHARES = ("data.extra_share", "augmentation.drop", "encoder.dropout", "training.average_decay")
NOT_NEGATIVE = (
    "augmentation.scale", "augmentation.rotation_deg", "augmentation.shear", "augmentation.time_stretch",
    "augmentation.noise", "augmentation.warp", "encoder.width", "training.warmup_steps", "training.weight_decay",
    "training.patience", "training.seed",
)  # fmt: skip
ROWS_PER_SEED = 10_007  # more than a batch holds: seed * this + row is the seed of a row's augmentation
LARGEST_SEED = 2**31 // ROWS_PER_SEED - 1


def broken_rule(recipe):
    """The first rule that a recipe breaks as one sentence (expected, received), or None."""
    return next((problem for rule in (_types, _ranges, _encoder) for problem in rule(recipe)), None)


def _types(recipe):
    for section in vars(recipe):
        config = getattr(recipe, section)
        for name, value in vars(config).items():
            default = getattr(type(config), name)
            if type(value) is not type(default) and not (type(value) is int and type(default) is float):
                yield f"{section}.{name} expects {type(default).__name__}, such as {default!r}. Received: {value!r}."


def _ranges(recipe):
    for path, allowed in CHOICES.items():
        if (value := _at(recipe, path)) not in allowed:
            yield f"{path} must be one of {', '.join(allowed)}. Received: {value!r}."
    for path in POSITIVE:
        if not (value := _at(recipe, path)) > 0:
            yield f"{path} must be greater than 0. Received: {value!r}."
    for path in SHARES:
        if not 0 <= (value := _at(recipe, path)) < 1:
            yield f"{path} must lie in [0, 1). Received: {value!r}."
    for path in NOT_NEGATIVE:
        if not (value := _at(recipe, path)) >= 0:
            yield f"{path} must not be negative. Received: {value!r}."
    if recipe.data.max_batch_size >= ROWS_PER_SEED:
        yield f"data.max_batch_size must be below {ROWS_PER_SEED}. Received: {recipe.data.max_batch_size}."
    if recipe.training.seed > LARGEST_SEED:
        yield f"training.seed must be at most {LARGEST_SEED}. Received: {recipe.training.seed}."


def _encoder(recipe):
    encoder = recipe.encoder
    strides = encoder.stem_strides
    if not strides or not all(isinstance(stride, int) and stride > 0 for stride in strides):
        yield f"encoder.stem_strides must hold one or more positive integers, such as (2,). Received: {strides!r}."
    elif math.prod(strides) > 16:
        yield f"encoder.stem_strides leave too few frames for CTC: the product must be at most 16. Received: {strides}."
    if encoder.stem_kernel % 2 == 0:
        yield f"encoder.stem_kernel must be odd, so that a frame has a middle. Received: {encoder.stem_kernel}."
    for execution, cells in (("parallel_scan", LINEAR_CELLS), ("fused", FUSED_CELLS)):
        if encoder.execution == execution and encoder.cell not in cells:
            yield (
                f"encoder.execution={execution} needs one of the cells {', '.join(cells)}. "
                f"Received: encoder.cell={encoder.cell!r}. Use execution=auto or loop."
            )


def _at(recipe, path):
    section, name = path.split(".")
    return getattr(getattr(recipe, section), name)
