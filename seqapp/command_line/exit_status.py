"""Exit status of scripts: 0, 1, 2, 130 or 141; results on stdout, log on stderr, one line an error."""

import logging
import os
import sys

from seqapp.command_line.spelling import as_called

log = logging.getLogger("seqapp")

NOISE = {"absl": logging.ERROR, "tensorflow": logging.WARNING}  # least level that is shown; TFDS warns by absl


def run(main, argv=None):
    """Run a script's `main(argv)` and exit with its status.

    A ValueError or OSError is a user's mistake or the machine's: it ends as one line and exit 1 (argparse exits
    with 2 by itself). Anything else is our mistake and keeps its traceback: in the log, so that train.log has it too.
    """
    # Set before TensorFlow is imported, which scripts do inside main: its notes are no result of ours. 3, since a
    # machine without a GPU is reported as an error (cuInit); what stops a program comes as an exception anyway.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    for library, level in NOISE.items():
        # Not by its level, which libraries set again while they are imported.
        logging.getLogger(library).addFilter(lambda record, level=level: record.levelno >= level)
    try:
        status = main(argv)
        sys.stdout.flush()
    except KeyboardInterrupt:
        status = 130
    except BrokenPipeError:  # who read the results wants no more of them, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # else Python complains once more when it flushes at its end
        status = 141
    except (ValueError, OSError, FloatingPointError) as error:
        log.error("error: %s", as_called(str(error)))
        status = 1
    except Exception:
        log.critical("unexpected error:", exc_info=True)
        status = 1
    sys.exit(status)
