"""State of a stream as flat, named tensors, as a SavedModel's signature takes and gives them."""


def flatten_state(state):
    """`{layer: {name: tensor}}` as `{"layer_name": tensor}`, names that are good Python arguments."""
    return {f"{layer}_{name}": tensor for layer, tensors in state.items() for name, tensor in tensors.items()}


def unflatten_state(tensors, like):
    """What `flatten_state` took apart.

    Args:
        tensors: Dict of tensors by flat name; more than those of the state are allowed.
        like: A state of the same encoder, such as `stream_init(1)`.

    Raises:
        ValueError: Where a tensor is missing.
    """
    if missing := sorted(set(flatten_state(like)) - set(tensors)):
        raise ValueError(
            f"The state of this stream needs {', '.join(missing)} too. Received: {', '.join(sorted(tensors))}. "
            "Start from stream_init, and hand on what the last step gave."
        )
    return {layer: {name: tensors[f"{layer}_{name}"] for name in of_layer} for layer, of_layer in like.items()}
