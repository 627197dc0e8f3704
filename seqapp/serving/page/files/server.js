// What the page asks the server by plain requests. Every failure is an Error whose message can be shown.

import { expectedQuery, tellIgnored } from "./hotwords.js";

const KEY = "seqapp-key"; // of a server that asks for one; forgotten when the tab is closed

export const key = () => sessionStorage.getItem(KEY) ?? "";
export const rememberKey = (value) => sessionStorage.setItem(KEY, value);

async function ask(path, body) {
  const headers = key() ? { Authorization: `Bearer ${key()}` } : {};
  const isFile = body instanceof Blob;
  const options = body === undefined ? {} : { method: "POST", body: isFile ? body : JSON.stringify(body) };
  if (body !== undefined) headers["Content-Type"] = isFile ? "application/octet-stream" : "application/json";
  let response;
  try {
    response = await fetch(path, { ...options, headers });
  } catch {
    throw new Error("The server does not answer.");
  }
  const found = await response.json().catch(() => ({}));
  if (response.ok) return found;
  const error = new Error(found.error ?? `The server answered with status ${response.status}.`);
  error.status = response.status;
  throw error;
}

/** { models: [{ name, version, sense, live }], limits: { max_points, max_seconds } } */
export const describe = () => ask("live");

/** Words that may come next, the likeliest first: [{ word, probability }]. */
export async function nextWords(model, text, count) {
  return (await ask("live/next_words", { model, text, count })).words;
}

/** What is read in a picture (a Blob): { text, confidence, num_characters, char_confidences, ... } */
export async function readImage(model, picture) {
  if (expectedQuery(model)) {
    const found = await transcribeFile(model, picture);
    return { ...found, num_characters: found.char_confidences?.length ?? 0 };
  }
  const instances = [{ images: { b64: await base64(picture) } }];
  const path = `v1/models/${encodeURIComponent(model)}:predict`;
  return (await ask(path, { signature_name: "images", instances })).predictions[0];
}

/** What is said in a recording (a Blob) of any format that the server decodes: { text, words, is_sure, ... } */
export async function transcribeFile(model, file) {
  const found = await ask(`v1/models/${encodeURIComponent(model)}:transcribe${expectedQuery(model)}`, file);
  tellIgnored(found.ignored_hotwords, found.ignored_lexicon);
  return found;
}

/** Address of a WebSocket of this server. */
export function socketAddress(model) {
  const address = new URL(`live/${encodeURIComponent(model)}`, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  if (key()) address.searchParams.set("api_key", key()); // a browser sends no headers of ours with a WebSocket
  return address;
}

function base64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(new Error("The picture could not be read."));
    reader.readAsDataURL(blob);
  });
}
