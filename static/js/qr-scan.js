/* The student's scanner: <section data-qr-scan> with <video>, [data-scan-start] and [data-scan-help].
   A found code of this site is opened. Without BarcodeDetector the help (phone camera, typed code) stays. */

const EVERY = 250;

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

async function look(detector, video, section) {
  if (!video.srcObject) return;
  const codes = await detector.detect(video).catch(() => []);
  const url = codes.map((code) => ownAddress(code.rawValue)).find(Boolean);
  if (url) {
    navigator.vibrate?.(60);
    stop(video);
    location.assign(url);
    return;
  }
  if (codes.length) section.querySelector("[data-scan-wrong]")?.removeAttribute("hidden");
  setTimeout(() => look(detector, video, section), EVERY);
}

async function start(section, button) {
  const video = section.querySelector("video");
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    section.querySelector("[data-scan-help]").hidden = false;
    button.hidden = true;
    return;
  }
  video.hidden = false;
  button.hidden = true;
  await video.play();
  look(new BarcodeDetector({ formats: ["qr_code"] }), video, section);
}

async function canScan() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return false;
  const formats = await BarcodeDetector.getSupportedFormats();
  return formats.includes("qr_code");
}

for (const section of document.querySelectorAll("[data-qr-scan]")) {
  const button = section.querySelector("[data-scan-start]");
  canScan().catch(() => false).then((able) => {
    button.hidden = !able;
    section.querySelector("[data-scan-help]").hidden = able;
  });
  button.addEventListener("click", () => start(section, button));
  addEventListener("pagehide", () => stop(section.querySelector("video")));
}
