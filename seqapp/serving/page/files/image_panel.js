// Pictures of one line each, and of whole pages.

import { PageView } from "./page_view.js";
import { readImage, transcribeFile } from "./server.js";

const MAX_HEIGHT = 256; // of what is sent of a line: models see it 64 rows high
const MAX_WIDTH = 8192;
const MAX_SIDE = 4096; // of a page
const MIN_PAGE_HEIGHT = 300; // of a page, and the width by height of a line: as seqapp.datasets.image.page_picture
const LINE_ASPECT = 4;

export class ImagePanel {
  /**
   * @param {object} parts elements: image, hint, file, overlay, lines
   * @param {object} page as of WritePanel
   */
  constructor(parts, page) {
    Object.assign(this, parts, { page });
    this.number = 0;
    this.view = new PageView(this.overlay, this.lines);
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
      const { picture, isPage } = await upright(file);
      this.show(picture);
      const found = await (isPage ? transcribeFile : readImage)(this.model, picture);
      if (number !== this.number) return; // another one was chosen meanwhile
      isPage ? this.putPage(number, found) : this.putLine(number, found);
      this.page.latency.forget();
      this.page.latency.sent(number, start);
      this.page.latency.shown(number);
      this.page.onopen(this.model);
    } catch (error) {
      if (number === this.number) this.page.onerror(error.message);
    }
  }

  putLine(number, found) {
    const { text } = found;
    if (!text) throw new Error("No text was found. One line, dark on light, is what the model reads.");
    this.page.transcript.put(`image/${number}`, { text, isFinal: true, words: words(found), isSure: found.is_sure, source: "image" });
  }

  /** Each line is a part of the text of its own, and lies on the picture. */
  putPage(number, found) {
    if (!found.lines.length) throw new Error("No line was found on this page.");
    this.view.show(found);
    for (const line of found.lines) {
      if (!line.text) continue;
      const known = { text: line.text, isFinal: true, words: words(line), isSure: line.is_sure, source: "image" };
      this.page.transcript.put(`image/${number}/${line.id}`, known);
    }
  }

  show(picture) {
    this.view.clear();
    if (this.address) URL.revokeObjectURL(this.address);
    this.address = URL.createObjectURL(picture);
    this.image.src = this.address;
    this.image.hidden = false;
    this.hint.hidden = true;
  }
}

/** Any picture as an opaque PNG, of a page JPEG, turned as its camera was held, no larger than is of use. */
async function upright(file) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new Error(`${file.name ?? "This"} is no picture that this browser can show. Try PNG or JPEG.`);
  }
  const isPage = picture.height >= MIN_PAGE_HEIGHT && picture.width < LINE_ASPECT * picture.height;
  const [width, height, type] = isPage ? [MAX_SIDE, MAX_SIDE, "image/jpeg"] : [MAX_WIDTH, MAX_HEIGHT, "image/png"];
  const scale = Math.min(1, height / picture.height, width / picture.width);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(scale * picture.width));
  canvas.height = Math.max(1, Math.round(scale * picture.height));
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return { picture: await new Promise((resolve) => canvas.toBlob(resolve, type, 0.92)), isPage };
}

/** Words and the geometric means of their characters' probabilities; none for symbols of several characters. */
function words({ text, char_confidences: confidences, num_characters: count = confidences?.length }) {
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
