/* [data-dialog="id"] opens a native dialog, [data-close] closes it; menus close on Escape and outside. */

function open(event) {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (!dialog?.showModal || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  dialog.showModal();
}

function close(event) {
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

export function dialogs(root) {
  root.addEventListener("click", (event) => {
    open(event);
    close(event);
    closeMenus(event.target.closest("details[data-menu]"));
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
