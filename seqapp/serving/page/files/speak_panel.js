// Speaking: frames of the microphone or of a file go to the server, and its text comes back.

import { decode } from "./audio_file.js";
import { expected, tellIgnored } from "./hotwords.js";
import { Microphone, whyNoMicrophone } from "./microphone.js";
import { transcribeFile } from "./server.js";
import { Stream } from "./stream.js";
import { WaveView } from "./wave_view.js";

const ALTERNATIVES = 5;
const FRAME_S = 0.16; // of a file
const IN_FLIGHT = 4; // frames of a file that the server has not answered: no more are sent before

export class SpeakPanel {
  /**
   * @param {object} parts elements: canvas, hint, drop, file, speak, label
   * @param {object} page as of WritePanel
   */
  constructor(parts, page) {
    Object.assign(this, parts, { page });
    this.view = new WaveView(parts.canvas);
    this.speak.addEventListener("click", () => (this.isOn ? this.stop() : this.listen()));
    this.file.addEventListener("change", () => {
      if (this.file.files.length) this.play(this.file.files[0]);
      this.file.value = ""; // the same one may be chosen again
    });
    const why = whyNoMicrophone();
    this.speak.disabled = Boolean(why);
    if (why) this.tell(why);
  }

  use(model) {
    this.model = model;
  }

  async listen() {
    await this.stop();
    this.begin("Listening");
    try {
      const microphone = await Microphone.open((samples) => this.send(samples), () => this.stop());
      if (!this.isOn) return microphone.close(); // stopped while the browser was asking
      this.microphone = microphone;
    } catch (error) {
      this.finish();
      return this.tell(error.message, "trouble");
    }
    this.speak.setAttribute("aria-pressed", "true");
    this.label.textContent = "Stop";
    this.connect(this.microphone.rateHz);
  }

  async play(file) {
    await this.stop();
    this.begin(`Reading ${file.name}`);
    let sound;
    try {
      sound = await decode(file);
    } catch (error) {
      return error.isUnplayable ? this.sendWhole(file, error.message) : this.trouble(error.message);
    }
    this.sound = sound;
    this.connect(sound.rateHz);
  }

  /** A file that this browser cannot play (AMR, WMA, CAF ...): the server may know it. */
  async sendWhole(file, unplayable) {
    this.numWhole = (this.numWhole ?? 0) + 1;
    const key = `file/${this.numWhole}`;
    try {
      const { text, words, is_sure: isSure } = await transcribeFile(this.model, file);
      if (!text) throw new Error(`${file.name}: nothing was heard in it.`);
      const result = words.map((w) => ({ word: w.text, start: w.start_s, end: w.end_s, conf: w.confidence }));
      this.page.transcript.put(key, { text, isFinal: true, words: result, isSure, source: "speech" });
      this.page.onopen(this.model);
      this.finish();
    } catch (error) {
      this.trouble(`${unplayable} ${error.message}`);
    }
  }

  trouble(text) {
    this.finish();
    this.tell(text, "trouble");
  }

  begin(text) {
    this.isOn = true;
    this.kept = []; // frames from before the connection stood
    this.seconds = 0;
    this.numAhead = 0;
    this.page.latency.forget();
    this.view.clear();
    this.tell(text);
  }

  connect(rateHz) {
    this.rateHz = rateHz;
    // The last recording may still be answered while the next one begins.
    const stream = new Stream(this.model, {
      onopen: () => this.opened(),
      onanswer: (answer) => this.hear(answer, stream === this.stream),
      onlost: (seconds, code) => this.lost(code, stream === this.stream),
      onerror: (text) => this.page.onerror(text),
    }, false);
    this.stream = stream;
    stream.open();
  }

  opened() {
    this.page.onopen(this.model);
    const config = { sample_rate: this.rateHz, encoding: "float32", alternatives: ALTERNATIVES, ...expected(this.model) };
    this.stream.send({ config });
    this.hint.hidden = true;
    for (const frame of this.kept.splice(0)) this.send(frame);
    if (this.sound) this.pump();
  }

  /** The next frames of the file, as fast as the server hears. */
  pump() {
    const { samples, rateHz } = this.sound;
    const size = Math.round(FRAME_S * rateHz);
    this.place ??= 0;
    while (this.numAhead < IN_FLIGHT && this.place < samples.length) {
      this.send(samples.slice(this.place, this.place + size));
      this.place += size;
    }
    if (this.place >= samples.length && !this.isEnding) this.stop();
  }

  send(samples) {
    if (!samples.length) return;
    if (!this.stream?.isOpen) {
      this.kept.push(samples);
      return;
    }
    this.view.add(samples);
    this.seconds += samples.length / this.rateHz;
    this.numAhead += 1;
    this.page.latency.sent(this.seconds, performance.now());
    this.stream.send(samples.buffer.byteLength === samples.byteLength ? samples.buffer : samples.slice().buffer);
  }

  hear(answer, isCurrent) {
    const { transcript } = this.page;
    if (answer.type === "alternatives") {
      transcript.put(answer.key, { alternatives: answer.alternatives });
      this.page.refreshWord(transcript.segments.get(answer.key));
      return;
    }
    if (answer.ignored_phrases || answer.ignored_lexicon) tellIgnored(answer.ignored_phrases, answer.ignored_lexicon);
    const isFinal = answer.type === "final";
    const segment = {
      isFinal,
      text: isFinal ? answer.text : answer.partial,
      stableText: answer.stable_text ?? "",
      words: answer.result ?? [],
      isSure: answer.is_sure || !isFinal, // little is heard at first
      ask: isFinal ? () => {} : undefined, // its alternatives come by themselves
      source: "speech",
    };
    if (segment.text || transcript.segments.has(answer.key)) transcript.put(answer.key, segment);
    if (isFinal && !segment.text) transcript.drop(answer.key);
    if (!isCurrent) return;
    // A mark is a sum of fractions: half a sample more makes up for rounding.
    this.page.latency.shown(answer.heard_s + 0.5 / this.rateHz);
    this.numAhead = Math.max(0, this.numAhead - 1);
    if (this.sound && !this.isEnding) this.pump();
  }

  /** What was said so far is told to its end; then the server closes. */
  async stop() {
    if (!this.isOn) return;
    const { microphone, stream } = this;
    this.isEnding = true;
    this.microphone = null;
    await microphone?.close();
    this.finish();
    if (stream && !stream.send({ eof: 1 })) stream.close();
  }

  /** The panel is ready again; a connection that still answers goes on by itself. */
  finish() {
    this.isOn = this.isEnding = false;
    this.sound = this.place = undefined;
    this.speak.setAttribute("aria-pressed", "false");
    this.label.textContent = "Start the microphone";
    this.tell("Speak, or drop an audio file here");
    this.hint.hidden = this.view.levels.length > 0;
  }

  lost(code, isCurrent) {
    this.page.transcript.settle("speech");
    if (code === 1000 || !isCurrent) return;
    const wasOn = this.isOn;
    this.microphone?.close();
    this.microphone = null;
    this.finish();
    if (wasOn) this.page.onlost(null, code);
  }

  tell(text, kind = "") {
    this.hint.textContent = text;
    this.hint.dataset.kind = kind;
    this.hint.hidden = false;
  }
}
