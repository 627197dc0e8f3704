"""Documents: their commands parse, their links lead somewhere, and what they name exists."""

import argparse
import ast
import fnmatch
import functools
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import seqapp.recipe
from seqapp.command_line import find_recipe, main_of
from seqapp.command_line.scripts import script_names
from seqapp.datasets import split_folders
from seqapp.datasets.load import BUILDERS
from seqapp.recipe.files import SECTIONS

ROOT = Path(__file__).parents[1]
SCRIPTS = script_names()
RECIPES = sorted((ROOT / "pipelines" / "recipes").glob("*.py"))
MODULES = {path.name for folder in ("seqapp", "pipelines", "tests") for path in (ROOT / folder).rglob("*.py")}
SENSES = ("ink", "speech", "image")
MOST_README_BYTES = 7_500
QUICKSTART = "python3 -m venv .venv && .venv/bin/pip install -e . && .venv/bin/python pipelines/quickstart.py\n"
SUITE = "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/python -m pytest\n"

FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?:^ {4}.*\n)+", re.MULTILINE)
INLINE = re.compile(r"`([^`]+)`")
COMMAND = re.compile(r"(?:\bpython pipelines/(\w+)\.py|^\s*seqapp (\w+))(?=\s|$)(.*)")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
SETTING = re.compile(r"\b([a-z]+)\.([a-z_]+)=")
PLACE = re.compile(r"(?:seqapp|pipelines|saved_models|tests|\.github|\.ci)/\S*")
SHELL = set("();<>|&")  # what ends the arguments of a command


def documents():
    """Every Markdown file of the repository; folders are named, since an environment may lie beside them."""
    folders = ("pipelines", "saved_models", "seqapp", "tests")
    nested = [path for folder in folders for path in (ROOT / folder).rglob("*.md")]
    return sorted([*ROOT.glob("*.md"), *(ROOT / ".github").glob("*.md"), *nested])


def name_of(path):
    return path.relative_to(ROOT).as_posix()


@functools.cache
def text_of(path):
    """A document, or the docstring of a script or a recipe."""
    text = path.read_text(encoding="utf-8")
    return text if path.suffix == ".md" else ast.get_docstring(ast.parse(text))


def prose_of(text):
    """A Markdown text without its code, and the pieces of code between words."""
    prose = INDENTED.sub("", FENCED.sub("", text))
    return INLINE.sub("", prose), [" ".join(span.split()) for span in INLINE.findall(prose)]


def code_of(path):
    """All code of a document; a docstring is read as code from end to end."""
    text = text_of(path)
    if path.suffix != ".md":
        return [text]
    blocks = [block for _, block in FENCED.findall(text)]
    return [*blocks, *INDENTED.findall(FENCED.sub("", text)), *prose_of(text)[1]]


class Command(NamedTuple):
    """One call of a script, and the document that it stands in."""

    document: str
    script: str
    arguments: tuple[str, ...]


def commands_of(path) -> Iterator[Command]:
    for code in code_of(path):
        for line in code.replace("\\\n", " ").splitlines():
            for in_checkout, installed, rest in COMMAND.findall(line):
                yield Command(name_of(path), in_checkout or installed, tuple(arguments_of(rest)))


def arguments_of(text):
    """The words that a shell would hand to the command, up to a pipe, a bracket or a comment."""
    words = shlex.shlex(text, posix=True, punctuation_chars=True)
    words.whitespace_split = True
    for word in words:
        if set(word) <= SHELL:
            return
        yield word


DOCUMENTS = documents()
SOURCES = [*DOCUMENTS, *sorted((ROOT / "pipelines").glob("*.py")), *RECIPES]
COMMANDS = sorted({command for path in SOURCES for command in commands_of(path)})


class ParserReached(Exception):
    """A script has built its parser: (parser, argv)."""


