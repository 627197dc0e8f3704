// The lines of a page: polygons over its picture and their texts beside it. A click on either shows the other.

const SVG = "http://www.w3.org/2000/svg";

export class PageView {
  /**
   * @param {SVGElement} overlay drawn over the picture, as large as it
   * @param {HTMLElement} list receives a button for each line
   */
  constructor(overlay, list) {
    Object.assign(this, { overlay, list });
  }

  /** @param {object} page { width, height, lines: [{ id, text, outline: [[x, y]], is_sure }] } */
  show({ width, height, lines }) {
    this.overlay.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.shapes = lines.map(({ outline, text }, i) => {
      const shape = document.createElementNS(SVG, "polygon");
      shape.setAttribute("points", outline.map((point) => point.join(",")).join(" "));
      shape.addEventListener("click", () => this.choose(i));
      const title = document.createElementNS(SVG, "title");
      title.textContent = text;
      shape.append(title);
      return shape;
    });
    this.buttons = lines.map(({ text, is_sure: isSure }, i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text || "(nothing read)";
      button.classList.toggle("unsure", isSure === false);
      button.addEventListener("click", () => this.choose(i));
      return button;
    });
    this.overlay.replaceChildren(...this.shapes);
    this.list.replaceChildren(
      ...this.buttons.map((button) => {
        const item = document.createElement("li");
        item.append(button);
        return item;
      }),
    );
    this.setHidden(false);
  }

  /** Show where a line lies, and its text. */
  choose(index) {
    this.shapes.forEach((shape, i) => shape.classList.toggle("chosen", i === index));
    this.buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(i === index)));
    this.shapes[index].scrollIntoView?.({ block: "nearest" });
    this.buttons[index].scrollIntoView?.({ block: "nearest" });
  }

  clear() {
    this.overlay.replaceChildren();
    this.list.replaceChildren();
    this.setHidden(true);
  }

  setHidden(isHidden) {
    this.overlay.toggleAttribute("hidden", isHidden);
    this.list.hidden = isHidden;
    this.list.parentElement.classList.toggle("page", !isHidden);
  }
}
