"""Client: a file goes alone, or in a form with the words that a request is read with."""

import http.server
import json
import threading

import pytest

from seqapp.serving.client.client import Client
from seqapp.serving.server.rest.bodies import file_of
from seqapp.serving.server.rest.upload import language_model_of, words_of

FILE = b"RIFF\r\n--\xff\x00"


@pytest.fixture
def requests():
    """The requests that a server received, behind its address."""
    received = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.path, self.headers.get("Content-Type", ""), body))
            answer = json.dumps({"text": "hello"}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield received, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_words_of_a_request_go_in_a_form_with_its_file(requests, tmp_path):
    received, address = requests
    (tmp_path / "talk.wav").write_bytes(FILE)
    client = Client(address)
    assert client.transcribe("an4", tmp_path / "talk.wav") == {"text": "hello"}
    assert received.pop()[2] == FILE
    lexicon = [f"wört{i}" for i in range(20_000)]
    client.transcribe("an4", FILE, ["Ada Lovelace"], lexicon)
    path, content_type, body = received.pop()
    words = words_of(content_type, body, {})
    assert path == "/v1/models/an4:transcribe" and file_of(content_type, body) == FILE
    assert words["hotwords"].usable == ("Ada Lovelace",) and list(words["lexicon"].usable) == lexicon
    client.transcribe("an4", FILE, language_model="none")
    _, content_type, body = received.pop()
    assert language_model_of(content_type, body, {}) == "none" and not words_of(content_type, body, {})
