"""Recipe fields of a line finder, which finds the text lines of a page."""

import dataclasses

from seqapp.recipe.configs import TrainingConfig
from seqapp.recipe.rules import CELLS, LINEAR_CELLS, TRAINING, Ranges, outside

RANGES = Ranges(
    choices={"pages.dataset": ("page_layouts",), "finder.cell": CELLS},
    positive=(
        "pages.crop", "pages.batch_size", "pages.line_height", "pages.thickness",
        "finder.units", "finder.width", "finder.num_blocks",
    ),
    shares=("finder.dropout", "pages.smallest_scale", "pages.shadow_probability", "pages.ruling_probability"),
    not_negative=("pages.rotation_deg", "pages.shear", "pages.perspective", "pages.contrast", "pages.noise"),
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class PageConfig:
    """Which pages are read, and the random pieces of them that the network is trained on."""

    dataset: str = "page_layouts"  # pages with ALTO or PAGE, whoever drew them
    leave_out: str = ""  # sources (folders of pages), by commas, that are neither for training nor for validation
    line_height: float = 34.0  # pixels from ascender to descender that lines have in the corpus as it is kept
    crop: int = 384  # pixels of a side of a crop: divided by 8 without rest
    batch_size: int = 2  # crops in a batch
    smallest_scale: float = 0.45  # crops are scaled by exp(U(log smallest_scale, 0)): smaller lines, never blurred ones
    rotation_deg: float = 3.0  # rotation by U(-, +)
    shear: float = 0.04  # x += U(-, +) * y, and y += U(-, +) * x
    perspective: float = 0.08  # one side of a crop is longer than the other by U(-, +)
    contrast: float = 0.4  # contrast is multiplied by exp(U(-, +))
    noise: float = 12.0  # largest standard deviation of grain, in grey levels
    shadow_probability: float = 0.3  # share of crops under a smooth shadow
    ruling_probability: float = 0.15  # share of crops on which rulings or squares are drawn
    thickness: int = 3  # of a baseline in its target, in half rows of the output

    @property
    def sources_left_out(self) -> tuple[str, ...]:
        return tuple(name.strip() for name in self.leave_out.split(",") if name.strip())


@dataclasses.dataclass(frozen=True)
class LineFinderConfig:
    """Convolutional stem, then blocks of a convolution and of recurrent sweeps along rows and along columns."""

    stem_channels: tuple[int, ...] = (16, 32)  # of the convolutions in front of the last, each halving both sides
    width: int = 64  # channels between blocks
    num_blocks: int = 3  # each a 3 x 3 convolution, a sweep along rows and one along columns, all residual
    cell: str = "min_gru"  # one of rules.LINEAR_CELLS
    units: int = 48  # state size of each direction of a sweep
    dropout: float = 0.05  # rate on each block's output


@dataclasses.dataclass(frozen=True)
class PageRecipe:
    """One experiment with a line finder. Raises ValueError where values contradict each other."""

    pages: PageConfig = PageConfig()
    finder: LineFinderConfig = LineFinderConfig()
    training: TrainingConfig = TrainingConfig()

    def __post_init__(self):
        if broken := next(_broken_rules(self), None):
            raise ValueError(broken)


def _broken_rules(recipe):
    yield from outside(recipe, RANGES, TRAINING)
    if recipe.finder.cell not in LINEAR_CELLS:
        yield f"finder.cell must be one of {', '.join(LINEAR_CELLS)}. Received: {recipe.finder.cell!r}."
    if recipe.pages.crop % 8:
        yield f"pages.crop must be divided by 8 without rest. Received: {recipe.pages.crop}."
    if recipe.training.strategy != "one_device":
        yield f"Line finders train on one device. Received: training.strategy={recipe.training.strategy!r}."
