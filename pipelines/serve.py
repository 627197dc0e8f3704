"""Serve models over HTTP and gRPC as TensorFlow Serving does, files and live streams too, with a page to try them.

python pipelines/serve.py saved_models/
python pipelines/serve.py saved_models/ --host 0.0.0.0 --api-key-file keys.txt --tls-certificate a.pem --tls-key b.pem
python pipelines/serve.py saved_models/an4 --num-versions 2 --label an4/stable=1
curl --data-binary @recording.flac localhost:8501/v1/models/an4:transcribe
"""

import argparse
import dataclasses
import gc
from pathlib import Path

from seqapp import command_line
from seqapp.serving.server import Settings
from seqapp.serving.server.installed import check_installed
from seqapp.serving.server.knob import add_options
from seqapp.serving.server.live_limits import LiveLimits
from seqapp.serving.server.versions import find_models


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=Path, help="a folder NAME/VERSION/, the folder of one model, or one version")
    add_options(parser, Settings())
    add_options(parser.add_argument_group("live streams"), LiveLimits(), "live_")
    parser.add_argument("--label", nargs="+", default=[], metavar="MODEL/LABEL=VERSION", dest="labels")
    parser.add_argument("--api-key-file", type=Path, help="a key a line (default: none, open to all who reach it)")
    parser.add_argument("--origin", nargs="+", default=[], dest="origins", help="web pages elsewhere that may call")
    arguments = vars(parser.parse_args(argv))
    models, keys = arguments.pop("models"), arguments.pop("api_key_file")
    limits = LiveLimits(**{f.name: arguments.pop(f"live_{f.name}") for f in dataclasses.fields(LiveLimits)})
    arguments["labels"], arguments["origins"] = labels(arguments["labels"]), tuple(arguments["origins"])
    settings = Settings(**arguments, live=limits, api_keys=tuple(keys.read_text("utf-8").split()) if keys else ())

    find_models(models)  # a mistake here answers at once
    check_installed()

    gc.disable()  # looking for garbage takes a tenth of the import, and there is none
    command_line.import_tensorflow()
    from seqapp.serving.server.serve import serve

    serve(models, settings)


def labels(given):
    """{"MODEL": {"LABEL": VERSION}} of "MODEL/LABEL=VERSION"s."""
    found = {}
    for text in given:
        place, _, version = text.partition("=")
        name, _, label = place.partition("/")
        if not (name and label and version.isdigit()):
            raise ValueError(f"Expected --label MODEL/LABEL=VERSION, such as an4/stable=1. Received: {text}")
        found.setdefault(name, {})[label] = int(version)
    return found


if __name__ == "__main__":
    command_line.run(main)
