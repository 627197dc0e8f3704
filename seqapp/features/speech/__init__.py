"""Features of speech: waveform float32 `[N]` of full scale 1 to log-mel frames float32 `[T, F]`, whole or streamed.

log_mel           waveform to frames; log_mel_stream: chunk by chunk, the same frames
frames, spectra, mel_filters, fourier      its parts: framing, power spectra, filter bank, lengths of transforms
augmentation      distorted training audio: speed, reverberation, noise, gain
spec_augment      masked training spectra; vocal_tract: perturbed vocal tract length
"""
