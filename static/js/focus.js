/* After a page with errors or with [data-focus], put the reader there. */

export function focusIn(root) {
  const target = root.querySelector("[data-focus]");
  if (!target) return false;
  target.focus();
  target.scrollIntoView({ block: "start" });
  return true;
}

export function focus(root) {
  focusIn(root);
}
