// Names and words that the reader should expect, and the only words that it may read, as the page's fields hold them:
// separated by commas.

const LONGEST = 200; // that the server takes

const fields = { hotwords: { id: "hotwords", most: 500 }, lexicon: { id: "lexicon", most: 20000 } };
const ignored = document.getElementById("hotwords-ignored");
for (const field of Object.values(fields)) field.input = document.getElementById(field.id);

const words = ({ input, most }) =>
  input.value.split(/[,;\n]/).map((phrase) => phrase.trim().slice(0, LONGEST)).filter(Boolean).slice(0, most);

/** Words of a live stream's config. */
export const expected = () => ({ phrase_list: words(fields.hotwords), lexicon: words(fields.lexicon) });

/** The same, as a query of :transcribe; "" for none. */
export function expectedQuery() {
  const query = new URLSearchParams();
  for (const [name, field] of Object.entries(fields)) {
    if (words(field).length) query.append(name, JSON.stringify(words(field)));
  }
  return `${query}` && `?${query}`;
}

/** Those that the model cannot write are named beside the fields. */
export function tellIgnored(...lists) {
  const phrases = lists.flatMap((list) => list ?? []);
  ignored.textContent = phrases.length ? `Cannot be written by this model: ${phrases.join(", ")}` : "";
}

/** Call a function whenever other words are expected. */
export function onHotwords(tell) {
  for (const { input } of Object.values(fields)) {
    input.addEventListener("change", () => {
      tellIgnored();
      tell();
    });
  }
}
