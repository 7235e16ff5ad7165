/* [data-read-aloud="id"] reads what stands there, or is typed there, aloud; a second press stops it.

   Only with a voice of the device itself: other voices send the words to a stranger. Where there is
   none in the language of the page the button stays hidden. */

function voiceOf(language) {
  const own = speechSynthesis.getVoices().filter((voice) => voice.localService);
  return own.find((voice) => voice.lang.toLowerCase().startsWith(language));
}

function pressed(button, on) {
  document.querySelectorAll("[data-read-aloud]").forEach((other) => other.setAttribute("aria-pressed", "false"));
  button.setAttribute("aria-pressed", String(on));
}

function read(button) {
  const place = document.getElementById(button.dataset.readAloud);
  const stops = button.getAttribute("aria-pressed") === "true";
  speechSynthesis.cancel();
  pressed(button, !stops);
  if (stops || !place) return;
  const words = new SpeechSynthesisUtterance((place.value ?? place.innerText).trim());
  words.voice = voiceOf(document.documentElement.lang);
  words.lang = words.voice.lang;
  for (const over of ["end", "error"]) words.addEventListener(over, () => button.setAttribute("aria-pressed", "false"));
  speechSynthesis.speak(words);
}

function show() {
  const hidden = !voiceOf(document.documentElement.lang);
  document.querySelectorAll("[data-read-aloud]").forEach((button) => {
    button.hidden = hidden;
  });
}

export function readsAloud(root) {
  if (!("speechSynthesis" in window)) return;
  show();
  speechSynthesis.addEventListener("voiceschanged", show); // they come late in most browsers
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-read-aloud]");
    if (button) read(button);
  });
  window.addEventListener("pagehide", () => speechSynthesis.cancel());
}
