/* [data-stepper]: minus and plus beside a number, for who has flour on the fingers. Without this
   file the buttons stay away and the number is typed. */

export function stepper(root) {
  for (const button of root.querySelectorAll("[data-step]")) button.hidden = false;
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    const box = button.parentElement.querySelector("input");
    if (button.dataset.step === "up") box.stepUp();
    else box.stepDown();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
