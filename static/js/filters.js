/* form[data-autosubmit] sends itself after a change; typing waits for a pause. */

const PAUSE = 350;

export function filters(root) {
  let timer;
  const send = (form, delay) => {
    clearTimeout(timer);
    timer = setTimeout(() => form.requestSubmit(), delay);
  };
  root.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-autosubmit]");
    if (form && event.target.type !== "search") send(form, 0);
  });
  root.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-autosubmit]");
    // Without htmx every send is a new page, which would take the cursor away while typing.
    if (form?.hasAttribute("hx-get") && event.target.type === "search") send(form, PAUSE);
  });
  root.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    const search = root.querySelector("input[data-search]");
    if (event.key !== "/" || typing || !search) return;
    event.preventDefault();
    search.focus();
  });
}
