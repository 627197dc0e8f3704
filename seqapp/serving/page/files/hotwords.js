// Names and words that the reader should expect, as the page's field holds them: separated by commas.

const MOST = 500; // that the server takes
const LONGEST = 200;

const field = document.getElementById("hotwords");
const ignored = document.getElementById("hotwords-ignored");

export const hotwords = () =>
  field.value.split(/[,;\n]/).map((phrase) => phrase.trim().slice(0, LONGEST)).filter(Boolean).slice(0, MOST);

/** Those that the model cannot write are named beside the field. */
export function tellIgnored(phrases) {
  ignored.textContent = phrases?.length ? `Cannot be written by this model: ${phrases.join(", ")}` : "";
}

/** Call a function whenever other words are expected. */
export function onHotwords(tell) {
  field.addEventListener("change", () => {
    tellIgnored([]);
    tell();
  });
}
