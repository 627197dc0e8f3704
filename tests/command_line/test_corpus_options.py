import pytest

from seqapp.command_line import make_parser
from seqapp.command_line.corpus_options import SPLITS, add_corpus_options


def parser_of(**options):
    parser = make_parser("Score a thing.\n")
    add_corpus_options(parser, **options)
    return parser


@pytest.mark.parametrize("split", SPLITS[:-1])
def test_help_names_the_default_and_every_other_split_once(split):
    parser = parser_of(split=split)
    help_text = parser.format_help()
    assert f"{split} (default)" in help_text and all(help_text.count(name) >= 1 for name in SPLITS)
    assert parser.parse_args([]).split == split


def test_a_corpus_is_whatever_the_folder_holds_unless_it_has_a_name():
    parser = parser_of(dataset="one of ours")
    arguments = parser.parse_args(["--data-dir", "inks"])
    assert (arguments.dataset, str(arguments.data_dir), arguments.prepared_dir) == ("files", "inks", None)
    assert "one of ours" in parser.format_help()
