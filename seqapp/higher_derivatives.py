"""Higher derivatives of a compiled function, by plain operations with the same values."""

from collections.abc import Callable

import tensorflow as tf

NO_FORWARD_MODE = (
    "tf.autodiff.ForwardAccumulator inside of a tf.function cannot differentiate what XLA has compiled. Use it in "
    "eager mode, or a layer with execution='loop' or 'parallel_scan'."
)


def with_higher_derivatives(compiled: Callable, plain: Callable) -> Callable:
    """Make a function whose first derivative is compiled, and whose further ones are those of plain operations.

    TensorFlow cannot differentiate what XLA has compiled. So the gradient is a function with a gradient of its own,
    which computes the first derivative once more in plain operations and differentiates that: a gradient penalty, a
    Hessian or forward mode (in eager mode; inside of a graph it is refused) is right at the price of a plain backward
    pass, and training pays nothing for it.

    Args:
        compiled: Function of n tensors to a list of outputs, and a function of the outputs' gradients to the n
            gradients of the tensors. Neither is ever differentiated.
        plain: Function of the same tensors to the same outputs, which TensorFlow can differentiate any number of times.

    Returns:
        Function of n tensors to a list of outputs.
    """

    @tf.custom_gradient
    def run(*sources):
        outputs, backward = compiled(*_constants(sources))

        @tf.custom_gradient
        def first_derivative(*args):
            gradients = backward(*_constants(args[len(sources) :]))
            return gradients, lambda *upstream: _second_derivative(plain, len(sources), args, upstream)

        return outputs, lambda *upstream: first_derivative(*sources, *upstream)

    return run


def _constants(tensors):
    """Hide tensors from tapes, which would look for the compiled functions' own derivative wherever one watches.

    Inside of a graph forward mode ignores a gradient of one's own, and would take these for true constants: an error
    there is better than a derivative of zero.
    """
    if not tf.executing_eagerly():
        for x in tensors:  # read by nobody: raises where a forward accumulator meets it, and is pruned elsewhere
            tf.raw_ops.PreventGradient(input=x, message=NO_FORWARD_MODE)
    return [tf.stop_gradient(x) for x in tensors]


def _second_derivative(plain, num_sources, args, upstream):
    """Differentiate the first derivative: gradients of the sources and of the outputs' gradients, `args`."""
    if _tapes_record():
        return _by_tapes(plain, num_sources, args, upstream)
    return tf.function(_by_graph, autograph=False)(plain, num_sources, args, upstream)


def _tapes_record():
    """Tell whether tapes record; they do not while a `tf.autodiff.ForwardAccumulator` asks for a derivative."""
    x = tf.ones([])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.identity(x)
    return tape.gradient(y, x) is not None


def _by_tapes(plain, num_sources, args, upstream):
    with tf.GradientTape() as outer:
        outer.watch(args)
        sources = args[:num_sources]
        with tf.GradientTape() as inner:
            inner.watch(sources)
            outputs = plain(*sources)
        first = inner.gradient(outputs, sources, args[num_sources:], unconnected_gradients="zero")
    return outer.gradient(first, args, upstream, unconnected_gradients="zero")


def _by_graph(plain, num_sources, args, upstream):
    sources = list(args[:num_sources])
    outputs = plain(*sources)
    first = tf.gradients(outputs, sources, list(args[num_sources:]), unconnected_gradients="zero")
    return tf.gradients(first, list(args), list(upstream), unconnected_gradients="zero")
