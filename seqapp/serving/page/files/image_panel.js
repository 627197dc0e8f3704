// Pictures of one line each.

import { readImage } from "./server.js";

const MAX_HEIGHT = 256; // of what is sent: models see lines 64 rows high
const MAX_WIDTH = 8192;

export class ImagePanel {
  /**
   * @param {object} parts elements: image, hint, file
   * @param {object} page as of WritePanel
   */
  constructor(parts, page) {
    Object.assign(this, parts, { page });
    this.number = 0;
    this.file.addEventListener("change", () => {
      if (this.file.files.length) this.read(this.file.files[0]);
      this.file.value = "";
    });
  }

  use(model) {
    this.model = model;
  }

  async read(file) {
    const number = ++this.number;
    const start = performance.now();
    try {
      const picture = await upright(file);
      this.show(picture);
      const found = await readImage(this.model, picture);
      if (number !== this.number) return; // another one was chosen meanwhile
      const { text } = found;
      if (!text) throw new Error("No text was found. One line, dark on light, is what the model reads.");
      this.page.transcript.put(`image/${number}`, { text, isFinal: true, words: words(found), isSure: found.is_sure, source: "image" });
      this.page.latency.forget();
      this.page.latency.sent(number, start);
      this.page.latency.shown(number);
      this.page.onopen(this.model);
    } catch (error) {
      if (number === this.number) this.page.onerror(error.message);
    }
  }

  show(picture) {
    if (this.address) URL.revokeObjectURL(this.address);
    this.address = URL.createObjectURL(picture);
    this.image.src = this.address;
    this.image.hidden = false;
    this.hint.hidden = true;
  }
}

/** Any picture as an opaque PNG, turned as its camera was held, no larger than is of use. */
async function upright(file) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new Error(`${file.name ?? "This"} is no picture that this browser can show. Try PNG or JPEG.`);
  }
  const scale = Math.min(1, MAX_HEIGHT / picture.height, MAX_WIDTH / picture.width);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(scale * picture.width));
  canvas.height = Math.max(1, Math.round(scale * picture.height));
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

/** Words and the geometric means of their characters' probabilities; none for symbols of several characters. */
function words({ text, num_characters: count, char_confidences: confidences }) {
  const characters = [...text];
  if (!confidences || characters.length !== count) return [];
  let place = 0;
  return text.split(/(\s+)/).flatMap((piece) => {
    const length = [...piece].length;
    const logs = confidences.slice(place, place + length).map((c) => Math.log(Math.max(c, 1e-30)));
    place += length;
    const mean = logs.reduce((a, b) => a + b, 0) / Math.max(length, 1);
    return piece.trim() ? [{ word: piece, conf: Math.exp(mean) }] : [];
  });
}
