/* The student's scanner: <section data-qr-scan data-reader="…/qr-reader.js"> with <video>,
   [data-scan-start], [data-scan-help] and [data-scan-none]. It opens at once; a found code of this site is opened.
   Where the browser reads no QR codes itself, a reader of ours is fetched, and only then. Without a
   camera, or where it is refused, the page says so and the code is typed. */

const EVERY = 200;
// Enough for a poster across a doorway; more makes an old phone slow.
const SIDE = 720;

function ownAddress(text) {
  try {
    const url = new URL(text, location.origin);
    return url.origin === location.origin ? url : null;
  } catch {
    return null;
  }
}

function stop(video) {
  for (const track of video.srcObject?.getTracks() ?? []) track.stop();
  video.srcObject = null;
  video.hidden = true;
}

async function readsCodesItself() {
  if (!("BarcodeDetector" in window)) return false;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  return formats.includes("qr_code");
}

/* What reads a picture of the camera: a list of the texts found in it. */
async function reader(section) {
  if (await readsCodesItself()) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video)).map((code) => code.rawValue);
  }
  const { default: decode } = await import(section.dataset.reader);
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return (video) => {
    // The square that is shown.
    const square = Math.min(video.videoWidth, video.videoHeight);
    canvas.width = canvas.height = Math.min(square, SIDE);
    const [left, top] = [(video.videoWidth - square) / 2, (video.videoHeight - square) / 2];
    pen.drawImage(video, left, top, square, square, 0, 0, canvas.width, canvas.height);
    return [decode(pen.getImageData(0, 0, canvas.width, canvas.height), { timeLimit: 80 })];
  };
}

async function look(read, video, section) {
  if (!video.srcObject) return;
  let texts = [];
  try {
    texts = await read(video);
  } catch {
    // Nothing in this picture; the next one comes.
  }
  const url = texts.map(ownAddress).find(Boolean);
  if (url) {
    navigator.vibrate?.(60);
    stop(video);
    location.assign(url);
    return;
  }
  if (texts.length) section.querySelector("[data-scan-wrong]")?.removeAttribute("hidden");
  setTimeout(() => look(read, video, section), EVERY);
}

async function start(section) {
  const video = section.querySelector("video");
  const button = section.querySelector("[data-scan-start]");
  const help = section.querySelector("[data-scan-help]");
  const none = section.querySelector("[data-scan-none]");
  if (video.srcObject) return;
  if (!navigator.mediaDevices) {
    help.hidden = true;
    none.hidden = false;
    return;
  }
  let camera;
  try {
    camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    const read = await reader(section);
    video.srcObject = camera;
    await video.play();
    video.hidden = false;
    help.hidden = button.hidden = none.hidden = true;
    look(read, video, section);
  } catch {
    // Refused, busy, or the reader did not come: another press may do.
    for (const track of camera?.getTracks() ?? []) track.stop();
    stop(video);
    help.hidden = true;
    button.hidden = none.hidden = false;
  }
}

for (const section of document.querySelectorAll("[data-qr-scan]")) {
  section.querySelector("[data-scan-start]").addEventListener("click", () => start(section));
  addEventListener("pagehide", () => stop(section.querySelector("video")));
  addEventListener("pageshow", (event) => event.persisted && start(section));
  start(section);
}
