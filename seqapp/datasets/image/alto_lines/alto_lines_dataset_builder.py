"""TFDS builder of `alto_lines`: any folder of ALTO files with their page images."""

import tensorflow_datasets as tfds

from seqapp.datasets.image.alto_lines.document import read_document
from seqapp.datasets.image.page_builder import PageBuilder


class Builder(PageBuilder):
    """Lines of ALTO pages in folders named after their splits."""

    VERSION = tfds.core.Version("1.1.0")
    RELEASE_NOTES = {"1.1.0": "Units, several pages, negatives. Hidden folders are passed."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Give a folder with ALTO files (version 2 to 4, .xml) and their page images, beside them or in a folder next to
    theirs; in subfolders (or archives) train, validation and test, else everything is in train.
    """
    READ_DOCUMENT = staticmethod(read_document)
