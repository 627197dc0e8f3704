"""Equal numbers of CPU threads for TensorFlow and the libraries beside it."""

import logging
import os

from seqapp import command_line

# Read once, while a library is imported: OpenMP and BLAS of NumPy and PyTorch, JAX's pool.
VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "NPROC")


def start_tensorflow(threads: int) -> None:
    """Import TensorFlow, and give every library that is imported from now on `threads` CPU threads."""
    os.environ.update(dict.fromkeys(VARIABLES, str(threads)))
    command_line.import_tensorflow()
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # it warns of as many functions as there are rows
