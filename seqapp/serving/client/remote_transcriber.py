"""Remote transcriber: a model on a server, used as one on disk; files are read here, and recognised there."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from seqapp.decoding.options import GREEDY, decoder_config
from seqapp.models.reading import Reading
from seqapp.models.to_text.ink_to_text import LINES
from seqapp.models.to_text.to_text_class import TO_TEXT
from seqapp.models.transcriber.padding import pad
from seqapp.models.transcriber.transcriber import Transcriber
from seqapp.serving.client.client import API_KEY, Client

NUM_REQUESTS = 8  # at once: the server computes them together


class RemoteTranscriber(Transcriber):
    """Reads raw examples by the REST contract of TensorFlow Serving, whichever server follows it.

    The contract tells neither recipe nor alphabet: decoding is the server's, and there are no posteriors and no streams
    here.

    Args:
        url: Of the server.
        name: Of the model.
        is_greedy: Whether texts are asked for without the context of a model that has some.

    Raises:
        ValueError: The server has no such model, or it neither reads nor hears.
        OSError: There is no server.

    Attributes:
        sense: `Sense` of the model, with the default config: the server has the true one.
    """

    def __init__(self, url: str, name: str, is_greedy: bool = False):
        self._client = Client(url, os.environ.get(API_KEY))
        self.name = name
        signatures = self._client.signatures(name)
        inputs = signatures["serving_default"]["inputs"]
        self._signature = {"signature_name": "greedy"} if is_greedy and "greedy" in signatures else {}
        classes = {to_text.INPUT: (sense, to_text) for sense, to_text in TO_TEXT.items()}
        key = next((key for key in inputs if key in classes), None)
        if key is None:
            raise ValueError(f"{name} at {url} takes {', '.join(inputs)}. Expected one of {', '.join(classes)}.")
        sense, self._to_text = classes[key]
        self.reads_notes = sense.name != "ink" or LINES in signatures["serving_default"].get("outputs", {})
        self.sense = sense(sense.config_class(), augmentation=None)

    @classmethod
    def open(cls, name, arguments) -> "RemoteTranscriber":
        """Open the model that a script's arguments ask for: `arguments.server`, and nothing that only a local one does.

        Raises:
            ValueError: Options that the server does not take.
        """
        if decoder_config(arguments):
            raise ValueError("--server decodes as its model does. Leave out the options of decoding, or --server.")
        if arguments.picture:
            raise ValueError("--picture shows posteriors, which --server does not give. Leave out one of them.")
        return cls(arguments.server, str(name), arguments.decoder == GREEDY)

    def transcribe(self, examples: Sequence[np.ndarray], batch_size: int = NUM_REQUESTS) -> list[Reading]:
        """Read examples, `batch_size` requests at once; arguments and value as of `Transcriber.transcribe`."""
        with ThreadPoolExecutor(max(1, min(batch_size, NUM_REQUESTS))) as requests:
            return list(requests.map(self._read, examples))

    def _read(self, raw):
        inputs, lengths = pad([raw], self.sense)
        request = {self._to_text.INPUT: inputs.tolist(), "lengths": lengths.tolist()}
        outputs = self._client.predict(self.name, request, **self._signature)
        return self._to_text.READING.from_outputs({name: _to_array(value) for name, value in outputs.items()}, 0)


def _to_array(value):
    array = np.array(value)
    return np.char.encode(array, "utf-8").astype(object) if array.dtype.kind == "U" else array
