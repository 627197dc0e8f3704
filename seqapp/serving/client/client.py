"""HTTP client of the server, with nothing but Python's standard library.

client = Client("http://127.0.0.1:8501")
print(client.transcribe("an4", "recording.flac")["text"])
client.predict("unipen", {"points": [[[0, 0, 0, 0], [3, 4, 0, 1]]], "lengths": [2]})["text"]
"""

import http.client
import json
import secrets
import socket
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable
from pathlib import Path

API_KEY = "SEQAPP_API_KEY"  # in the environment: the arguments of a command are for all to see
LARGE_BYTES = 1_000_000  # that a server may refuse before it has them all
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 4.0  # for a server that is away; a start takes seconds


class Client:
    """Talks to one server.

    A refusal for lack of room is tried again, and so is a connection that is refused or lost, since a server may start
    anew and no request changes anything there; other errors are ValueErrors in its words.

    Args:
        url: Of the server.
        api_key: Key that the server asks for, if it does.
        timeout_s: Seconds to wait for an answer.
        num_tries: Of each request.

    Raises:
        ValueError: The server's reasons.
        OSError: There is no server.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8501",
        api_key: str | None = None,
        timeout_s: float = 60.0,
        num_tries: int = 5,
    ):
        if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
            raise ValueError(f"Expected a URL such as http://127.0.0.1:8501. Received: {url}.")
        self._url = url.rstrip("/")
        self._timeout_s = timeout_s
        self._num_tries = num_tries
        self._headers = {"X-API-Key": api_key} if api_key else {}

    def transcribe(
        self, model: str, file: str | Path | bytes, hotwords: Iterable[str] = (), lexicon: Iterable[str] = (),
        language_model: str = "",
    ) -> dict:  # fmt: skip
        """Recognise a file.

        Args:
            model: Name.
            file: Path, or the content.
            hotwords: Words and phrases that are likelier here than elsewhere.
            lexicon: The only words that may be read, at most 20,000; none: any.
            language_model: Name of what is read with, one of `language_models`; "": the first.

        Returns:
            Text, confidence, words, ...; with hotwords and a lexicon also ignored_hotwords and ignored_lexicon, those
            that the model cannot write, and with a language model its name.
        """
        content = file if isinstance(file, bytes) else Path(file).read_bytes()
        words = {"hotwords": list(hotwords), "lexicon": list(lexicon)}
        fields = {name: json.dumps(phrases) for name, phrases in words.items() if phrases}
        fields |= {"language_model": language_model} if language_model else {}
        if not fields:
            return self._ask(model, ":transcribe", content)
        body, content_type = _form(fields, content)
        return self._ask(model, ":transcribe", body, {"Content-Type": content_type})

    def predict(self, model: str, inputs: dict, signature_name: str = "serving_default") -> dict | list:
        """Call a signature.

        Args:
            model: Name.
            inputs: Nested lists by name.
            signature_name: Of the signature.

        Returns:
            Outputs by name, as nested lists; a single one without its name.
        """
        body = {"inputs": inputs, "signature_name": signature_name}
        return self._ask(model, ":predict", json.dumps(body).encode("utf-8"))["outputs"]

    def signatures(self, model: str) -> dict:
        """Get inputs and outputs of each signature, by its name."""
        return self._ask(model, "/metadata")["metadata"]["signature_def"]["signature_def"]

    def language_models(self, model: str) -> list[str]:
        """List the language models that a request may name; the first is read with where it names none.

        Raises:
            ValueError: There is no such recogniser.
        """
        names = {found["name"]: found.get("language_models") for found in self._fetch("/live")["models"]}
        if not names.get(model):
            recognisers = ", ".join(name for name, named in names.items() if named)
            raise ValueError(f"Expected one of {self._url}'s recognisers, {recognisers}. Received: {model}.")
        return names[model]

    def _ask(self, model, verb, body=None, headers=None):
        return self._fetch(f"/v1/models/{urllib.parse.quote(model)}{verb}", body, headers)

    def _fetch(self, path, body=None, headers=None):
        address = f"{self._url}{path}"
        for number in range(1, self._num_tries + 1):
            try:
                request = urllib.request.Request(address, body, self._headers | (headers or {}))
                with urllib.request.urlopen(request, timeout=self._timeout_s) as response:
                    return json.load(response)
            except urllib.error.HTTPError as error:
                if error.code not in (429, 503) or number == self._num_tries:
                    text = error.read().decode("utf-8", "replace")
                    raise ValueError(f"{address}: {error.code} {text}") from error
                time.sleep(float(error.headers.get("Retry-After", 1)))
            except (ConnectionError, urllib.error.URLError, http.client.HTTPException) as error:
                reason = getattr(error, "reason", error)
                is_lost = not isinstance(reason, TimeoutError | ssl.SSLError | socket.gaierror)
                # Whoever refuses a large body closes while it is sent, and the refusal is lost with the connection.
                is_cut = isinstance(reason, BrokenPipeError | ConnectionResetError) and len(body or b"") > LARGE_BYTES
                if not is_lost or number == (2 if is_cut else self._num_tries):
                    hint = f" Is a body of {len(body) / 1e6:.1f} MB more than the server takes?" if is_cut else ""
                    raise OSError(f"{address}: no answer: {error}.{hint}") from error
                time.sleep(min(FIRST_WAIT_S * 2 ** (number - 1), LONGEST_WAIT_S))


def _form(fields, content):
    """Body and content type of a form with some texts and a file."""
    boundary = secrets.token_hex(16)
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="'
    parts = [f'{head}{name}"\r\n\r\n{text}\r\n'.encode() for name, text in fields.items()]
    file = f'{head}file"; filename="file"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode()
    return b"".join(
        [*parts, file, content, f"\r\n--{boundary}--\r\n".encode()]
    ), f"multipart/form-data; boundary={boundary}"
