"""Kaldi data directories: text, wav.scp, and optionally utt2spk and segments."""
