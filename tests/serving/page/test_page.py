"""In a real browser: what one writes, speaks and shows appears as text, and nothing is asked of anybody else."""

import time
import types

import numpy as np
import pytest
import soundfile
from PIL import Image
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from seqapp.serving.page import page_routes
from seqapp.serving.server.admission import Admission
from seqapp.serving.server.live.routes import live_routes
from seqapp.serving.server.settings import Settings
from tests.serving.page.browser import Server, chromium, until
from tests.serving.page.made_up_models import next_words, predict, repository

pytest.importorskip("selenium", reason="needs selenium: pip install -e '.[browser]'")

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    return repository(tmp_path_factory.mktemp("bard"))


@pytest.fixture(scope="module")
def server(models):
    routes = [
        Route("/v1/models/viewer:predict", predict, methods=["POST"]),
        Route("/live/next_words", next_words, methods=["POST"]),
    ]
    server = Server(Starlette(routes=[*routes, *live_routes(models, Settings()), *page_routes()]))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def page(driver, server):
    driver.get(server.address)
    until(lambda: find(driver, "status").text.startswith("Connected"))
    return driver


def find(driver, id):
    return driver.find_element(By.ID, id)


def text(driver):
    return find(driver, "text").text.strip()


def draw(driver, *strokes, kind="mouse"):
    """Strokes, lists of (x, y) from the middle of the sheet, by a pointer of a kind."""
    pointer = PointerInput(kind, f"a {kind}")
    actions = ActionBuilder(driver, mouse=pointer, duration=10)
    sheet = find(driver, "ink")
    for stroke in strokes:
        for i, (x, y) in enumerate(stroke):
            actions.pointer_action.move_to(sheet, x, y)
            if i == 0:
                actions.pointer_action.pointer_down()
        actions.pointer_action.pointer_up()
    actions.perform()


def loop(left):
    angles = np.linspace(0, 2 * np.pi, 12)
    return [(round(left + 20 * np.cos(a)), round(20 * np.sin(a))) for a in angles]


def test_models_that_are_being_loaded_are_named_and_come_by_themselves(driver, server, models):
    models.loading = ["great"]
    driver.get(server.address)
    until(lambda: find(driver, "status").text == "Connected, loading great")
    models.loading = []
    until(lambda: "loading" not in find(driver, "status").text)


def test_a_server_with_keys_asks_for_one_and_asks_again_for_the_right_one(driver, models):
    gauge = types.SimpleNamespace(inc=lambda: None, dec=lambda: None)
    settings = Settings(api_keys=("sesame",))
    admission = Middleware(Admission, settings, types.SimpleNamespace(in_flight=gauge))
    closed = Server(Starlette(routes=[*live_routes(models, settings), *page_routes()], middleware=[admission]))
    closed.start()
    try:
        driver.get(closed.address)
        for key, told in (("guess", "asks for a key"), ("sesame", "does not know this key")):
            until(lambda told=told: told in find(driver, "notice-text").text)
            find(driver, "notice-action").click()
            driver.switch_to.alert.send_keys(key)
            driver.switch_to.alert.accept()
        until(lambda: find(driver, "status").text == "Connected to reader")
        draw(driver, loop(0))
        until(lambda: text(driver) == "a")
    finally:
        closed.stop()


def test_text_appears_while_one_writes_and_settles(page):
    draw(page, loop(-80), loop(0))
    until(lambda: text(page) == "ab")
    assert "Text after" in find(page, "latency").text
    until(lambda: not [grey for grey in page.find_elements(By.CSS_SELECTOR, ".unstable") if grey.text])
    draw(page, loop(80))
    until(lambda: text(page) == "abc")


def test_a_text_that_the_model_is_not_sure_of_is_marked(page):
    letters = "abcdefghijk"
    draw(page, *([(-150 + 30 * i, 0), (-140 + 30 * i, 5)] for i in range(len(letters))))
    until(lambda: text(page) == letters)
    marked = until(lambda: page.find_elements(By.CSS_SELECTOR, "#text .unsure > button"))[0]
    mark = "return getComputedStyle(arguments[0], '::before').content"
    assert "not sure" in page.execute_script(mark, marked)
    ActionChains(page).key_down(Keys.CONTROL).send_keys("z").key_up(Keys.CONTROL).perform()
    until(lambda: text(page) == letters[:-1] and not page.find_elements(By.CSS_SELECTOR, "#text .unsure"))


def test_lines_follow_each_other_by_keyboard(page):
    draw(page, loop(-80), loop(0))
    until(lambda: text(page) == "ab")
    ActionChains(page).key_down(Keys.CONTROL).send_keys("z").key_up(Keys.CONTROL).perform()
    until(lambda: text(page) == "a")
    ActionChains(page).send_keys(Keys.ENTER).perform()
    assert find(page, "ink-hint").is_displayed()  # an empty sheet
    draw(page, loop(0), loop(60))
    until(lambda: text(page) == "a ab")
    ActionChains(page).send_keys(Keys.ESCAPE).perform()
    until(lambda: text(page) == "a")
    find(page, "wipe").click()
    until(lambda: find(page, "text-empty").is_displayed())


