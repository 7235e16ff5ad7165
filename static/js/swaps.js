/* After htmx swapped something: focus where it belongs; errors and being offline are said aloud. */
import { focusIn } from "./focus.js";
import { toast } from "./toast.js";

export function swaps(root) {
  root.addEventListener("htmx:afterSettle", (event) => {
    const target = event.detail.target;
    if (focusIn(target) || target.id !== "panel") return;
    const heading = target.querySelector("h2");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus();
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
