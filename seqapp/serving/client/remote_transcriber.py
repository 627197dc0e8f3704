"""A model on a server, used as one on disk: files are read here, and what they hold is recognized there."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from seqapp.decoding.options import decoder_config
from seqapp.models.to_text.to_text_class import TO_TEXT
from seqapp.models.transcriber.transcriber import pad
from seqapp.senses import SENSES
from seqapp.serving.client.client import API_KEY, Client

NUM_REQUESTS = 8  # at once: the server computes them together


class RemoteTranscriber:
    """Reads raw examples by the REST contract of TensorFlow Serving, whichever server follows it.

    Args:
        url: Of the server.
        name: Of the model.

    Raises:
        ValueError: The server has no such model, or it neither reads nor hears.
        OSError: There is no server.

    Attributes:
        sense: `Sense` of the model, with the default config: the server has the true one.
    """

    def __init__(self, url, name):
        self._client, self._name = Client(url, os.environ.get(API_KEY)), name
        inputs = self._client.signatures(name)["serving_default"]["inputs"]
        senses = {to_text.INPUT: (sense, to_text) for sense, to_text in TO_TEXT.items()}
        found = next((senses[key] for key in inputs if key in senses), None)
        if found is None:
            raise ValueError(f"{name} at {url} takes {', '.join(inputs)}. Expected one of {', '.join(senses)}.")
        sense, self._to_text = found
        self.sense = sense(next(config for config, of in SENSES.items() if of is sense)(), augmentation=None)

    @classmethod
    def open(cls, name, arguments):
        """The one that a script's arguments ask for: `arguments.server`, and no option of decoding.

        Raises:
            ValueError: Options that the server does not take.
        """
        if decoder_config(arguments):
            raise ValueError("--server decodes greedily. Leave out the options of decoding, or --server.")
        return cls(arguments.server, str(name))

    def transcribe(self, examples):
        """List of `Reading`s of raw arrays, in their order; as `Transcriber.transcribe`."""
        with ThreadPoolExecutor(NUM_REQUESTS) as requests:
            return list(requests.map(self._read, examples))

    def _read(self, raw):
        inputs, lengths = pad([raw], self.sense)
        sent = {self._to_text.INPUT: inputs.numpy().tolist(), "lengths": lengths.numpy().tolist()}
        outputs = {name: _to_array(value) for name, value in self._client.predict(self._name, sent).items()}
        return self._to_text.READING.from_outputs(outputs, 0)


def _to_array(value):
    array = np.array(value)
    return np.char.encode(array, "utf-8").astype(object) if array.dtype.kind == "U" else array
