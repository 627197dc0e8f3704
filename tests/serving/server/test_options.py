"""Options of the scripts that serve, and the file of keys."""

import argparse

import pytest

from seqapp.decoding.config import DecoderConfig
from seqapp.serving.server.options import add_server_options, read_keys, settings_of


def parsed(*options):
    parser = argparse.ArgumentParser()
    add_server_options(parser)
    return settings_of(parser.parse_args([".", *options]))


def test_a_key_file_has_one_key_per_line_comments_and_blanks(tmp_path):
    path = tmp_path / "keys"
    path.write_text("\ufeff# ours\nfirst\n\n  second  # of the laboratory\nwith#inside\n", encoding="utf-8")
    assert read_keys(path) == ("first", "second", "with#inside")
    assert parsed("--api-key-file", str(path)).api_keys == ("first", "second", "with#inside")
    path.write_text("# nothing\n\n", encoding="utf-8")
    with pytest.raises(ValueError, match="Expected one key per line"):
        read_keys(path)
    path.write_text("one\ntwo words\n", encoding="utf-8")
    with pytest.raises(ValueError, match="several words in line 2"):
        read_keys(path)
    path.write_text("one\nschlüssel # ä\n", encoding="utf-8")
    with pytest.raises(ValueError, match="keys of ASCII characters.*line 2"):
        read_keys(path)


@pytest.mark.parametrize(
    "options, message",
    [
        (("--port", "65536"), "port from 0 to 65535"),
        (("--port", "-1"), "port from 0"),
        (("--grpc-port", "-2"), "grpc_port from -1"),
        (("--timeout-s", "nan"), "timeout_s above 0"),
        (("--max-request-mb", "inf"), "max_request_mb above 0"),
        (("--max-rows", "0"), "max_rows of 1"),
        (("--max-cost-mb", "-5"), "max_cost_mb above 0"),
        (("--live-idle-s", "inf"), "idle_s > 0"),
        (("--live-sample-rate-hz", "80"), "sample_rate_hz from 4000"),
        (("--json-special", "NaN"), "token or null"),
    ],
)
def test_values_out_of_range_are_told_with_their_range(options, message):
    with pytest.raises(ValueError, match=message) as caught:
        parsed(*options)
    assert "\n" not in str(caught.value)


def test_decoders_have_a_model_a_name_and_a_file(tmp_path):
    DecoderConfig(beam_width=4).save(tmp_path / "news.json")
    file = f"{tmp_path}/news.json"
    options = ("--decoder", f"unipen/news={file}", f"unipen/b={file}", f"an4/news={file}")
    path = tmp_path / "news.json"
    assert parsed(*options).decoders == {"unipen": {"news": path, "b": path}, "an4": {"news": path}}
    for wrong in ("news.json", f"unipen={file}", f"unipen/={file}", "unipen/news=", f"/news={file}"):
        with pytest.raises(ValueError, match="Expected --decoder MODEL/NAME=FILE"):
            parsed("--decoder", wrong)
    with pytest.raises(ValueError, match="No decoder at"):
        parsed("--decoder", f"unipen/news={tmp_path}/old.json")


def test_hosts_origins_and_rates_are_taken():
    settings = parsed("--allowed-host", "Speech.Example.org", "--insecure", "--live-sample-rate-hz", "8000")
    assert settings.allowed_hosts == ("speech.example.org",) and settings.insecure
    assert settings.live.sample_rate_hz == 8_000
