"""Every knob of an experiment on one page: name, type, unit, default, one line of meaning.

A recipe file under pipelines/recipes/ holds one `Recipe` in the order in which the data flows: data, features,
augmentation, encoder, output, training. `override` applies `--set section.field=value`; `to_json` and `from_json`
carry the resolved recipe into workdirs and SavedModels. Nothing here imports TensorFlow, so `--help` stays fast.
"""

import ast
import dataclasses
import json
import math
import runpy
from pathlib import Path

CELLS = ("simple", "lstm", "gru", "min_gru", "min_lstm", "rg_lru", "sru")
LINEAR_CELLS = ("min_gru", "min_lstm", "rg_lru", "sru")
EXECUTIONS = ("auto", "loop", "unrolled", "parallel_scan")
PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")
LOSSES = ("forward_backward", "sparse")
STRATEGIES = ("one_device", "mirrored", "multi_worker")


@dataclasses.dataclass(frozen=True)
class DataConfig:
    """Which examples are read, and how they are batched."""

    dataset: str = "synthetic_ink"  # name of a builder in seqapp/datasets, with its config: "unipen/lines"
    extra_train: tuple[str, ...] = ()  # builders whose train split is added to training only
    extra_share: float = 0.5  # share of the training batches' characters drawn from extra_train, in [0, 1)
    batch_frames: int = 12_000  # padded frames in one global batch: short examples come in larger batches
    max_batch_size: int = 64  # examples in one global batch, however short
    max_frames: int = 4_000  # longer training examples are skipped and counted
    normalization: str = "NFC"  # Unicode form of labels: "NFC", "NFD", "NFKC", "NFKD"


@dataclasses.dataclass(frozen=True)
class InkConfig:
    """Pen ink to a sequence of features: Carbune et al. 2020, sections 2.1 and 2.2."""

    kind: str = "points"  # "points": 5 features a resampled point; "curves": 10 features a Bezier curve
    height: str = "bounding_box"  # what becomes 1: "bounding_box" (the paper) or "spread" (robust, slope removed)
    step: float = 0.05  # distance of resampled points, in ink heights
    include_y: bool = False  # one more feature a point: y above the fitted writing line, in ink heights
    curve_error: float = 0.001  # largest squared error of a curve, summed over its points, in ink heights squared
    max_points: int = 100_000  # longer inks are refused: expected tens of thousands at most for a line


@dataclasses.dataclass(frozen=True)
class AugmentationConfig:
    """Random distortions of training ink; each is drawn anew for every example and step. Zeros switch off."""

    scale: float = 0.15  # x and y are scaled apart by exp(U(-scale, scale)) before normalisation
    rotation_deg: float = 4.0  # rotation by U(-, +)
    shear: float = 0.25  # x += U(-, +) * y: slant
    time_stretch: float = 0.2  # time is multiplied by exp(U(-, +))
    noise: float = 0.004  # standard deviation of pen tremor, in ink heights
    warp: float = 0.0  # amplitude of a slow sine added to y along x (baseline drift), in ink heights
    drop: float = 0.0  # probability that a stroke's features are dropped
    join_words: int = 1  # examples of data.extra_train by one writer are joined into lines of 1 to this many


@dataclasses.dataclass(frozen=True)
class EncoderConfig:
    """Convolutional stem, then residual recurrent blocks."""

    cell: str = "min_gru"  # one of CELLS
    units: int = 192  # state size H of each direction
    num_layers: int = 4  # recurrent blocks
    bidirectional: bool = True  # False: forward only, the encoder can stream
    width: int = 0  # channels between blocks; 0 means `units`
    stem_kernel: int = 5  # kernel of each strided convolution, in frames (odd)
    stem_strides: tuple[int, ...] = (2,)  # one convolution an entry: frames are divided by the product
    dropout: float = 0.1  # rate on each block's output
    execution: str = "auto"  # one of EXECUTIONS
    activation: str = "gelu"  # of stem and blocks: any Keras activation


