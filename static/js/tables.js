/* input[data-all] ticks all rows of its table, or of its form where it stands outside a table;
   [data-chosen] shows how many of the form are ticked. input[data-found] chooses all that the list
   found, of its other pages too: as many as it says; who then takes one off chooses rows again. */

function rowsOf(all) {
  const scope = all.closest("table") ?? all.form;
  return [...scope.querySelectorAll("input[data-row]")];
}

function recount(form) {
  for (const all of form.querySelectorAll("input[data-all]")) {
    const rows = rowsOf(all);
    const chosen = rows.filter((row) => row.checked).length;
    all.checked = chosen > 0 && chosen === rows.length;
    all.indeterminate = chosen > 0 && chosen < rows.length;
  }
  const found = form.querySelector("input[data-found]:checked");
  const chosen = found?.dataset.found ?? String(form.querySelectorAll("input[data-row]:checked").length);
  for (const place of form.querySelectorAll("[data-chosen]")) place.textContent = chosen;
}

export function tables(root) {
  for (const all of root.querySelectorAll("input[data-all]")) if (all.form) recount(all.form);
  root.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form || !event.target.matches("input[data-all], input[data-row], input[data-found]")) return;
    const found = form.querySelector("input[data-found]");
    if (event.target.matches("[data-all]")) {
      for (const row of rowsOf(event.target)) row.checked = event.target.checked;
    }
    if (event.target === found && found.checked) {
      for (const row of form.querySelectorAll("input[data-row]")) row.checked = true;
    }
    if (found && event.target !== found && !event.target.checked) found.checked = false;
    recount(form);
  });
}
