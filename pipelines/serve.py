"""Serve models over HTTP and gRPC as TensorFlow Serving does, files and live streams too, with a page to try them.

python pipelines/serve.py saved_models/
python pipelines/serve.py saved_models/ --host 0.0.0.0 --api-key-file keys.txt --tls-certificate a.pem --tls-key b.pem
python pipelines/serve.py saved_models/an4 --num-versions 2 --label an4/stable=1
curl --data-binary @recording.flac localhost:8501/v1/models/an4:transcribe
"""

import argparse
import gc

from seqapp import command_line
from seqapp.serving.server.installed import check_installed
from seqapp.serving.server.loaded_models.versions import find_models
from seqapp.serving.server.options import add_server_options, settings_of


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_server_options(parser)
    arguments = parser.parse_args(argv)
    settings = settings_of(arguments)

    find_models(arguments.models)  # a mistake here answers at once
    check_installed()

    gc.disable()  # looking for garbage takes a tenth of the import, and there is none
    command_line.import_tensorflow()
    from seqapp.serving.server.serve import serve

    serve(arguments.models, settings)


if __name__ == "__main__":
    command_line.run(main)