@dataclasses.dataclass(frozen=True)
class OutputConfig:
    """CTC over characters."""

    alphabet: str = ""  # symbols in order, without the blank; empty: those of the training labels, sorted
    loss: str = "forward_backward"  # how CTC is computed: one of LOSSES; on a GPU try "sparse" (cuDNN)


@dataclasses.dataclass(frozen=True)
class TrainingConfig:
    """Optimisation, checkpoints and where it runs."""

    steps: int = 2_000  # optimiser updates
    learning_rate: float = 3e-3  # peak of the schedule
    warmup_steps: int = 200  # linear rise to the peak, then cosine decay to zero at `steps`
    weight_decay: float = 0.01  # of AdamW, on kernels only
    clip_norm: float = 5.0  # global gradient norm
    average_decay: float = 0.0  # exponential moving average of the weights used to evaluate and export; 0: off
    evaluate_every: int = 500  # steps between evaluations on validation
    checkpoint_every: int = 200  # steps between checkpoints: what kill -9 can cost at most
    keep_checkpoints: int = 2  # newest ones kept beside the best
    patience: int = 0  # evaluations without a better validation CER before stopping; 0: never stop early
    precision: str = "float32"  # Keras dtype policy: one of PRECISIONS
    strategy: str = "one_device"  # one of STRATEGIES; multi_worker reads TF_CONFIG
    seed: int = 0  # of weights, order, augmentation and dropout


@dataclasses.dataclass(frozen=True)
class Recipe:
    """One experiment. Raises ValueError at construction where values contradict each other."""

    data: DataConfig = DataConfig()
    features: InkConfig = InkConfig()
    augmentation: AugmentationConfig = AugmentationConfig()
    encoder: EncoderConfig = EncoderConfig()
    output: OutputConfig = OutputConfig()
    training: TrainingConfig = TrainingConfig()

    def __post_init__(self):
        for problem in _contradictions(self):
            raise ValueError(problem)


SECTIONS = tuple(field.name for field in dataclasses.fields(Recipe))


def _contradictions(recipe):
    """Yield one sentence a contradiction: expected, received."""
    choices = (
        ("encoder.cell", recipe.encoder.cell, CELLS),
        ("encoder.execution", recipe.encoder.execution, EXECUTIONS),
        ("features.kind", recipe.features.kind, ("points", "curves")),
        ("features.height", recipe.features.height, ("bounding_box", "spread")),
        ("output.loss", recipe.output.loss, LOSSES),
        ("data.normalization", recipe.data.normalization, ("NFC", "NFD", "NFKC", "NFKD")),
        ("training.precision", recipe.training.precision, PRECISIONS),
        ("training.strategy", recipe.training.strategy, STRATEGIES),
    )
    for name, value, allowed in choices:
        if value not in allowed:
            yield f"{name} must be one of {', '.join(allowed)}. Received: {value!r}."
    positive = {
        "data.batch_frames": recipe.data.batch_frames,
        "data.max_batch_size": recipe.data.max_batch_size,
        "features.step": recipe.features.step,
        "encoder.units": recipe.encoder.units,
        "encoder.num_layers": recipe.encoder.num_layers,
        "training.steps": recipe.training.steps,
        "training.learning_rate": recipe.training.learning_rate,
        "training.evaluate_every": recipe.training.evaluate_every,
        "training.checkpoint_every": recipe.training.checkpoint_every,
    }
    for name, value in positive.items():
        if not value > 0:
            yield f"{name} must be greater than 0. Received: {value!r}."
    for name, value in (
        ("encoder.dropout", recipe.encoder.dropout),
        ("data.extra_share", recipe.data.extra_share),
        ("training.average_decay", recipe.training.average_decay),
    ):
        if not 0 <= value < 1:
            yield f"{name} must lie in [0, 1). Received: {value!r}."
    if recipe.encoder.stem_kernel % 2 == 0:
        yield f"encoder.stem_kernel must be odd, so that a frame has a middle. Received: {recipe.encoder.stem_kernel}."
    if recipe.encoder.execution == "parallel_scan" and recipe.encoder.cell not in LINEAR_CELLS:
        yield (
            f"encoder.execution=parallel_scan needs a cell that is linear in its state ({', '.join(LINEAR_CELLS)}). "
            f"Received: encoder.cell={recipe.encoder.cell!r}. Use execution=auto, loop or unrolled."
        )
    if math.prod(recipe.encoder.stem_strides) > 16:
        yield f"encoder.stem_strides leave too few frames for CTC. Received: {recipe.encoder.stem_strides}."


