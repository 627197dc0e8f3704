"""One way to use a model, whether it lies in a workdir or in a SavedModel."""

import functools

import numpy as np
import tensorflow as tf

import seqapp.recipe
from seqapp.models.to_text.to_text_class import to_text_class
from seqapp.models.transcriber.endpointing import NEVER
from seqapp.models.transcriber.greedy_characters import CharacterRuns
from seqapp.models.transcriber.streaming_transcriber import StreamingTranscriber
from seqapp.models.versions import newest
from seqapp.models.workdir import Workdir
from seqapp.senses import sense_of
from seqapp.text import Alphabet

STREAM = ("stream_init", "stream_step")  # the signatures that a model needs for it


class Transcriber:
    """Reads raw examples: inks, or recordings, as the recipe says.

    Args:
        recognize: Function of keyword arguments, as `InkToText.recognize` or `SpeechToText.recognize`.
        log_probs: Likewise, as `InkToText.log_probs`.
        recipe: `Recipe` of the model.
        alphabet: `Alphabet` of the model.
        name: For reports.
        owner: Whatever holds the variables of the functions, which do not hold them themselves.
        functions: Function without arguments that gives the functions of a stream, where there are any, by the names of
            their signatures; in a workdir they are traced by it.
    """

    def __init__(self, recognize, log_probs, recipe, alphabet, name, owner=None, functions=dict):
        self._recognize, self._log_probs, self._owner, self._functions = recognize, log_probs, owner, functions
        self.recipe, self.alphabet, self.name = recipe, alphabet, name
        self.sense, self._to_text = sense_of(recipe), to_text_class(recipe)

    @property
    def to_text(self):
        """The class of `RawToText` of its sense."""
        return self._to_text

    @classmethod
    def load(cls, path):
        """Open a workdir, a SavedModel, or the folder of its versions (the newest is taken).

        Raises:
            ValueError: Where there is none of these.
        """
        path = newest(path)
        if (path / "saved_model.pb").is_file():
            return cls._from_saved_model(path)
        if (path / "recipe.json").is_file():
            recognizer, recipe, alphabet = Workdir(path).load_model()
            module = to_text_class(recipe)(recognizer, recipe, alphabet)
            return cls(module.recognize, module.log_probs, recipe, alphabet, path.name, module, module.stream_functions)
        raise ValueError(
            f"No model at {path}. Expected the workdir of a training (recipe.json, best.weights.h5) or a SavedModel "
            "(saved_model.pb), or a folder of its versions 1, 2, ..."
        )

    @classmethod
    def _from_saved_model(cls, path):
        loaded = tf.saved_model.load(str(path))
        extra = path / "assets.extra"
        recipe = seqapp.recipe.load(extra / "recipe.json")
        alphabet = Alphabet.load(extra / "alphabet.txt")
        signatures, name = loaded.signatures, f"{path.parent.name}/{path.name}"
        recognize, log_probs = signatures["serving_default"], signatures["log_probs"]
        return cls(recognize, log_probs, recipe, alphabet, name, loaded, lambda: signatures)

    def transcribe(self, examples, batch_size=32):
        """Read examples in batches of similar length.

        Args:
            examples: List of raw arrays: points float `[N, 4]`, or samples int16 `[N]`.
            batch_size: Examples at once.

        Returns:
            List of `Reading`, in the order of `examples`.
        """
        readings = [None] * len(examples)
        for i, found, row in self._outputs(self._recognize, examples, batch_size):
            readings[i] = self._to_text.READING.from_outputs(found, row)
        return readings

    def posteriors(self, examples, batch_size=32):
        """What the network thinks of many examples, in batches of similar length.

        Yields:
            (index of the example, log_probs, places), the last two as `log_probs` returns them.
        """
        for i, found, row in self._outputs(self._log_probs, examples, batch_size):
            yield i, found["log_probs"][row, : found["num_frames"][row]], found[self._to_text.PLACES][row]

    def _outputs(self, function, examples, batch_size):
        """(index of the example, NumPy outputs of a signature, its row in them), short examples first."""
        order = np.argsort([len(raw) for raw in examples], kind="stable")
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            found = function(**self._arguments([examples[i] for i in chosen]))
            found = {name: tensor.numpy() for name, tensor in found.items()}
            yield from ((int(i), found, row) for row, i in enumerate(chosen))

    def stream(self, endpointing=NEVER, characters=CharacterRuns) -> StreamingTranscriber:
        """A stream of audio to be heard while it is spoken; any number of them, each with a state of its own.

        Args:
            endpointing: `Endpointing`; by default the whole stream is one utterance.
            characters: What reads the frames, as for `StreamingTranscriber`.

        Raises:
            ValueError: Where the model cannot hear a stream.
        """
        return StreamingTranscriber(*self._stream_functions, self.recipe, self.sense, endpointing, characters)

    @functools.cached_property
    def _stream_functions(self):
        functions = self._functions()
        if not all(name in functions for name in STREAM):
            raise ValueError(f"{self.name} cannot stream: {self._why_not()}")
        init, step = (functions[name] for name in STREAM)
        # The first call plans the graph, which takes seconds: nobody who speaks should wait for it.
        StreamingTranscriber(init, step, self.recipe, self.sense).finish()
        return init, step

    def _why_not(self):
        if self.sense.name != "speech":
            return f"expected a model of speech. Received: {self.sense.name}, whose features need the whole of it."
        if self.recipe.encoder.bidirectional:
            return (
                "expected a model that runs forward. Received: encoder.bidirectional=True, which hears audio from its "
                "end too. Train one as pipelines/recipes/an4_streaming.py does."
            )
        return f"expected the signatures {' and '.join(STREAM)}. Export its workdir again."

    def log_probs(self, raw):
        """What the network thinks of one example.

        Returns:
            log_probs: Float32 `[T', K]`, the blank last.
            places: Of ink the frame of each point, int32 `[N]`; of speech the time of each frame, float32 `[T']`.
        """
        found = self._log_probs(**self._arguments([raw]))
        num_frames, places = int(found["num_frames"][0]), found[self._to_text.PLACES][0].numpy()
        return found["log_probs"][0, :num_frames].numpy(), places

    def _arguments(self, examples):
        inputs, lengths = pad(examples, self.sense)
        return {self._to_text.INPUT: inputs, "lengths": lengths}


def pad(examples, sense):
    """Inputs float32 `[B, N, ...]` and lengths int32 `[B]` of a list of raw arrays, zeros behind the shorter ones."""
    lengths = [len(raw) for raw in examples]
    inputs = np.zeros([len(examples), max(lengths, default=0), *sense.raw_shape], np.float32)
    for row, raw in zip(inputs, examples):
        row[: len(raw)] = sense.as_inputs(raw)
    return tf.constant(inputs), tf.constant(lengths, tf.int32)
