"""Recipe fields: name, type, unit, default and one line of meaning for every setting of an experiment.

A recipe file under pipelines/recipes/ holds one `Recipe` in the order in which the data flows: data, features,
augmentation, encoder, output, training.
"""

import dataclasses
import math
from typing import ClassVar

from seqapp.recipe.rules import broken_rule


@dataclasses.dataclass(frozen=True)
class DataConfig:
    """Which examples are read, and how they are batched. Frames are those of the features."""

    dataset: str = "synthetic_ink"  # name of a builder in seqapp/datasets, with its config: "unipen/lines"
    extra_train: tuple[str, ...] = ()  # builders whose train split is added to training only
    extra_share: float = 0.5  # share of the training batches' characters drawn from extra_train, in [0, 1)
    batch_frames: int = 12_000  # padded frames in one global batch: short examples come in larger batches
    max_batch_size: int = 64  # examples in one global batch, however short
    max_frames: int = 4_000  # longer training examples are skipped and counted
    normalization: str = "NFC"  # Unicode form of labels: "NFC", "NFD", "NFKC", "NFKD"
    letter_case: str = "keep"  # "keep", "lower" or "upper": one case for labels of corpora that differ in it
    punctuation: bool = True  # False: labels are words and numbers alone, as speech is
    storage: str = dataclasses.field(default="auto", compare=False)  # of examples in training: "memory", "disk"


@dataclasses.dataclass(frozen=True)
class InkConfig:
    """Pen ink to a sequence of features: Carbune et al. 2020, sections 2.1 and 2.2."""

    sense: ClassVar[str] = "ink"  # decides which examples, features and augmentation there are
    kind: str = "points"  # "points": 5 features per resampled point; "curves": 10 per Bezier curve
    height: str = "bounding_box"  # what becomes 1: "bounding_box" (the paper) or "spread" (robust, slope removed)
    hand: str = "as_written"  # "even": strong slants are taken out of the writing, and lines under it
    path: str = "straight"  # between points; "smooth": on curves, where they are far apart
    step: float = 0.05  # distance of resampled points, in ink heights
    include_y: bool = False  # one more feature per point: y above the fitted writing line, in ink heights
    curve_error: float = 0.001  # largest squared error of a curve, summed over its points, in ink heights squared
    max_points: int = 100_000  # inks of more points are skipped; a line has tens of thousands at most


@dataclasses.dataclass(frozen=True)
class LogMelConfig:
    """Waveforms to logarithmic mel spectra, normalised by statistics of the training split that the model keeps."""

    sense: ClassVar[str] = "speech"
    kind: str = "librosa"  # "librosa": centred Hann windows, Slaney's mel bands; "kaldi": as its fbank
    sample_rate_hz: int = 16_000  # of the waveforms; files of another rate are resampled
    frame_length_ms: float = 25.0  # of the window that one spectrum is taken from
    frame_step_ms: float = 10.0  # between two frames
    num_mel_bins: int = 80  # features per frame
    min_hz: float = 0.0  # lower end of the mel bands; Kaldi's own is 20
    max_hz: float = 0.0  # upper end; 0: half the sample rate
    level: str = "as_recorded"  # "running": less the level of the recording so far, so that loudness does not matter
    level_s: float = 2.0  # time after which a sound counts by 1 / e in that level
    level_floor_db: float = 50.0  # how far below that level a band ends up at least: holes of codecs, digital silence
    max_seconds: float = 60.0  # longer audio is skipped, or transcribed as a stream


@dataclasses.dataclass(frozen=True)
class LineImageConfig:
    """Images of text lines to columns of darkness, all letters of one size. Nothing is binarised."""

    sense: ClassVar[str] = "image"
    kind: str = "grey"  # "grey": darkness by one level of paper a line; "even": by the paper around, rulings removed
    height: int = 48  # rows of a column: features per frame
    extent: float = 3.5  # half of these rows, in standard deviations of the ink around its middle
    direction: str = "left_to_right"  # which way the lines are read: one of rules.DIRECTIONS
    max_width: int = 6_000  # wider lines are skipped: columns of an image scaled to the height that corpora keep, 64


