"""Serve models over HTTP, gRPC and WebSockets, with a page.

python pipelines/serve.py saved_models/
python pipelines/serve.py saved_models/ --host 0.0.0.0 --api-key-file keys.txt --tls-certificate a.pem --tls-key b.pem
python pipelines/serve.py saved_models/ --processes 4
python pipelines/serve.py saved_models/an4 --num-versions 2 --label an4/stable=1
curl --data-binary @recording.flac localhost:8501/v1/models/an4:transcribe

REST and gRPC follow the contract of TensorFlow Serving; files and live streams are answered too.
"""

import gc

from seqapp import command_line
from seqapp.serving.server.installed import check_installed
from seqapp.serving.server.loaded_models.versions import find_models
from seqapp.serving.server.options import add_server_options, settings_of


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    add_server_options(parser)
    arguments = parser.parse_args(argv)
    settings = settings_of(arguments)

    command_line.expect_paths(settings.tls_certificate, settings.tls_key)
    find_models(arguments.models)  # a mistake here answers at once
    check_installed()

    if settings.processes > 1:
        check_installed(("gunicorn",))
        from seqapp.serving.server.processes.supervisor import serve_by_processes

        return serve_by_processes(arguments.models, settings)
    gc.disable()  # looking for garbage takes a tenth of the import, and there is none
    command_line.import_tensorflow()
    from seqapp.serving.server.serve import serve

    serve(arguments.models, settings)


if __name__ == "__main__":
    command_line.run(main)
