"""Pictures drawn from UNIPEN's pen ink: the same lines and words, as a scanner would see them."""