def parser_of(script, monkeypatch):
    """The parser that a script builds before anything else; the script goes no further."""

    def stop(parser, argv=None, namespace=None):
        raise ParserReached(parser)

    with monkeypatch.context() as patch:
        patch.setattr(argparse.ArgumentParser, "parse_args", stop)
        with pytest.raises(ParserReached) as reached:
            main_of(script)([])
    return reached.value.args[0]


def as_id(command):
    return f"{command.document}: {command.script} {' '.join(command.arguments)}"[:120]


@pytest.mark.parametrize("command", COMMANDS, ids=as_id)
def test_a_command_is_one_that_its_script_takes(command, monkeypatch, capsys):
    assert command.script in SCRIPTS
    if not command.arguments or "--help" in command.arguments:  # it is named, or asked
        return
    try:
        arguments = parser_of(command.script, monkeypatch).parse_args(command.arguments)
    except SystemExit:
        pytest.fail(capsys.readouterr().err)
    if getattr(arguments, "recipe", None):
        check_recipe(arguments.recipe, arguments.changes)
    names = getattr(arguments, "dataset", [])
    for name in [names] if isinstance(names, str) else names:
        assert name in ("files", "recipe") or is_corpus(name), name
    for path in models_of(arguments):
        assert path.parts[0] != "saved_models" or (ROOT / path).is_dir(), path


def check_recipe(recipe, changes):
    """A file of the repository, or the name of a recipe; the changes suit it."""
    recipe = seqapp.recipe.load(find_recipe(ROOT / recipe if "/" in recipe else recipe))
    variables = [change for change in changes if "$" in change]
    seqapp.recipe.override(recipe, [change for change in changes if change not in variables])
    assert all(is_corpus(change.partition("=")[2]) for change in variables), variables


def is_corpus(name):
    """Whether a name, maybe with a variable of the shell in it, is one of `BUILDERS`."""
    return bool(fnmatch.filter(BUILDERS, re.sub(r"\$\w+", "*", name)))


def models_of(arguments):
    """Paths of the models that a command reads."""
    for name in ("model", "models", "start"):
        value = getattr(arguments, name, None) or []
        yield from map(Path, value if isinstance(value, list) else [value])


def test_every_script_stands_in_a_readme():
    assert {command.script for command in COMMANDS if command.document.endswith(".md")} == set(SCRIPTS)


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_lead_to_files_and_headings(path):
    for link in LINK.findall(prose_of(text_of(path))[0]):
        if link.startswith(("http://", "https://")):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists() and target.is_relative_to(ROOT), link
        assert not anchor or anchor in anchors_of(target), link


def anchors_of(path):
    """What GitHub calls the headings of a document."""
    headings = HEADING.findall(FENCED.sub("", text_of(path)))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_files_that_a_document_names_exist(path):
    for span in prose_of(text_of(path))[1]:
        if PLACE.fullmatch(span):
            for place in places_of(span):
                assert any(ROOT.glob(place)), place
        elif re.fullmatch(r"\w+\.py", span):
            assert span in MODULES, span
        elif re.fullmatch(r"seqapp(\.\w+)+", span):
            assert defines(*span.rsplit(".", 1)), span


def places_of(span):
    """Patterns of a path with <placeholders>: each of the senses must have its own."""
    for sense in SENSES if "<sense>" in span else [""]:
        yield re.sub(r"<\w+>", "*", span.replace("<sense>", sense)).rstrip("/")


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_options_that_a_document_names_exist(path, monkeypatch):
    for span in prose_of(text_of(path))[1]:
        if match := re.match(rf"({'|'.join(SCRIPTS)})\.py (.*)", span):
            known = options_of(parser_of(match[1], monkeypatch))
            assert set(re.findall(r"--[\w-]+", match[2])) <= known, span


