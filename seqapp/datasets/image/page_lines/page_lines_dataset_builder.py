"""TFDS builder of `page_lines`: any folder of PAGE files with their page images."""

import tensorflow_datasets as tfds

from seqapp.datasets.image.page_builder import PageBuilder
from seqapp.datasets.image.page_lines.document import read_document


class Builder(PageBuilder):
    """Lines of PAGE files in folders named after their splits."""

    VERSION = tfds.core.Version("1.1.0")
    RELEASE_NOTES = {"1.1.0": "No predictions, texts of words, lines of a baseline. Hidden folders are passed."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Give a folder with PAGE XML files (2010 to 2019) and their page images, beside them or in a folder next to theirs;
    in subfolders (or archives) train, validation and test, else everything is in train.
    """
    READ_DOCUMENT = staticmethod(read_document)
