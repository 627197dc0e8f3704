// The text on the page: segments that come, change and settle. Each answer takes the place of its segment's last one.

const DOUBTFUL = 0.6;

export class Transcript {
  /**
   * @param {HTMLElement} element where it stands
   * @param {HTMLElement} empty shown while there is none
   * @param {HTMLElement} said read out by screen readers: what is final
   * @param {object} on onchange(), onword(button, segment, index of the word)
   */
  constructor(element, empty, said, on) {
    Object.assign(this, { element, empty, said, on });
    this.segments = new Map();
  }

  /**
   * Show what is known of a segment.
   * @param {string} key
   * @param {object} values any of text, stableText, isFinal, isSure, words: [{ word, conf }], alternatives, source
   */
  put(key, values) {
    let segment = this.segments.get(key);
    if (segment?.isChosen) return; // somebody has decided what it says
    if (!segment) {
      segment = { key, text: "", stableText: "", isFinal: false, words: [], element: document.createElement("span") };
      this.segments.set(key, segment);
      this.element.append(segment.element);
    }
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < 40; // not while somebody looks further up
    const wasFinal = segment.isFinal;
    Object.assign(segment, values);
    if (segment.isFinal) segment.stableText = segment.text;
    this.render(segment);
    segment.element.classList.toggle("unsure", segment.isSure === false);
    const doubt = segment.isSure === false ? "not sure: " : "";
    if (segment.isFinal && !wasFinal && segment.text) this.said.textContent = doubt + segment.text;
    this.changed();
    if (isAtEnd) this.element.scrollTop = this.element.scrollHeight;
  }

  /** A reading was chosen by hand: nothing that comes changes it any more. */
  choose(key, text) {
    this.put(key, { text, isFinal: true, isSure: true, words: [] });
    const segment = this.segments.get(key);
    if (segment) segment.isChosen = true;
  }

  /** No answer will come any more for what is not final, but for one segment. */
  settle(source, exceptKey) {
    for (const { key, isFinal, source: of } of [...this.segments.values()]) {
      if (!isFinal && of === source && key !== exceptKey) this.put(key, { isFinal: true, ask: undefined });
    }
  }

  drop(key) {
    this.segments.get(key)?.element.remove();
    this.segments.delete(key);
    this.changed();
  }

  clear() {
    this.element.replaceChildren();
    this.segments.clear();
    this.changed();
  }

  get text() {
    const shown = [...this.segments.values()].filter((segment) => segment.text);
    return shown.map((segment) => (segment.isBelow ? "\n" : segment === shown[0] ? "" : " ") + segment.text).join("");
  }

  /** Whether nothing of it is about to change. */
  get isStable() {
    return [...this.segments.values()].every((segment) => segment.stableText === segment.text);
  }

  /** Every line and utterance begins a line; a suggested word, and what follows it, goes on. */
  breakLines() {
    let before = null;
    for (const segment of this.segments.values()) {
      if (!segment.text) continue;
      segment.isBelow = Boolean(before) && ![before.source, segment.source].includes("suggestion");
      segment.element.classList.toggle("below", segment.isBelow);
      before = segment;
    }
  }

  changed() {
    this.breakLines();
    this.empty.hidden = Boolean(this.text);
    this.element.hidden = !this.text;
    this.on.onchange();
  }

  /** Words as buttons, kept from one answer to the next so that the focus stays where it is. */
  render(segment) {
    const pieces = segment.text ? [...segment.text.split(/(\s+)/), " "] : [];
    const { element } = segment;
    let place = 0;
    let number = 0;
    pieces.forEach((piece, i) => {
      const isWord = piece.trim() !== "";
      const old = element.childNodes[i];
      const isKept = old && (old.nodeName === "BUTTON") === isWord;
      const node = isKept ? old : isWord ? this.button(segment) : document.createTextNode("");
      if (!isKept) old ? old.replaceWith(node) : element.append(node);
      if (!isWord) {
        if (node.data !== piece) node.data = piece;
      } else {
        node.dataset.index = number;
        this.fill(node, segment, piece, Math.max(0, Math.min(piece.length, segment.stableText.length - place)));
        number += 1;
      }
      place += piece.length;
    });
    while (element.childNodes.length > pieces.length) element.lastChild.remove();
  }

  button(segment) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(document.createElement("span"), document.createElement("span"));
    button.lastChild.className = "unstable";
    button.addEventListener("click", () => this.on.onword(button, segment, Number(button.dataset.index)));
    return button;
  }

  /** A word, its first `stable` UTF-16 units black; the answers' stable_text is a prefix of their text. */
  fill(button, segment, word, stable) {
    const [black, grey] = button.children;
    const known = segment.words[Number(button.dataset.index)];
    if (black.textContent !== word.slice(0, stable)) black.textContent = word.slice(0, stable);
    if (grey.textContent !== word.slice(stable)) grey.textContent = word.slice(stable);
    black.className = known?.word === word && known.conf < DOUBTFUL ? "doubtful" : "";
  }
}