def options_of(parser):
    """Options of a parser and of its subcommands."""
    options = set(parser._option_string_actions)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            options.update(*(options_of(choice) for choice in action.choices.values()))
    return options


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_settings_that_a_document_names_are_fields_of_a_recipe(path):
    for section, field in SETTING.findall(" ".join(code_of(path))):
        assert section not in fields() or field in fields()[section], f"{section}.{field}"


@functools.cache
def fields():
    """Names of the fields of each section, of whatever sense, and of language models."""
    found = {}
    for recipe in map(seqapp.recipe.load, RECIPES):
        for section in vars(recipe):
            found.setdefault(section, set()).update(vars(getattr(recipe, section)))
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_extras_that_a_document_installs_exist(path):
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert set(re.findall(r"\.\[(\w+)\]", text_of(path))) <= set(extras)


def python_examples():
    for path in DOCUMENTS:
        blocks = [code for language, code in FENCED.findall(text_of(path)) if language == "python"]
        yield from (pytest.param(code, id=f"{name_of(path)} {number}") for number, code in enumerate(blocks, 1))


@pytest.mark.parametrize("code", [*python_examples()])
def test_python_examples_compile_and_import_what_there_is(code):
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "seqapp":
            for alias in node.names:
                assert defines(node.module, alias.name), f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "seqapp":
            assert defines("seqapp", node.attr), f"seqapp.{node.attr}"


def defines(module, name):
    """Whether a name stands in a module of ours; nothing is imported, since TensorFlow takes seconds."""
    path = ROOT.joinpath(*module.split("."))
    source = (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text(encoding="utf-8")
    is_module = (path / name).is_dir() or (path / f"{name}.py").is_file()
    return is_module or bool(re.search(rf"\b{name}\b", source))


def test_the_readme_is_a_door():
    assert len((ROOT / "README.md").read_bytes()) <= MOST_README_BYTES


def test_the_first_two_fenced_blocks_of_the_readme_are_the_commands_of_ci():
    assert FENCED.findall(text_of(ROOT / "README.md"))[:2] == [("", QUICKSTART), ("", SUITE)]
    assert "for number in 1 2; do" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def links_of(document):
    return set(LINK.findall(prose_of(text_of(ROOT / document))[0]))


def test_every_model_recipe_and_corpus_stands_where_one_looks_for_it():
    cards = {name_of(path) for path in (ROOT / "saved_models").glob("*/*/MODEL_CARD.md")}
    assert cards <= links_of("README.md")
    assert {card.removeprefix("saved_models/") for card in cards} <= links_of("saved_models/README.md")
    assert {path.name for path in RECIPES} <= links_of("pipelines/recipes/README.md")
    datasets = ROOT / "seqapp" / "datasets"
    corpora = {path.relative_to(datasets).as_posix() for path in datasets.glob("*/*/README.md")}
    assert corpora == {f"{package.replace('.', '/')}/README.md" for package, _ in BUILDERS.values()}
    assert corpora <= links_of("seqapp/datasets/README.md")


def test_the_plan_of_the_readme_shows_each_room_on_its_floor():
    """The floors are those that the rooms' docstrings name; tests/test_floors.py holds imports against them."""
    rows = re.findall(r"^\| (\d) \| (.*) \|$", text_of(ROOT / "README.md"), re.MULTILINE)
    plan = {room: floor for floor, rooms in rows for room in re.findall(r"`(\w+)/`", rooms)}
    rooms = {path.parent.name: text_of(path) for path in (ROOT / "seqapp").glob("*/__init__.py")}
    assert plan == {room: re.search(r"\bFloor (\d)\b", docstring)[1] for room, docstring in rooms.items()}


def test_the_readme_of_datasets_names_every_way_to_name_a_split():
    spans = prose_of(text_of(ROOT / "seqapp" / "datasets" / "README.md"))[1]
    assert {name for names in split_folders.NAMES.values() for name in names} <= set(spans)


def test_every_section_of_a_recipe_is_checked():
    assert set(SECTIONS) <= set(fields())
