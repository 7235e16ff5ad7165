/* input[data-all] ticks all rows of its form; [data-chosen] shows how many are ticked. */

function recount(form) {
  const rows = [...form.querySelectorAll("input[data-row]")];
  const chosen = rows.filter((row) => row.checked).length;
  const all = form.querySelector("input[data-all]");
  if (all) {
    all.checked = chosen > 0 && chosen === rows.length;
    all.indeterminate = chosen > 0 && chosen < rows.length;
  }
  for (const place of form.querySelectorAll("[data-chosen]")) place.textContent = String(chosen);
}

export function tables(root) {
  root.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form || !event.target.matches("input[data-all], input[data-row]")) return;
    if (event.target.matches("[data-all]")) {
      for (const row of form.querySelectorAll("input[data-row]")) row.checked = event.target.checked;
    }
    recount(form);
  });
}
