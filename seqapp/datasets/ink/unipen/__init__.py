"""UNIPEN train_r01_v07: on-line handwriting of forty laboratories, 1999."""