@dataclasses.dataclass(frozen=True)
class AugmentationConfig:
    """Random distortions of training ink, drawn anew for every example and step. Zeros and join_words=1 switch off."""

    sense: ClassVar[str] = "ink"
    scale: float = 0.15  # x and y are scaled apart by exp(U(-scale, scale)) before normalisation
    rotation_deg: float = 4.0  # rotation by U(-, +)
    shear: float = 0.25  # x += U(-, +) * y: slant
    time_stretch: float = 0.2  # time is multiplied by exp(U(-, +))
    noise: float = 0.004  # standard deviation of pen tremor, in ink heights
    warp: float = 0.0  # amplitude of a slow sine added to y along x (baseline drift), in ink heights
    drop: float = 0.0  # probability that a stroke's features are dropped
    mask_share: float = 0.0  # share of the feature frames that is blotted out, in spans
    mask_frames: int = 40  # frames in the longest of these: about a letter
    join_words: int = 1  # examples of data.extra_train by one writer are joined into lines of 1 to this many
    damage_probability: float = 0.0  # of each: width, slant, turning, late dots, underlining, jitter, few points, grid


@dataclasses.dataclass(frozen=True)
class SpeechAugmentationConfig:
    """Random distortions of training audio, drawn anew for every example and step. Zeros switch off."""

    sense: ClassVar[str] = "speech"
    speed: float = 0.1  # played faster or slower by a factor of U(1 - speed, 1 + speed), pitch and all
    gain_db: float = 0.0  # louder or softer by U(-, +)
    noise_probability: float = 0.0  # share of the examples with added noise
    noise_snr_db: tuple[float, ...] = (5.0, 30.0)  # lowest and highest signal-to-noise ratio of these
    reverberation_probability: float = 0.0  # share of the examples in a simulated room
    channel_probability: float = 0.0  # of each: babble, drift, hum and offset, clipping, narrow band, silence around
    vocal_tract: float = 0.0  # frequencies multiplied by U(1 - vocal_tract, 1 + vocal_tract): other speakers
    time_warp: int = 0  # SpecAugment's W: frames by which one place in the middle may be shifted
    time_masks: int = 2  # SpecAugment: spans of frames that are blotted out
    time_mask_frames: int = 25  # frames in the longest of these
    time_mask_share: float = 0.2  # and no span is longer than this share of the utterance
    freq_masks: int = 2  # SpecAugment: spans of mel bins that are blotted out
    freq_mask_bins: int = 15  # bins in the widest of these


@dataclasses.dataclass(frozen=True)
class ImageAugmentationConfig:
    """Random distortions of training lines, drawn anew for every example and step. Zeros switch off.

    Lengths are in rows of the features. Each probability is of its own draw.
    """

    sense: ClassVar[str] = "image"
    scale: float = 0.15  # x and y are scaled apart by exp(U(-scale, scale))
    rotation_deg: float = 1.0  # rotation by U(-, +)
    shear: float = 0.3  # x += U(-, +) * y: slant
    shift: float = 2.0  # up or down by U(-, +)
    warp: float = 1.5  # standard deviation of slow displacements, x and y
    warp_length: float = 12.0  # over which displacements become independent
    stroke_probability: float = 0.3  # share of lines with thicker or thinner strokes
    contrast: float = 0.3  # darkness is raised to the power exp(U(-, +))
    blur_probability: float = 0.2  # share of lines that are blurred
    noise: float = 0.05  # largest standard deviation of grain
    erasures: int = 2  # spots of paper put over the line, at most, for every 10 heights of its length
    erasure_size: float = 10.0  # longest side of these
    mask_share: float = 0.0  # share of the columns that is blotted out, in spans
    mask_frames: int = 32  # columns in the longest of these: a letter and a half
    damage_probability: float = (
        0.0  # of each: neighbours, faint ink, ruling, dark paper, turning, shadow, frame, blur ...
    )


