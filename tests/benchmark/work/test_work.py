"""What is timed is what the names say: checked by what the runs give, at tiny sizes."""

import json
import types
from pathlib import Path

import numpy as np
import pytest

import seqapp.recipe
from seqapp.benchmark import bars, lengths, peers
from seqapp.benchmark.work import (
    batches,
    ctc,
    features,
    models,
    next_word,
    resume,
    rnn,
    shapes,
    sleeping_rows,
    stream,
)
from seqapp.command_line import find_recipe, recipe_names
from seqapp.input_pipeline import training_batches
from seqapp.rnn.cells import CELLS
from seqapp.serving.latency import PARTIAL, WHOLE, name_of
from tests.pairwise import mostly_slow


def names_of_bars():
    return {name for bar in bars.BARS for name in (bar.ours, bar.peer) if name}


def test_every_cell_has_its_rows_and_every_bar_too():
    names = set(rnn.work(2, 3, 4, threads=1)) | set(ctc.work(2, 9, 5, 3, threads=1)) | set(stream.CELLS)
    names |= set(next_word.MODELS)
    names |= {name_of(sense, kind, True) for sense in ("ink", "speech", "image") for kind in (WHOLE, PARTIAL)}
    names |= set(recipe_names())
    assert {f"{cell} ({execution})" for cell in CELLS for execution in ("auto", "loop")} <= names
    assert {"lstm (fused)", "gru (fused)", "min_gru (parallel_scan)", "keras.layers.SimpleRNN"} <= names
    assert {name for name in names_of_bars() if not name.startswith("torch")} <= names


def test_peers_are_there_where_they_are_installed(monkeypatch):
    monkeypatch.setattr(peers.importlib.util, "find_spec", lambda name: None)
    assert not any(name.startswith(("torch", "optax")) for name in {**rnn.work(1, 1, 1, 1), **ctc.work(1, 3, 3, 1, 1)})


@pytest.mark.parametrize("name", ["min_gru (auto)", "lstm (loop)", "matmuls of min_gru alone", "torch.nn.LSTM"])
def test_recurrent_layers_run_forward_and_backward(name):
    if name.startswith("torch"):
        pytest.importorskip("torch")
    shape, forward, step = rnn.work(2, 3, 4, threads=1)[name]()
    assert shape == [2, 3, 4, 4]
    forward(), step()


@pytest.mark.parametrize("name", ["forward_backward", "tf.nn.ctc_loss, sparse", "forced_align"])
def test_ctc_runs_and_what_has_no_gradient_has_no_step(name):
    shape, forward, step = ctc.work(2, 9, 5, 3, threads=1)[name]()
    assert shape == [2, 9, 5, 3] and (step is None) == (name == "forced_align")
    forward(), step and step()


def test_losses_of_other_libraries_are_the_same():
    pytest.importorskip("torch")
    from seqapp.ctc import ctc_loss

    draw = np.random.default_rng(0)
    logits, labels = draw.normal(size=(2, 9, 5)).astype(np.float32), draw.integers(0, 4, (2, 3)).astype(np.int32)
    arrays = logits, np.array([9, 7], np.int32), labels, np.array([3, 2], np.int32)
    expected = np.sum(ctc_loss(*arrays))
    for build in peers.ctc(*arrays, [2, 9, 5, 3], threads=1).values():
        _, forward, _ = build()
        np.testing.assert_allclose(np.asarray(forward()), expected, rtol=1e-5)


# librosa compiles as it is called for the first time.
@pytest.mark.parametrize("name", mostly_slow(["ink, points", "log_mel, librosa", "librosa itself"], ["ink, points"]))
def test_features_are_made_of_lines_and_of_seconds(name):
    shape, forward, step = features.work(lines=2, audio_s=1, threads=1)[name]()
    assert shape[0] == 2 if name.startswith("ink") else shape == [1, 16_000]
    forward()
    assert step is None


def test_rates_are_work_a_second():
    assert features.with_rates({"name": "ink, points", "forward_ms": 500.0}, 64, 60)["lines_per_s"] == 128
    assert features.with_rates({"name": "log_mel", "forward_ms": 250.0}, 64, 1800)["audio_hours_per_s"] == 2


def test_input_tells_examples_per_core_second_and_the_cores_that_a_gpu_wants():
    row, *others = batches.input_rows(4, 60, 2, 100_000, ["quickstart"], threads=1)
    assert row["name"] == "quickstart" and row["shape"][0] == 4 and not others
    assert row["cores_for_gpu"] == round(100_000 / row["frames_per_core_s"], 1) > 0 < row["examples_per_core_s"]
    with pytest.raises(ValueError, match="part of a recipe's name: .*an4.*Received: nothing"):
        batches.input_rows(4, 60, 2, 100_000, ["nothing"], threads=1)


