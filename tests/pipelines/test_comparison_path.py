"""From two models to their comparison, and from one of them to a third, by the scripts and in this process."""

import json
import shutil

import pytest

import seqapp.recipe
from seqapp.datasets.ink.synthetic_ink.examples import example
from seqapp.models import Workdir
from tests.pipelines.conftest import record, run
from tests.small_trainings import make_training, small_recipe

pytestmark = pytest.mark.slow

SHORT = ("training.steps=2", "training.evaluate_every=2", "training.checkpoint_every=2")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A trained model a, one with other weights b, and words/ of a user."""
    folder = tmp_path_factory.mktemp("compared")
    make_training(folder / "a", small_recipe(*SHORT)).run()
    shutil.copytree(folder / "a", folder / "b")
    recognizer, *_ = Workdir(folder / "b").load_model()
    for variable in recognizer.trainable_variables:
        variable.assign(-variable)
    Workdir(folder / "b").save_best(recognizer, json.loads(Workdir(folder / "a").best.read_text()))
    (folder / "words").mkdir()
    for split, numbers in {"train": range(8), "validation": range(4), "test": range(4, 8)}.items():
        records = [record(example("train", number, max_words=1)) for number in numbers]
        (folder / "words" / f"{split}.json").write_text(json.dumps(records), encoding="utf-8")
    return folder


def test_two_models_are_compared_on_a_users_files(folder, capsys):
    models, words = (folder / "a", folder / "b"), ("--data-dir", folder / "words")
    run("evaluate", *models, *words)
    text = capsys.readouterr().out
    assert f"{folder / 'b'} against {folder / 'a'}: better in" in text and "Paired bootstrap" in text
    run("evaluate", *models, *words, "--json")
    values = json.loads(capsys.readouterr().out)
    assert [len(model["examples"]) for model in values["models"]] == [4, 4]
    difference = values["models"][1]["cer"]["rate"] - values["models"][0]["cer"]["rate"]
    assert values["contrasts"][0]["cer"]["difference"] == pytest.approx(difference)


def test_their_learning_curves_share_a_picture(folder, capsys):
    run("plot", "learning", folder / "a", folder / "b", folder / "both.svg")
    assert "<!-- b -->" in (folder / "both.svg").read_text(encoding="utf-8")


def test_a_model_goes_on_with_a_users_files_by_its_own_recipe(folder, tmp_path, capsys):
    run("train", "--from", folder / "a", "--workdir", tmp_path / "mine", "--data-dir", folder / "words")
    facts = json.loads(capsys.readouterr().out)
    assert facts["step"] == 2 and facts["validation_examples"] == 4
    recipe = Workdir(tmp_path / "mine").load_recipe()
    assert recipe.data.dataset == "files" and recipe.encoder == seqapp.recipe.load(folder / "a" / "recipe.json").encoder
    taken = json.loads((tmp_path / "mine" / "fine_tuning.json").read_text(encoding="utf-8"))
    assert taken["parent"]["name"] == "a"
    run("export", tmp_path / "mine", tmp_path / "model")
    extra = tmp_path / "model" / "1" / "assets.extra"
    metadata = json.loads((extra / "metadata.json").read_text(encoding="utf-8"))
    assert metadata["parent"]["name"] == "a" and metadata["taken"] == taken["taken"]
    assert "Began with a, trained on" in (tmp_path / "model" / "1" / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_a_training_without_recipe_and_model_says_what_it_expects(tmp_path, caplog):
    with pytest.raises(ValueError, match="Expected a recipe, a file or one of .*, or --from MODEL"):
        run("train", "--workdir", tmp_path)
