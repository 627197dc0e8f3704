"""The first signal asks, the second interrupts, and afterwards all is as before."""

import signal

import pytest

from seqapp.training.stop_request import StopRequest


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_asks_and_the_second_interrupts(number, caplog):
    with StopRequest() as stop:
        assert not stop.received
        signal.raise_signal(number)
        assert stop.received and number.name in caplog.text
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)


def test_handlers_come_back_even_behind_an_error():
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with pytest.raises(ZeroDivisionError), StopRequest():
        1 / 0  # noqa: B018
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
