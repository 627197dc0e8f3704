"""Line images with their transcripts beside them, as kraken, Calamari and Tesseract train on."""
