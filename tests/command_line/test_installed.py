"""What `pip install .` puts in its place: every module, every file beside modules, and the scripts."""

import runpy
import tomllib
from pathlib import Path

import pytest

from seqapp.command_line.scripts import INSTALLED, PACKAGE

ROOT = Path(__file__).parents[2]


@pytest.fixture
def distribution(monkeypatch):
    """What setup.py gives to setuptools, and the rest that stands in pyproject.toml."""
    setuptools, given = pytest.importorskip("setuptools"), {}
    monkeypatch.setattr(setuptools, "setup", lambda **arguments: given.update(arguments))
    monkeypatch.chdir(ROOT)
    runpy.run_path("setup.py")
    return given, tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_folder_of_modules_is_a_package_and_scripts_lie_where_the_command_looks(distribution):
    given, _ = distribution
    folders = {path.parent.relative_to(ROOT).as_posix() for path in (ROOT / "seqapp").rglob("*.py")}
    scripts = {"seqapp.pipelines": "pipelines", "seqapp.pipelines.recipes": "pipelines/recipes"}
    assert set(given["packages"]) == {folder.replace("/", ".") for folder in folders} | scripts.keys()
    assert given["package_dir"] == scripts
    assert INSTALLED.relative_to(PACKAGE.parent).as_posix() == "seqapp/pipelines"
    assert not INSTALLED.exists()  # it would hide the checkout's own


def test_every_file_beside_modules_is_data_of_the_package(distribution):
    _, project = distribution
    patterns = project["tool"]["setuptools"]["package-data"]["seqapp"]
    data = {path for pattern in patterns for path in (ROOT / "seqapp").glob(pattern) if path.is_file()}
    files = {path for path in (ROOT / "seqapp").rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    assert files - data == {ROOT / "seqapp" / "serving" / "server" / "Containerfile"}


def test_the_container_is_built_from_all_that_is_installed():
    lines = (ROOT / "seqapp" / "serving" / "server" / "Containerfile").read_text(encoding="utf-8").splitlines()
    copied = {name for line in lines if line.startswith("COPY") and "/source" in line for name in line.split()[1:-1]}
    assert copied == {"pyproject.toml", "setup.py", "README.md", "LICENSE", "seqapp", "pipelines"}


def test_the_command_is_the_one_that_is_tested(distribution):
    _, project = distribution
    assert project["project"]["scripts"] == {"seqapp": "seqapp.command_line.seqapp_command:main"}
