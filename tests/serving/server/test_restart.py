"""A server that is killed in the middle of its work and started again: clients that try again get all their answers."""

import shutil
import threading
import time

import pytest

from seqapp.serving.client import Client
from tests.serving.server.server_process import Server

pytestmark = pytest.mark.slow


def test_no_client_misses_an_answer_when_a_server_is_killed_and_started_again(toolbox, tmp_path, warm_python):
    shutil.copytree(toolbox, tmp_path / "toolbox" / "7")
    server = Server(tmp_path, warm_python=warm_python)
    client = Client(f"http://127.0.0.1:{server.port}", num_tries=60)
    answers, mistakes, stop = [], [], threading.Event()

    def ask(number):
        while not stop.is_set():
            try:
                answers.append((number, client.predict("toolbox", {"x": [float(number)]})))
            except Exception as error:
                mistakes.append(error)
                return

    threads = [threading.Thread(target=ask, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    wait_for(lambda: len(answers) > 40)
    server.kill()
    again = Server(tmp_path, port=server.port, warm_python=warm_python)
    count = len(answers)
    wait_for(lambda: {number for number, _ in answers[count:]} == {0, 1, 2, 3} or mistakes)
    stop.set()
    for thread in threads:
        thread.join()
    again.kill()
    assert not mistakes and all(found == [0.5 * number + 2.0] for number, found in answers)


def wait_for(check):
    end = time.monotonic() + 120
    while not check():
        assert time.monotonic() < end
        time.sleep(0.05)
