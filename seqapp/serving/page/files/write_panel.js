// Writing: the strokes of one line go to the server as they come, and its text comes back.

import { expected, onHotwords, tellIgnored } from "./hotwords.js";
import { InkView } from "./ink_view.js";
import { Pen } from "./pen.js";
import { Stream } from "./stream.js";

const ALTERNATIVES = 5;

export class WritePanel {
  /**
   * @param {object} parts elements: canvas, hint, undo, clear, next
   * @param {object} page transcript, latency, onstate(state, text), onerror(text), refreshWord(segment)
   */
  constructor(parts, page) {
    Object.assign(this, parts, { page });
    this.view = new InkView(parts.canvas);
    this.strokes = []; // of this line: lists of [x, y, timeMs, pressure]
    this.lines = {}; // ink of lines by the key of their segment
    this.key = null; // of this line's segment
    this.pen = new Pen(parts.canvas, {
      onbegin: () => this.begin(),
      onpoints: (points) => this.extend(points),
      onend: (isCancelled) => this.end(isCancelled),
    });
    this.undo.addEventListener("click", () => this.takeBack());
    this.clear.addEventListener("click", () => this.wipe());
    this.next.addEventListener("click", () => this.finish());
    onHotwords(() => this.stream?.send({ config: expected(this.stream.model) }));
    this.redraw();
  }

  connect(model, limits) {
    if (this.stream?.model === model && this.stream.socket) return;
    this.stream?.close();
    this.maxPoints = limits.max_points;
    this.stream = new Stream(model, {
      onopen: () => this.resume(),
      onanswer: (answer) => this.hear(answer),
      onlost: (seconds, code) => this.page.onlost(seconds, code, () => this.stream.open()),
      onerror: (text) => this.page.onerror(text),
    }, true);
    this.stream.open();
  }

  /** A new connection knows nothing: it gets the line as far as it is written. */
  resume() {
    this.page.onopen(this.stream.model);
    if (this.key) this.page.transcript.drop(this.key);
    this.key = null;
    this.page.transcript.settle("ink");
    this.stream.send({ config: { alternatives: ALTERNATIVES, ...expected(this.stream.model) } });
    if (!this.strokes.length) return;
    const [whole, open] = this.pen.active === null ? [this.strokes, null] : [this.strokes.slice(0, -1), this.strokes.at(-1)];
    this.send({ strokes: whole.map(timed), ...(open && { points: timed(open) }) }, performance.now());
  }

  begin() {
    this.stream.open(); // if it was closed because nobody wrote
    this.strokes.push([]);
    this.show();
  }

  extend(points) {
    const stroke = this.strokes.at(-1);
    stroke.push(...points);
    this.view.extend(stroke, stroke.length - points.length);
    this.send({ points: timed(points) }, points.at(-1)[2]);
  }

  end(isCancelled) {
    if (isCancelled) return this.takeBack();
    this.stream.send({ pen_up: 1 });
    if (this.strokes.reduce((sum, stroke) => sum + stroke.length, 0) > 0.9 * this.maxPoints) this.finish();
    this.show();
  }

  takeBack() {
    if (!this.strokes.length) return;
    this.strokes.pop();
    this.send({ undo: 1 }, performance.now());
    this.redraw();
  }

  wipe() {
    if (!this.strokes.length) return;
    this.strokes = [];
    this.send({ clear: 1 }, performance.now());
    this.redraw();
  }

  /** The line is complete: its text stays, the sheet is empty again. */
  finish() {
    if (!this.strokes.length || !this.stream.send({ reset: 1 })) return;
    if (this.key) this.lines[this.key] = this.strokes;
    this.strokes = [];
    this.key = null;
    this.redraw();
  }

  /** Times of points, so that an answer which knows a point tells how long that took. */
  send(message, timeMs) {
    const stamp = Math.round(1000 * timeMs) / 1000;
    if (this.stream.send({ ...message, stamp })) this.page.latency.sent(stamp, timeMs);
  }

  hear(answer) {
    const { key } = answer;
    const { transcript } = this.page;
    if (answer.type === "alternatives") {
      transcript.put(key, { alternatives: answer.alternatives });
      this.page.refreshWord(transcript.segments.get(key));
      return;
    }
    if (answer.ignored_phrases || answer.ignored_lexicon) tellIgnored(answer.ignored_phrases, answer.ignored_lexicon);
    const isFinal = answer.type === "final";
    const segment = {
      isFinal,
      text: isFinal ? answer.text : answer.partial,
      stableText: answer.stable_text ?? "",
      words: answer.result,
      isSure: answer.is_sure,
      source: "ink",
      // Asked for on a click while the line is being written; of final ones they come by themselves.
      ask: () => isFinal || this.stream.send({ alternatives: ALTERNATIVES }),
    };
    if (!isFinal) this.key = key;
    if (isFinal && !segment.text) transcript.drop(key);
    else transcript.put(key, segment);
    if (answer.stamp !== undefined) this.page.latency.shown(answer.stamp);
  }

  /** A reading of the line was chosen: if it is being written, it is complete. */
  choose(key, text) {
    this.page.transcript.choose(key, text);
    if (key === this.key) this.finish();
  }

  redraw() {
    this.view.draw(this.strokes);
    this.show();
  }

  show() {
    const isEmpty = !this.strokes.length;
    this.hint.hidden = !isEmpty;
    for (const button of [this.undo, this.clear, this.next]) button.disabled = isEmpty;
  }
}

/** Points as the server takes them: hundredths of a pixel, seconds. */
const timed = (points) =>
  points.map(([x, y, timeMs]) => [Math.round(100 * x) / 100, Math.round(100 * y) / 100, timeMs / 1000]);
