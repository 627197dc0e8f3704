"""Recipe fields of a language model, which predicts the next character or word of a text."""

import dataclasses

from seqapp.recipe.configs import TrainingConfig
from seqapp.recipe.rules import CELLS, TRAINING, Ranges, outside, whole_step

CORPORA = ("tiny_shakespeare", "penn_treebank", "wikitext", "own_text")
TOKENS = ("characters", "words")
SOFTMAXES = ("full", "sampled")
RANGES = Ranges(
    choices={
        "text.dataset": CORPORA, "text.tokens": TOKENS, "network.cell": CELLS, "network.softmax": SOFTMAXES,
    },
    positive=(
        "text.min_count", "text.batch_size", "text.window",
        "network.units", "network.num_layers", "network.width", "network.num_sampled",
    ),
    shares=("network.dropout", "network.embedding_dropout", "network.recurrent_dropout"),
    not_negative=("network.look_behind", "network.embedding_scale", "network.initial_range"),
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class TextConfig:
    """Which text is read, and in what windows: each row of a batch reads its own part of it from end to end."""

    dataset: str = "tiny_shakespeare"  # one of CORPORA: how the text is split
    tokens: str = "characters"  # what is predicted: "characters" or "words"
    min_count: int = 1  # words of the training text that are rarer become the unknown one
    batch_size: int = 32  # rows, each a part of the text
    window: int = 128  # tokens that gradients reach back; the state is carried on from window to window


@dataclasses.dataclass(frozen=True)
class NetworkConfig:
    """Embedding, recurrent layers, softmax."""

    cell: str = "min_gru"  # one of rules.CELLS
    units: int = 256  # state size H
    num_layers: int = 4  # recurrent layers
    width: int = 256  # size of the embedding, and of what goes from layer to layer
    is_residual: bool = True  # x + Dense(activation(recurrent(LayerNorm(x)))); False: the recurrent layers alone
    look_behind: int = 0  # tokens before its own that each layer reads besides its memory
    is_tied: bool = True  # the softmax takes the embedding's weights
    dropout: float = 0.1  # between layers: the same units in all tokens of a row
    embedding_dropout: float = 0.0  # share of the vocabulary that is blotted out in a row
    recurrent_dropout: float = 0.0  # on the cells' memory, the same units in all tokens of a row
    layer_norm: bool = False  # layer normalisation inside of the cells
    embedding_scale: float = 0.0  # what embeddings are multiplied by; 0: the square root of `width`
    initial_range: float = 0.0  # weights and biases are drawn from U(-, +) at first; 0: as each layer draws its own
    softmax: str = "full"  # "full", or "sampled" while training: for vocabularies of many thousand words
    num_sampled: int = 1_000  # words that a sampled softmax draws
    execution: str = "auto"  # one of rules.EXECUTIONS
    activation: str = "gelu"  # of residual layers: any Keras activation


@dataclasses.dataclass(frozen=True)
class LanguageRecipe:
    """One experiment with a language model. Raises ValueError where values contradict each other."""

    text: TextConfig = TextConfig()
    network: NetworkConfig = NetworkConfig()
    training: TrainingConfig = TrainingConfig()

    def __post_init__(self):
        if broken := next(_broken_rules(self), None):
            raise ValueError(broken)


def _broken_rules(recipe):
    yield from outside(recipe, RANGES, TRAINING)
    network = recipe.network
    yield from whole_step(recipe.training, "network", network.execution)
    if not network.is_residual and network.units != network.width:
        yield (
            "Without residual layers the width between them is that of their states: network.width must be "
            f"network.units. Received: {network.width} and {network.units}."
        )
    if recipe.training.strategy != "one_device":
        yield f"Language models train on one device. Received: training.strategy={recipe.training.strategy!r}."
