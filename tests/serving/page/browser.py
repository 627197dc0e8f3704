"""A headless Chromium, and a server in a thread for it to look at."""

import contextlib
import shutil
import socket
import threading
import time

import pytest
import uvicorn

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--window-size=1100,900",
)  # fmt: skip
WAIT_S = 20.0  # for what takes milliseconds on an idle machine


@contextlib.contextmanager
def chromium(profile, *flags):
    """A WebDriver of an installed Chromium with an empty profile; skips where there is none."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="needs selenium: pip install -e '.[browser]'")
    binary = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    driver_binary = shutil.which("chromedriver")
    if not binary or not driver_binary:
        pytest.skip("needs chromium and chromedriver: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for flag in (*FLAGS, *flags, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    # Named, since selenium would look for a driver on the network otherwise.
    service = webdriver.ChromeService(executable_path=driver_binary)
    driver = webdriver.Chrome(options=options, service=service)
    try:
        yield driver
    finally:
        driver.quit()


class Server:
    """An application on loopback; it can be stopped and started again at the same address."""

    def __init__(self, app):
        self._app, self._server, self._thread, self.port = app, None, None, 0

    def start(self):
        listening = socket.create_server(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        config = uvicorn.Config(self._app, lifespan="off", log_level="error", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listening],), daemon=True)
        self._thread.start()

    def stop(self):
        self._server.should_exit = True
        self._thread.join()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}/"


def until(check):
    """Wait until a function gives something true, which is returned."""
    end = time.monotonic() + WAIT_S
    while not (found := check()):
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.05)
    return found
