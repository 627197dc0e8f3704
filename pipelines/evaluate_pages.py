"""Score a line finder on pages: lines, and the texts in them.

python pipelines/evaluate_pages.py runs/pages --data-dir my_pages --split all
python pipelines/evaluate_pages.py runs/pages --data-dir pages.tar --pictures pictures
python pipelines/evaluate_pages.py saved_models/pages --data-dir pages.tar --recogniser saved_models/copiste
python pipelines/evaluate_pages.py --found layouts_of_another_tool --data-dir pages.tar

Pages have their layouts, ALTO or PAGE. Lines: precision, recall and F, missed and spurious ones. Texts: character error
rate of whole pages in reading order, with the lines that were found and with those of the layout.
"""

from pathlib import Path

from seqapp import command_line


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    parser.add_argument("model", nargs="?", type=Path, help="workdir or SavedModel of a line finder")
    parser.add_argument("--data-dir", type=Path, required=True, help="pages with layouts: folder or archive")
    parser.add_argument("--split", default="test", help="test (default), validation, train, or all")
    found = (
        "folder of ALTO or PAGE of the pages' names: lines that another tool found; with a model: the pages to score"
    )
    parser.add_argument("--found", type=Path, help=found)
    parser.add_argument("--sources", nargs="+", default=[], metavar="NAME", help="only pages in these folders")
    parser.add_argument("--pictures", type=Path, help="folder for pictures of the pages with what was found on them")
    parser.add_argument("--recogniser", type=Path, help="workdir or SavedModel that reads lines: page texts are scored")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args(argv)
    command_line.expect_paths(arguments.model, arguments.data_dir, arguments.recogniser, arguments.found)
    if not arguments.model and (arguments.recogniser or not arguments.found):
        parser.error("Expected a model, or --found without --recogniser.")
    if arguments.recogniser and (arguments.json or arguments.sources):
        parser.error("--json and --sources are of the lines alone. Received: --recogniser, too. Leave it out.")

    command_line.import_tensorflow()
    from seqapp.evaluation.evaluate_pages import evaluate_pages
    from seqapp.models.line_finder.line_finder import LineFinder

    line_finder = LineFinder.load(arguments.model) if arguments.model else None
    options = {name: vars(arguments)[name] for name in ("data_dir", "split", "pictures", "found")}
    result = evaluate_pages(line_finder, **options, only=arguments.sources)
    print(result.to_json() if arguments.json else result.table(), end="")
    if arguments.recogniser:
        read(arguments, line_finder)


def read(arguments, line_finder):
    from seqapp.datasets.skipped import Skipped
    from seqapp.evaluation.pages.page_texts import pages_to_text
    from seqapp.models import Transcriber
    from seqapp.transcription.pages.text_evaluation import evaluate_page_texts

    transcriber, pages = Transcriber.load(arguments.recogniser), (arguments.data_dir, arguments.split)
    print(pages_to_text(evaluate_page_texts(transcriber, line_finder, *pages, Skipped())), end="")


if __name__ == "__main__":
    command_line.run(main)
