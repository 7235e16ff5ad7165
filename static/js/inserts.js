/* Buttons that put words where somebody was typing: [data-insert="words"] in a [data-inserts="id"],
   the field where they come when no other of its form was typed in. */

const WORDS = "textarea, input[type=text]";

function put(area, words) {
  area.focus();
  // Keeps the browser's own undo, which setRangeText does not.
  if (document.execCommand("insertText", false, words)) return;
  area.setRangeText(words, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

export function inserts(root) {
  const last = new WeakMap();
  root.addEventListener("focusin", ({ target }) => {
    if (target.matches(WORDS) && target.form) last.set(target.form, target);
  });
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (!button) return;
    const usual = document.getElementById(button.closest("[data-inserts]").dataset.inserts);
    put(last.get(usual.form) ?? usual, button.dataset.insert);
  });
}
