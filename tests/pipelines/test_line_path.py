"""Line images as users have them: trained on, evaluated, exported, transcribed, written back, trained on again."""

import json

import pytest
from PIL import Image

from tests.pipelines.conftest import REPOSITORY, run
from tests.small_lines import draw_line, write_page

pytestmark = pytest.mark.slow

CHANGES = (
    "data.dataset=line_pairs", "data.batch_frames=2000", "data.max_batch_size=8", "features.height=24",
    "encoder.units=24", "encoder.num_layers=1", "encoder.image_channels=4,8", "encoder.image_strides=2,2",
    "encoder.image_row_strides=2,2", "encoder.dropout=0", "encoder.execution=loop", "training.steps=8",
    "training.warmup_steps=2", "training.average_decay=0", "training.evaluate_every=4", "output.intermediate_share=0",
    "output.confidence_examples=2",
)  # fmt: skip
WORDS = ("ab", "ba", "cab", "abc", "bac", "acb", "a b", "c a")

# sys.modules[...] = None makes an import fail, wherever the package may be installed.
ELSEWHERE = """
import sys
sys.modules["seqapp"] = sys.modules["keras"] = None
import tensorflow as tf

model = tf.saved_model.load(sys.argv[1])
found = model.signatures["images"](images=tf.constant([open(sys.argv[2], "rb").read()]))
print(found["text"].numpy()[0].decode("utf-8"), found["char_left"].shape == found["char_right"].shape)
"""


@pytest.fixture(scope="module")
def user(tmp_path_factory):
    """A folder with corpus/{train,validation,test}/: images and texts, one of them broken."""
    folder = tmp_path_factory.mktemp("lines")
    for split, texts in (("train", WORDS), ("validation", WORDS[:2]), ("test", WORDS[2:4])):
        (folder / "corpus" / split).mkdir(parents=True)
        for i, text in enumerate(texts):
            Image.fromarray(draw_line(text)).save(folder / "corpus" / split / f"{split}{i}.png")
            (folder / "corpus" / split / f"{split}{i}.gt.txt").write_text(text)
    (folder / "corpus" / "train" / "broken.png").write_text("no image at all")
    (folder / "corpus" / "train" / "broken.gt.txt").write_text("ab")
    return folder


@pytest.fixture(scope="module")
def places(user):
    return "--data-dir", user / "corpus", "--prepared-dir", user / "cache"


@pytest.fixture(scope="module")
def trained(user, places):
    recipe = REPOSITORY / "pipelines" / "recipes" / "copiste.py"
    assert run("train", recipe, "--workdir", user / "run", *places, "--set", *CHANGES) == 0
    return user / "run"


@pytest.fixture(scope="module")
def exported(user, trained):
    run("export", trained, user / "model")
    return user / "model"


def test_a_broken_image_is_listed_and_the_training_goes_on(trained):
    assert "broken" in (trained / "skipped.json").read_text()
    assert json.loads((trained / "best.json").read_text())["validation_examples"] == 2


def test_the_report_and_its_pictures(user, trained, places, capsys):
    run("evaluate", trained, "--dataset", "line_pairs", *places, "--plots", user / "pictures")
    assert "CER" in capsys.readouterr().out
    pictures = {path.name for path in (user / "pictures").iterdir()}
    # A model of few steps may read no word at all, of which there would be a confidence.
    assert {"errors.png", "alignment.png"} <= pictures <= {"errors.png", "alignment.png", "reliability.png"}


def test_images_and_pages_are_transcribed_and_pages_filled_in(user, exported, capsys):
    image = user / "corpus" / "test" / "test0.png"
    assert run("transcribe", exported, image, "--json", "--picture", user / "line.png") == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["char_left"]) == len(found["text"]) and (user / "line.png").stat().st_size > 5_000
    page = write_page(user / "pages")
    assert run("transcribe", exported, page, "--format", "xml", "--output", user / "out") == 0
    assert (user / "out" / "page.xml").is_file()


def test_the_model_reads_files_with_tensorflow_alone(user, exported, foreign_python):
    found = foreign_python.run(["-c", ELSEWHERE, exported / "1", user / "corpus" / "test" / "test0.png"])
    assert found.strip().endswith("True")
    assert "Images of handwritten lines to text" in (exported / "1" / "MODEL_CARD.md").read_text()


def test_a_hand_of_ones_own_starts_from_the_model(user, exported, places, capsys):
    recipe = REPOSITORY / "pipelines" / "recipes" / "own_handwriting.py"
    changes = ("training.steps=2", "training.evaluate_every=2", "training.warmup_steps=1", "encoder.dropout=0")
    workdir = user / "own"
    assert (
        run(
            "train",
            recipe,
            "--workdir",
            workdir,
            *places,
            "--from",
            exported,
            "--freeze",
            "image_*",
            "--set",
            *changes,
            "encoder.execution=loop",
            "output.confidence_examples=0",
        )
        == 0
    )
    recipe = json.loads((workdir / "recipe.json").read_text())
    assert recipe["features"]["height"] == 24 and recipe["encoder"]["units"] == 24
    assert (workdir / "best.weights.h5").is_file()
