"""Line images with tables of their tokens, as PyLaia trains on."""
