/* A form is sent once: a second press does nothing until the page is back. */

function release(form) {
  form.removeAttribute("data-sent");
  for (const button of form.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
}

export function submitOnce(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-again")) return;
    if (form.hasAttribute("data-sent") || form.hasAttribute("data-preparing")) {
      event.preventDefault();
      return;
    }
    form.setAttribute("data-sent", "");
    // aria-busy and not disabled: a disabled button's name and value would not be sent.
    event.submitter?.setAttribute("aria-busy", "true");
  });
  root.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form) release(form);
  });
  // The back button shows the page as it was left, with its form still marked as sent.
  addEventListener("pageshow", (event) => {
    if (event.persisted) root.querySelectorAll("form[data-sent]").forEach(release);
  });
}