@dataclasses.dataclass(frozen=True)
class EncoderConfig:
    """Convolutional stem, then residual recurrent blocks, which may join frames and look at the nearest."""

    cell: str = "min_gru"  # one of rules.CELLS
    units: int = 192  # state size H of each direction
    num_layers: int = 4  # recurrent blocks
    bidirectional: bool = True  # False: forward only
    width: int = 0  # channels between blocks; 0 means `units`
    stem_kernel: int = 5  # kernel of each strided convolution, in frames (odd)
    stem_strides: tuple[int, ...] = (2,)  # one convolution per entry: frames are divided by the product; (): no stem
    block_strides: tuple[int, ...] = ()  # frames joined into one before each block, a pyramid: (1, 2, 1, 2); (): none
    look_behind: int = 0  # frames to the left that a row convolution in front of each block sees
    look_ahead: int = 0  # frames to the right that it sees: what a stream waits for
    dropout: float = 0.1  # rate on each block's output
    recurrent_dropout: float = 0.0  # rate on the cells' memory, the same units in all frames of a row
    layer_norm: bool = False  # layer normalisation inside of the cells, beside that of the blocks
    execution: str = "auto"  # one of rules.EXECUTIONS
    activation: str = "gelu"  # of stem and blocks: any Keras activation
    image_channels: tuple[int, ...] = ()  # convolutions over time and feature rows before the stem: channels of each
    image_strides: tuple[int, ...] = ()  # of each: frames are divided by it
    image_row_strides: tuple[int, ...] = ()  # of each: feature rows are divided by it
    image_kernel: int = 3  # kernel of each, in frames and in rows (odd)

    @property
    def frames_per_output(self) -> int:
        """Feature frames that become one frame of logits."""
        return math.prod((*self.stem_strides, *self.block_strides, *self.image_strides))


@dataclasses.dataclass(frozen=True)
class OutputConfig:
    """CTC over characters."""

    alphabet: str = ""  # symbols in order, without the blank; empty: those of the training labels, sorted
    intermediate_share: float = 0.0  # share of a second CTC loss, read off the middle block, in [0, 1)
    confidence_examples: int = 100  # of validation, each read in many conditions to fit the confidence; 0: none is
    loss: str = "forward_backward"  # how CTC is computed: one of rules.LOSSES; on a GPU "sparse" (cuDNN) or "blocks"


@dataclasses.dataclass(frozen=True)
class TrainingConfig:
    """Optimisation, checkpoints and where it runs."""

    steps: int = 2_000  # optimiser updates
    optimizer: str = "adamw"  # one of rules.OPTIMIZERS; "sgd" is the plain one, without momentum
    learning_rate: float = 3e-3  # peak of the schedule
    warmup_steps: int = 200  # linear rise to the peak, then cosine decay to zero at `steps`
    halve_every: int = 0  # steps between halvings of the rate, which take the place of the cosine; 0: the cosine
    halve_from: int = 0  # step of the first halving; 0: after `halve_every`
    weight_decay: float = 0.01  # decoupled from the gradient, on kernels only
    clip_norm: float = 5.0  # global gradient norm
    average_decay: float = 0.0  # exponential moving average of the weights used to evaluate and export; 0: off
    evaluate_every: int = 500  # steps between evaluations on validation
    checkpoint_every: int = 200  # steps between checkpoints: what kill -9 can cost at most
    keep_checkpoints: int = 2  # newest ones kept beside the best
    patience: int = 0  # evaluations without a better validation CER before stopping; 0: never stop early
    precision: str = "float32"  # Keras dtype policy: one of rules.PRECISIONS
    strategy: str = "one_device"  # one of rules.STRATEGIES; multi_worker reads TF_CONFIG
    compile: str = (
        "parts"  # what XLA compiles: "parts" (recurrence, CTC) or the whole "step", at a few shapes: for GPUs
    )
    seed: int = 0  # of weights, order, augmentation and dropout


@dataclasses.dataclass(frozen=True)
class Recipe:
    """One experiment; its features say of which sense. Raises ValueError where values contradict each other."""

    data: DataConfig = DataConfig()
    features: InkConfig | LogMelConfig | LineImageConfig = InkConfig()
    augmentation: AugmentationConfig | SpeechAugmentationConfig | ImageAugmentationConfig = AugmentationConfig()
    encoder: EncoderConfig = EncoderConfig()
    output: OutputConfig = OutputConfig()
    training: TrainingConfig = TrainingConfig()

    def __post_init__(self):
        if broken := broken_rule(self):
            raise ValueError(broken)
