"""IAM-OnDB: English text lines written on a whiteboard."""
