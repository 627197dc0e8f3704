// A file of any format that the browser knows, as one channel of samples.

const MAX_BYTES = 200e6;

/**
 * @param {Blob} file
 * @returns {Promise<{ samples: Float32Array, rateHz: number }>}
 */
export async function decode(file) {
  if (file.size > MAX_BYTES) throw new Error(`${file.name} has over ${MAX_BYTES / 1e6} MB. Cut it, or use the command line.`);
  const context = new AudioContext();
  try {
    const sound = await context.decodeAudioData(await file.arrayBuffer());
    return { samples: mixed(sound), rateHz: sound.sampleRate };
  } catch {
    const error = new Error(`${file.name} is no sound that this browser can play.`);
    throw Object.assign(error, { isUnplayable: true });
  } finally {
    context.close();
  }
}

function mixed(sound) {
  const samples = sound.getChannelData(0).slice();
  for (let c = 1; c < sound.numberOfChannels; c++) {
    const channel = sound.getChannelData(c);
    for (let i = 0; i < samples.length; i++) samples[i] += channel[i];
  }
  if (sound.numberOfChannels > 1) for (let i = 0; i < samples.length; i++) samples[i] /= sound.numberOfChannels;
  return samples;
}
