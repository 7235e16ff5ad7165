/* After htmx swapped something: the focus where it belongs, what was found said aloud, and one step
   of the history for all that is typed in one go. Errors and being offline are said as well. */
import { focusIn } from "./focus.js";
import { toast } from "./toast.js";

function settled(part) {
  const said = document.querySelector("[data-said][role=status]");
  const words = part.dataset?.said;
  if (said && words && said.textContent !== words) said.textContent = words;
  // Nearest: the page stays where it is when the place is in sight.
  return focusIn(part, "nearest");
}

function panelOpened(panel) {
  const heading = panel.querySelector("h2");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus();
}

export function swaps(root) {
  let typed = null;
  root.addEventListener("htmx:beforeHistoryUpdate", (event) => {
    const field = root.activeElement?.type === "search" ? root.activeElement : null;
    if (field && field === typed) event.detail.history.type = "replace";
    typed = field;
  });
  // Fired on each part that came in; the target itself may be gone by now.
  root.addEventListener("htmx:afterSettle", (event) => {
    if (settled(event.target) || event.detail.target.id !== "panel") return;
    panelOpened(event.detail.target);
  });
  root.addEventListener("htmx:sendError", () => toast("offline"));
  root.addEventListener("htmx:timeout", () => toast("offline"));
  root.addEventListener("htmx:responseError", () => toast("failed"));
  root.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-panel-close]");
    if (!closer) return;
    event.preventDefault();
    const slot = closer.closest(".panel-slot");
    const opener = document.querySelector("[aria-controls=panel][aria-expanded=true]");
    slot.replaceChildren();
    opener?.setAttribute("aria-expanded", "false");
    opener?.focus();
  });
}
