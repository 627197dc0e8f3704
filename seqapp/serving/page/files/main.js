// The page: asks the server what it can do, and brings its panels and the text together.

import { offerLanguageModels } from "./hotwords.js";
import { ImagePanel } from "./image_panel.js";
import { Latency } from "./latency.js";
import { save } from "./save.js";
import { describe, key, rememberKey } from "./server.js";
import { SpeakPanel } from "./speak_panel.js";
import { Suggestions } from "./suggestions.js";
import { makeTabs } from "./tabs.js";
import { Transcript } from "./transcript.js";
import { refreshWord, showWord } from "./word_card.js";
import { WritePanel } from "./write_panel.js";

const $ = (id) => document.getElementById(id);
const RETRY_MS = 3000;
const LOOK_MS = 1000; // for models that are being loaded
const NEEDS = {
  ink: "reads ink",
  speech: "hears speech while one speaks (one that runs forward)",
  image: "reads pictures of lines and pages",
};

const latency = new Latency($("latency"));
const suggestions = new Suggestions($("suggestions"), addWord);
const transcript = new Transcript($("text"), $("text-empty"), $("said"), { onchange: textChanged, onword: wordClicked });
const page = { transcript, latency, refreshWord, onopen: connected, onlost: lost, onerror: notice };
const write = new WritePanel(
  { canvas: $("ink"), hint: $("ink-hint"), undo: $("ink-undo"), clear: $("ink-clear"), next: $("ink-next") }, page,
);
const speak = new SpeakPanel(
  { canvas: $("wave"), hint: $("audio-hint"), file: $("audio-file"), speak: $("speak"), label: $("speak-label") }, page,
);
const image = new ImagePanel(
  { image: $("image"), hint: $("image-hint"), file: $("image-file"), overlay: $("image-overlay"), lines: $("image-lines") }, page,
);
const tabs = makeTabs(document.querySelector(".tabs"), panelShown);

let limits = {};
let isLoading = false;
let numAdded = 0;

start();

async function start() {
  try {
    const found = await describe();
    ({ limits } = found);
    isLoading = found.loading.length > 0;
    hideNotice();
    offer("write", "ink", found.models.filter((m) => m.sense === "ink"), (name) => write.connect(name, limits));
    offer("speak", "speech", found.models.filter((m) => m.sense === "speech" && m.live), (name) => speak.use(name));
    offer("image", "image", found.models.filter((m) => m.sense === "image"), (name) => image.use(name));
    suggestions.use(found.models.find((m) => m.sense === "language")?.name);
    status("open", isLoading ? `Connected, loading ${found.loading.join(", ")}` : "Connected");
    if (isLoading) setTimeout(start, LOOK_MS);
  } catch (error) {
    status("lost", "No server");
    if (error.status === 401 || error.status === 403) askForKey();
    else {
      notice(error.message, "Try again", start);
      setTimeout(() => $("status").dataset.state === "lost" && start(), RETRY_MS);
    }
  }
}

/** A panel for the models of one sense; where there is none, what is missing. */
function offer(panel, sense, models, use) {
  const root = $(`panel-${panel}`);
  const [missing, works] = [root.querySelector(".missing"), root.querySelector(".works")];
  works.hidden = !models.length;
  missing.hidden = Boolean(models.length);
  missing.textContent = isLoading
    ? "Models are being loaded."
    : `No model of this server ${NEEDS[sense]}. It serves every model in the folder it was started with.`;
  if (!models.length) return;
  const select = root.querySelector(".model select");
  const chosen = models.find(({ name }) => name === select.value) ?? models[0]; // more may have come since
  select.replaceChildren(...models.map(({ name }) => new Option(name)));
  select.value = chosen.name;
  select.parentElement.hidden = models.length < 2;
  const begin = (name) => {
    offerLanguageModels(root.querySelector(".language-model"), models.find((model) => model.name === name));
    use(name);
  };
  select.onchange = () => begin(select.value);
  begin(chosen.name);
}

function panelShown(name) {
  latency.forget();
  if (name !== "panel-speak") speak.stop();
}

function textChanged() {
  const { text } = transcript;
  for (const name of ["copy", "save", "wipe"]) $(name).disabled = !text;
  suggestions.show(text, transcript.isStable);
}

function wordClicked(button, segment, index) {
  const choose = segment.source === "ink" ? (text) => write.choose(segment.key, text) : (text) => transcript.choose(segment.key, text);
  showWord(button, segment, index, choose);
}

/** A suggested word follows what stands there; a line that is being written is complete then. */
function addWord(word) {
  write.finish();
  transcript.put(`added/${++numAdded}`, { text: word, isFinal: true, source: "suggestion" });
}

function connected(model) {
  hideNotice();
  status("open", `Connected to ${model}`);
}

function lost(seconds, code, retry) {
  if (seconds === null) {
    if (![1008, 4408].includes(code)) notice("The connection was lost. What was said until then stands here.");
    return;
  }
  status("lost", "Connection lost");
  const isBusy = code === 1013;
  const text = isBusy ? "All places of the server are taken." : "The server does not answer. What you write is kept.";
  notice(`${text} Trying again in ${seconds < 1 ? "a moment" : `${seconds} s`}.`, "Try now", retry);
}

function status(state, text) {
  $("status").dataset.state = state;
  $("status").textContent = text;
}

function notice(text, action, act) {
  $("notice-text").textContent = text;
  $("notice-action").hidden = !action;
  $("notice-action").textContent = action ?? "";
  $("notice-action").onclick = act ?? null;
  $("notice").hidden = false;
}

function hideNotice() {
  $("notice").hidden = true;
}

function askForKey() {
  notice(key() ? "The server does not know this key." : "This server asks for a key.", "Enter the key", () => {
    const given = prompt("Key of this server");
    if (given) {
      rememberKey(given);
      start();
    }
  });
}

$("wipe").addEventListener("click", () => {
  write.wipe();
  transcript.clear();
  latency.forget();
});
$("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(transcript.text);
    $("copy").textContent = "Copied";
  } catch {
    $("copy").textContent = "Not allowed";
  }
  setTimeout(() => ($("copy").textContent = "Copy"), 1500);
});
$("save").addEventListener("click", () => save(transcript, write));

// Files and pictures may be dropped anywhere, and pasted.
const drops = [$("audio-drop"), $("image-drop")];
const hover = (isOver) => drops.forEach((drop) => drop.classList.toggle("over", isOver));
addEventListener("dragover", (event) => {
  event.preventDefault();
  hover(true);
});
addEventListener("dragleave", () => hover(false));
addEventListener("drop", (event) => {
  event.preventDefault();
  hover(false);
  take(event.dataTransfer.files[0]);
});
addEventListener("paste", (event) => take(event.clipboardData.files[0]));

function take(file) {
  if (!file) return;
  const [panel, name] = file.type.startsWith("image/") ? [image, "panel-image"] : [speak, "panel-speak"];
  tabs.select(name);
  if (!panel.model) return;
  panel === image ? image.read(file) : speak.play(file);
}

addEventListener("keydown", (event) => {
  if ($("panel-write").hidden || event.target.closest("button, select, input, [popover]")) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "z") write.takeBack();
  else if (event.key === "Enter") write.finish();
  else if (event.key === "Escape") write.wipe();
  else return;
  event.preventDefault();
});