def override(recipe: Recipe, assignments) -> Recipe:
    """Apply assignments of the form `section.field=value` to a recipe.

    Args:
        recipe: The `Recipe` to start from.
        assignments: Strings such as `"encoder.cell=lstm"`; later ones win.

    Returns:
        A new `Recipe`.

    Raises:
        ValueError: For an unknown section or field (the known ones are listed) or a value of another type.
    """
    changes = {}
    for assignment in assignments:
        path, separator, text = assignment.partition("=")
        section_name, dot, field_name = path.strip().partition(".")
        if not separator or not dot:
            raise ValueError(f"Expected section.field=value. Received: {assignment!r}.")
        if section_name not in SECTIONS:
            raise ValueError(f"Unknown section {section_name!r}. Known sections: {', '.join(SECTIONS)}.")
        current = _field_value(getattr(recipe, section_name), section_name, field_name)
        changes.setdefault(section_name, {})[field_name] = _parse(text.strip(), current, path)
    sections = {name: dataclasses.replace(getattr(recipe, name), **values) for name, values in changes.items()}
    return dataclasses.replace(recipe, **sections)


def _field_value(section, section_name, field_name):
    fields = [field.name for field in dataclasses.fields(section)]
    if field_name not in fields:
        raise ValueError(f"Unknown field {section_name}.{field_name}. Fields of {section_name}: {', '.join(fields)}.")
    return getattr(section, field_name)


def _parse(text, current, path):
    """Read `text` as a value of the type of `current`."""
    if isinstance(current, str):
        return text
    try:
        value = ast.literal_eval({"true": "True", "false": "False"}.get(text.lower(), text))
    except (ValueError, SyntaxError):
        value = tuple(text.split(",")) if isinstance(current, tuple) else text
    if isinstance(current, tuple) and not isinstance(value, tuple):
        value = tuple(value) if isinstance(value, list) else (value,)
    if isinstance(current, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not type(current):
        raise ValueError(f"{path} expects {type(current).__name__}, such as {current!r}. Received: {text!r}.")
    return value


def load(path) -> Recipe:
    """Read the `recipe` of a recipe file (`.py`) or a resolved recipe (`.json`)."""
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"No recipe at {path}. Expected a .py file that defines `recipe`, or a recipe.json.")
    if path.suffix == ".json":
        return from_json(path.read_text(encoding="utf-8"))
    recipe = runpy.run_path(str(path)).get("recipe")
    if not isinstance(recipe, Recipe):
        raise ValueError(f"{path} must define `recipe = Recipe(...)`. Received: {type(recipe).__name__}.")
    return recipe


def to_json(recipe: Recipe) -> str:
    """The resolved recipe as indented JSON."""
    return json.dumps(dataclasses.asdict(recipe), indent=2, ensure_ascii=False) + "\n"


def from_json(text: str) -> Recipe:
    """The recipe that `to_json` wrote. Unknown fields are an error: they belong to another version."""
    values = json.loads(text)
    sections = {}
    for field in dataclasses.fields(Recipe):
        known = {f.name: f for f in dataclasses.fields(field.type)}
        received = values.get(field.name, {})
        unknown = sorted(set(received) - set(known))
        if unknown:
            raise ValueError(f"recipe.json has unknown fields {unknown} in section {field.name!r}; known: {sorted(known)}.")
        sections[field.name] = field.type(**{k: tuple(v) if isinstance(v, list) else v for k, v in received.items()})
    return Recipe(**sections)
