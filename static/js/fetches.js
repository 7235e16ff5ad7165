/* A file that takes long to make: a[data-fetch="name"] says that it is busy, and whether the whole of it
   came. A second press while it is busy does nothing. Its words: data-busy, data-done, data-failed,
   shown in [data-fetch-said] beside it. */

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

async function bring(link) {
  const said = link.parentElement.querySelector("[data-fetch-said]");
  link.setAttribute("aria-busy", "true");
  said.textContent = link.dataset.busy;
  try {
    const answer = await fetch(link.href);
    // Somebody who is no longer logged in gets a page instead.
    if (!answer.ok || answer.redirected) throw new Error(`status ${answer.status}`);
    save(await answer.blob(), link.dataset.fetch);
    said.textContent = link.dataset.done;
  } catch {
    said.textContent = link.dataset.failed;
  }
  link.removeAttribute("aria-busy");
}

export function fetches(root) {
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-fetch]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.getAttribute("aria-busy") !== "true") bring(link);
  });
}
