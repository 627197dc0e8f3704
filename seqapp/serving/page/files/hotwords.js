// Names and words that the reader should expect, and the only words that it may read, as the page's fields hold them:
// separated by commas; and the language model that each model reads with.

const LONGEST = 200; // that the server takes

const fields = { hotwords: { id: "hotwords", most: 500 }, lexicon: { id: "lexicon", most: 20000 } };
const ignored = document.getElementById("hotwords-ignored");
for (const field of Object.values(fields)) field.input = document.getElementById(field.id);

const words = ({ input, most }) =>
  input.value.split(/[,;\n]/).map((phrase) => phrase.trim().slice(0, LONGEST)).filter(Boolean).slice(0, most);

const languageModels = {}; // by model; none: its own
const tellers = [];

/** Words of a live stream's config, and the language model of its model; "" for its own. */
export const expected = (model) => ({
  phrase_list: words(fields.hotwords), lexicon: words(fields.lexicon), language_model: languageModels[model] ?? "",
});

/** The same, as a query of :transcribe; "" for none. */
export function expectedQuery(model) {
  const query = new URLSearchParams();
  if (languageModels[model]) query.append("language_model", languageModels[model]);
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

/** Offer the language models of a model in a label's list; with one there is nothing to choose. */
export function offerLanguageModels(label, { name, language_models: names = [] }) {
  const select = label.querySelector("select");
  select.replaceChildren(...names.map((languageModel) => new Option(languageModel)));
  select.value = languageModels[name] || names[0];
  label.hidden = names.length < 2;
  select.onchange = () => {
    languageModels[name] = select.value === names[0] ? "" : select.value;
    tellers.forEach((tell) => tell());
  };
}

/** Call a function whenever other words, or another language model, are expected. */
export function onHotwords(tell) {
  tellers.push(tell);
  for (const { input } of Object.values(fields)) {
    input.addEventListener("change", () => {
      tellIgnored();
      tell();
    });
  }
}
