"""The plan of the house: imports go down, inner walls hold, folders stay small, and first lines can be searched."""

import ast
import functools
import graphlib
import re
from pathlib import Path

import pytest

SEQAPP = Path(__file__).parents[1] / "seqapp"
ROOMS = sorted(path.parent.name for path in SEQAPP.glob("*/__init__.py"))
LOOSE = sorted(path.stem for path in SEQAPP.glob("*.py") if not path.stem.startswith("__"))  # modules in no room
MODULES = sorted(SEQAPP.rglob("*.py"))
MOST_MODULES = 18  # side by side in a folder: what one takes in at a glance
QUESTION_WORDS = ("what", "how", "where", "when", "which", "who", "whether", "why")
# The doors in the inner walls: folder -> group -> the groups beside it that it may import. No entry, no door.
DOORS = {
    "datasets": {"image": {"ink"}},  # pen and page share their data
    "datasets/image": {
        "bentham": {"line_pairs"}, "copiste": {"alto_lines"}, "page_layouts": {"copiste"},
        "pylaia_table": {"line_pairs"}, "read_2016": {"page_lines"},
    },
    "datasets/speech": {"speechocean762": {"kaldi_directory"}, "tfds_speech": {"spoken_digits"}},
    "decoding": {"scorers": {"ngram"}},
    "evaluation": {"conditions": {"plots"}, "hidden_states": {"plots"}},
    "language": {"exported": {"corpus"}},
    "models": {"to_text": {"encoder"}, "transcriber": {"to_text"}},
    "rnn": {"execution": {"cells"}},
    "serving": {"ray_serve": {"server"}, "server": {"page"}},
    "serving/server": {"grpc_api": {"rest"}, "live": {"rest"}, "processes": {"grpc_api", "loaded_models"}},
}  # fmt: skip


def folders():
    """Every folder of the package that holds modules, relative to it."""
    return sorted({path.parent.relative_to(SEQAPP).as_posix() for path in MODULES})


@functools.cache
def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


@functools.cache
def floor_of(room):
    """The floor that a room's own docstring names."""
    if room in LOOSE:
        return 0
    docstring = ast.get_docstring(parsed(SEQAPP / room / "__init__.py")) or ""
    floors = re.findall(r"\bFloor (\d)\b", docstring)
    assert len(floors) == 1, f"the docstring of seqapp/{room}/__init__.py must say on which floor the room is"
    return int(floors[0])


def imports_of(path, tree=None):
    """Dotted names of what a file imports, wherever in it."""
    for node in ast.walk(tree or parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports by dots: write seqapp.room.module"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms_of(names):
    """The rooms and loose modules of seqapp among dotted names."""
    return {name.split(".")[1] for name in names if name.startswith("seqapp.")} & {*ROOMS, *LOOSE}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_lower_floors_only(room):
    for path in sorted((SEQAPP / room).rglob("*.py")):
        for other in rooms_of(imports_of(path)) - {room}:
            own, below = floor_of(room), floor_of(other)
            assert below < own, f"{path.relative_to(SEQAPP)} on floor {own} imports {other} on floor {below}"


@pytest.mark.parametrize("module", LOOSE)
def test_what_is_in_no_room_imports_none(module):
    assert not rooms_of(imports_of(SEQAPP / f"{module}.py"))


def test_nobody_imports_the_scripts_or_the_tests():
    for path in MODULES:
        roots = {name.split(".")[0] for name in imports_of(path)}
        assert not roots & {"pipelines", "tests"}, path


@pytest.mark.parametrize("folder", [folder for folder in folders() if folder != "."])
def test_inner_walls_hold(folder):
    """Groups of one room do not import each other, unless `DOORS` says so."""
    root = SEQAPP / folder
    groups = {path.parent.name for path in root.glob("*/__init__.py")}
    prefix = f"seqapp.{folder.replace('/', '.')}."
    for group in groups:
        allowed = {group} | DOORS.get(folder, {}).get(group, set())
        for path in sorted((root / group).rglob("*.py")):
            for name in imports_of(path):
                other = name.removeprefix(prefix).split(".")[0] if name.startswith(prefix) else ""
                assert other not in groups or other in allowed, f"{path.relative_to(SEQAPP)} imports {other}"


def test_no_door_leads_nowhere():
    for folder, doors in DOORS.items():
        for group, others in doors.items():
            names = {name for path in (SEQAPP / folder / group).rglob("*.py") for name in imports_of(path)}
            for other in others:
                prefix = f"seqapp.{folder.replace('/', '.')}.{other}"
                assert any(f"{name}.".startswith(f"{prefix}.") for name in names), f"{folder}: {group} -> {other}"


def module_of(name):
    """The file that a dotted name of ours comes from, or None."""
    parts = name.split(".")[1:]
    for length in range(len(parts), -1, -1):
        path = SEQAPP.joinpath(*parts[:length])
        for candidate in (path.with_suffix(".py"), path / "__init__.py"):
            if candidate.is_file():
                return candidate
    return None


def test_no_module_imports_itself_by_way_of_others():
    """At the top of modules; imports inside of functions are late on purpose."""
    arrows = {}
    for path in MODULES:
        top = ast.Module([node for node in parsed(path).body if not isinstance(node, ast.If)], [])
        bodies = ast.Module([node for node in top.body if isinstance(node, ast.Import | ast.ImportFrom)], [])
        names = [name for name in imports_of(path, bodies) if name.split(".")[0] == "seqapp"]
        arrows[path] = {module_of(name) for name in names} - {path, None}
    tuple(graphlib.TopologicalSorter(arrows).static_order())


@pytest.mark.parametrize("folder", folders())
def test_a_folder_holds_few_modules(folder):
    modules = [path.name for path in (SEQAPP / folder).glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= MOST_MODULES, modules


def test_first_lines_name_the_thing():
    """A first line that begins with a question word names no thing that one could search for."""
    first_lines = {path: (ast.get_docstring(parsed(path)) or "").partition("\n")[0] for path in MODULES}
    assert not [path for path, line in first_lines.items() if not line]
    asking = [path for path, line in first_lines.items() if line.split()[0].lower() in QUESTION_WORDS]
    assert len(asking) < 0.03 * len(MODULES), [str(path.relative_to(SEQAPP)) for path in asking]


@pytest.mark.parametrize(
    "term", ["authentication", "timeout", "hidden state", "n-best", "load test", "middleware", "confidence", "resampl"]
)
def test_a_term_of_the_field_is_found_in_a_first_line(term):
    first_lines = [(ast.get_docstring(parsed(path)) or "").partition("\n")[0].lower() for path in MODULES]
    assert any(term in line for line in first_lines)