def test_rows_that_sleep_are_counted_by_the_scheme_of_once_and_of_today(monkeypatch):
    monkeypatch.setattr(sleeping_rows, "SLEEP_S", 0.001)
    monkeypatch.setattr(sleeping_rows, "NUM_BATCHES", 8)
    before, today, most = sleeping_rows.sleeping_rows(5, threads=1)
    assert before["name"] == "5 simulated cores, three batches of one row" and before["ratio"] == 1.0
    assert today["shape"] == [sleeping_rows.NUM_EXAMPLES, 8] and today["rows_under_way"] > 0
    assert most["rows_under_way"] == 5 and most["rows_per_s"] == 5000
    for row in (before, today):
        assert row["rows_under_way"] == pytest.approx(row["rows_per_s"] * 0.001, abs=0.1)


def test_the_scheme_of_once_makes_the_same_batches():
    recipe = seqapp.recipe.load(find_recipe("quickstart"))
    corpus, plan = batches.made_up(recipe, 9, 60)
    today = list(training_batches(corpus, plan, recipe, lambda frames: frames).take(3).as_numpy_iterator())
    with sleeping_rows.scheme_of_once():
        once = list(training_batches(corpus, plan, recipe, lambda frames: frames).take(3).as_numpy_iterator())
    for ours, theirs in zip(today, once, strict=True):
        for name in ours:
            np.testing.assert_array_equal(ours[name], theirs[name])


def test_shapes_of_an_epoch_and_their_padding_are_told():
    (row,) = shapes.shape_rows(400, 600, ["spoken_digits"], threads=1)
    assert row["name"] == "spoken_digits" and row["shape"] == [400, 600]
    assert 1 <= row["shapes"] <= 25 and 0 < row["padding"] < 50 and 0 < row["padding_parts"] < 50


def test_resuming_in_a_later_epoch_is_told_beside_the_first():
    first, later = resume.resume_rows(300, 3, threads=1)
    assert [first["shape"], later["shape"]] == [[300, 1], [300, 3]] and later["name"] == "resumed in epoch 3"
    assert first["plan_s"] >= 0 <= later["plan_s"]


@pytest.mark.slow
def test_a_whole_model_of_today_reads_what_the_saved_one_reads():
    folder = Path(__file__).parents[3] / "saved_models"
    work = models.work(folder)
    assert set(work) == {
        f"{name}, B={b}{kind}" for name in models.MODELS for b in (1, 8) for kind in ("", ", as saved")
    }
    today, saved = (work[f"unipen, B=1{kind}"]() for kind in ("", models.AS_SAVED))
    assert today[0] == saved[0] and today[0][0] == 1 and today[2] is None
    texts = [[x for x in forward() if x.dtype == object] for _, forward, _ in (today, saved)]
    assert texts[0] and texts[0] == texts[1]


def test_a_folder_without_models_says_so(tmp_path):
    with pytest.raises(ValueError, match="one of the models an4, unipen"):
        models.work(tmp_path)


def test_a_stream_goes_on_from_its_own_state():
    made = stream.Stream("min_gru", units=4, layers=2, num_frames=None)
    before = {name: tensor.numpy() for name, tensor in made._state.items()}
    assert len(made.run(3)) == 3
    assert any(np.any(before[name] != tensor.numpy()) for name, tensor in made._state.items())


def test_tensors_that_are_handed_back_are_as_many_and_stay_as_they_are():
    made = stream.Stream("lstm", units=4, layers=2, num_frames=1)
    handed = stream.Stream("lstm", units=4, layers=2, num_frames=1, encoder_class=stream.HandedBack)
    assert made._step.structured_outputs.keys() == handed._step.structured_outputs.keys()
    handed.run(2)
    assert not any(np.any(tensor) for tensor in handed._state.values())


def test_a_row_of_a_stream_has_the_median_and_the_slow_end():
    row = stream.row_of("lstm", 256, [(0.001, 0.002)] * 18 + [(0.004, 0.003)] * 2, threads=2)
    assert row["forward_ms"] == 1 and row["p95_ms"] == 4 and row["cpu_ms"] == 2
    assert row["shape"] == [1, 1, 256, 256] and row["step_ms"] is None


def test_every_length_has_a_process_and_a_row_of_its_own(monkeypatch):
    started = []

    def fake_run(command, **_):
        started.append(command[command.index("--frames") + 1])
        row = {"name": "min_gru (auto)", "step_ms": 2.0, "memory_mb": 3, "frames": int(started[-1])}
        return types.SimpleNamespace(stdout=json.dumps([row]))

    monkeypatch.setattr(lengths.subprocess, "run", fake_run)
    asked = types.SimpleNamespace(lengths=[4, 20], batch=2, units=3, repeats=1, threads=1)
    rows = lengths.rows_by_length(asked, "benchmark.py")
    assert started == ["4", "20"]
    assert [row["step_us_per_frame"] for row in rows] == [500, 100]
    assert [row["memory_kb_per_frame"] for row in rows] == [768, 153.6]
