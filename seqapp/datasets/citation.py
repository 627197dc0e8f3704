"""Citation of a corpus: the BibTeX entries beside its builder."""

from pathlib import Path

from seqapp.datasets.load import BUILDERS


def citation(name: str) -> str:
    """Return the BibTeX entries of a corpus; "" for one that has none, such as a folder of the user.

    Args:
        name: Key of `BUILDERS`, such as "unipen/lines", or any other name.
    """
    package, _ = BUILDERS.get(name, ("", None))
    path = Path(__file__).parent.joinpath(*package.split("."), "CITATIONS.bib")
    return path.read_text(encoding="utf-8").strip() if package and path.is_file() else ""
