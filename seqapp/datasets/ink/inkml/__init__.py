"""InkML, the W3C's format of digital ink, with the annotations of CROHME and its kin."""
