/* After a page with errors or with [data-focus], put the reader there. */

export function focusIn(root, block = "start") {
  const target = root.querySelector("[data-focus]");
  if (!target) return false;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block });
  return true;
}

export function focus(root) {
  focusIn(root);
}
