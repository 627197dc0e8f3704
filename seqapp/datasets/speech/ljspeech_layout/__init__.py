"""One speaker in the layout of LJSpeech: metadata.csv and wavs/."""
