/* What waits for a network, in the browser's own store: fields and files, in the order of the presses. */

const NAME = "stage-queue";
const ROWS = "waiting";
// Of others too: whoever logs in on a phone that is not theirs leaves nothing for longer than this.
const OLDEST = 7 * 24 * 3_600_000;
const channel = new BroadcastChannel(NAME);

let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.addEventListener("upgradeneeded", () => {
      request.result.createObjectStore(ROWS, { keyPath: "number", autoIncrement: true });
    });
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
  return opened;
}

async function work(mode, job) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(ROWS, mode, { durability: "strict" });
    const request = job(transaction.objectStore(ROWS));
    transaction.addEventListener("complete", () => resolve(request.result));
    transaction.addEventListener("abort", () => reject(transaction.error));
  });
}

async function change(job) {
  const result = await work("readwrite", job);
  channel.postMessage("changed");
  return result;
}

async function rows() {
  return work("readonly", (store) => store.getAll());
}

export async function all(owner) {
  return (await rows()).filter((entry) => entry.owner === owner);
}

/* Safe once this resolves: written through, so that a phone that dies keeps it. */
export function add(entry) {
  return change((store) => store.add(entry));
}

export function put(entry) {
  return change((store) => store.put(entry));
}

export function get(number) {
  return work("readonly", (store) => store.get(number));
}

export function drop(number) {
  return change((store) => store.delete(number));
}

export async function forgetAll(owner) {
  for (const { number } of await all(owner)) await drop(number);
}

export async function forgetOld() {
  const { owner } = document.documentElement.dataset;
  // Sending comes first, and a refusal stays until it is seen; only another's are let go.
  const old = (await rows()).filter((entry) => entry.owner !== owner && Date.now() - entry.at > OLDEST);
  for (const { number } of old) await drop(number);
}