def test_the_hand_that_holds_the_pen_writes_nothing(page):
    sheet, both = find(page, "ink"), ActionBuilder(page)
    pen, hand = both.add_pointer_input("pen", "a pen"), both.add_pointer_input("touch", "a hand")
    pen.create_pointer_move(10, 0, 0, origin=sheet), hand.create_pause(0)
    pen.create_pointer_down(button=0), hand.create_pointer_move(10, 90, 40, origin=sheet)
    pen.create_pointer_move(10, 20, 20, origin=sheet), hand.create_pointer_down(button=0)
    pen.create_pointer_move(10, 30, 0, origin=sheet), hand.create_pointer_move(10, 99, 20, origin=sheet)
    pen.create_pointer_up(0), hand.create_pointer_up(0)
    both.perform()
    until(lambda: text(page) == "a")
    time.sleep(1.0)
    draw(page, loop(100), kind="touch")  # a finger, long after
    until(lambda: text(page) == "ab")


def test_a_word_tells_how_sure_it_is_and_what_else_it_may_be(page):
    draw(page, loop(-40))
    until(lambda: text(page) == "a")
    page.find_element(By.CSS_SELECTOR, "#text button").click()
    card = find(page, "word")
    until(lambda: card.is_displayed())
    assert find(page, "word-sure").text == "50 % sure"
    choice = until(lambda: find(page, "word").find_elements(By.CSS_SELECTOR, "li button"))[0]
    chosen = choice.text.split("\n")[0]
    choice.click()
    until(lambda: text(page) == chosen)
    draw(page, loop(0))
    until(lambda: text(page) == f"{chosen} a")  # a line of its own: the chosen one stays


def test_the_next_word_is_suggested_once_the_text_stands_still(page):
    draw(page, loop(-40))
    chip = until(lambda: find(page, "suggestions").is_displayed() and find(page, "suggestions").text)
    assert chip == "next"
    page.find_element(By.CSS_SELECTOR, "#suggestions button").click()
    until(lambda: text(page) == "a next")
    assert find(page, "ink-hint").is_displayed()
    draw(page, loop(40))
    until(lambda: text(page) == "a next a")


def test_a_file_is_heard_faster_than_it_plays(page, tmp_path):
    samples = 0.1 * np.sin(np.arange(4 * 22_050) / 9)
    soundfile.write(tmp_path / "four_seconds.wav", samples, 22_050)
    find(page, "tab-speak").click()
    start = time.monotonic()
    find(page, "audio-file").send_keys(str(tmp_path / "four_seconds.wav"))
    until(lambda: text(page) == "abcdefghijklmnop")
    assert time.monotonic() - start < 15.0
    (tmp_path / "broken.wav").write_bytes(b"no sound")
    find(page, "audio-file").send_keys(str(tmp_path / "broken.wav"))
    until(lambda: "is no sound that this browser can play" in find(page, "audio-hint").text)


def test_the_microphone_is_heard_until_it_is_stopped(page):
    find(page, "tab-speak").click()
    button = find(page, "speak")
    button.click()
    until(lambda: text(page).startswith("abcd"))
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    until(lambda: button.get_attribute("aria-pressed") == "false")
    until(lambda: not [grey for grey in page.find_elements(By.CSS_SELECTOR, ".unstable") if grey.text])


def test_a_picture_is_read_and_shown(page, tmp_path):
    Image.new("RGBA", (300, 40), (255, 255, 255, 0)).save(tmp_path / "line.webp")
    find(page, "tab-image").click()
    find(page, "image-file").send_keys(str(tmp_path / "line.webp"))
    until(lambda: text(page) == "a line")
    assert find(page, "image").is_displayed()


def test_tabs_follow_the_arrows(page):
    find(page, "tab-write").send_keys(Keys.ARROW_RIGHT)
    assert page.switch_to.active_element.get_attribute("id") == "tab-speak"
    assert find(page, "panel-speak").is_displayed() and not find(page, "panel-write").is_displayed()
    page.switch_to.active_element.send_keys(Keys.END)
    assert find(page, "panel-image").is_displayed()


def test_ink_stays_when_the_sheet_changes_its_size_or_its_colours(page):
    draw(page, loop(0))
    until(lambda: text(page) == "a")
    drawn = "const c = document.getElementById('ink'); const { data } = c.getContext('2d').getImageData("
    drawn = "return (() => { " + drawn + "0, 0, c.width, c.height); return [...data].some((v) => v > 0) })()"
    assert page.execute_script(drawn)
    features = [{"name": "prefers-color-scheme", "value": "dark"}]
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    try:
        until(lambda: page.execute_script("return matchMedia('(prefers-color-scheme: dark)').matches"))
        until(lambda: page.execute_script(drawn))
        page.set_window_size(700, 800)
        time.sleep(0.3)
        assert page.execute_script(drawn)
    finally:
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
        page.set_window_size(1100, 900)


def test_a_lost_server_is_found_again_and_no_ink_is_lost(page, server):
    draw(page, loop(-80))
    until(lambda: text(page) == "a")
    server.stop()
    until(lambda: find(page, "notice").is_displayed())
    assert "What you write is kept" in find(page, "notice-text").text
    draw(page, loop(0))
    server.start()
    until(lambda: text(page) == "ab")
    assert not find(page, "notice").is_displayed()


def test_all_of_it_comes_from_this_server_and_nothing_fails(page, server):
    asked = page.execute_script("return performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert len(asked) > 10 and all(address.startswith(server.address) for address in asked)
    page.get_log("browser")  # of the tests before
    page.refresh()
    until(lambda: find(page, "status").text.startswith("Connected"))
    draw(page, loop(0))
    until(lambda: text(page) == "a")
    assert [entry for entry in page.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_a_phone_has_room_for_everything(page):
    size = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        draw(page, loop(-40))
        until(lambda: text(page) == "a")
        assert page.execute_script("return document.documentElement.scrollWidth <= innerWidth")
        assert page.execute_script("return document.getElementById('ink').width") >= 2 * 300
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
