/* The board: drag a place to a student, or a student to a place. Who has no place yet is matched by
   the form that stands there already; who has one, goes to the page of another company with that
   place chosen. Without this file, and without a mouse, those are used as they are. */

const OTHER = { place: "student", student: "place" };

function match(student, place) {
  if (student.dataset.move) {
    location.assign(`${student.dataset.move}?plek=${encodeURIComponent(place.dataset.code)}`);
    return;
  }
  const choice = student.querySelector("select[name=place]");
  if (!choice) return;
  const { code, name } = place.dataset;
  // Of many places a student's list holds only those that suit best.
  if (![...choice.options].some((option) => option.value === code)) choice.add(new Option(name, code));
  choice.value = code;
  choice.form.requestSubmit();
}

export function board(root) {
  let held = null;
  let over = null;

  function aim(at) {
    if (over === at) return;
    over?.classList.remove("aimed");
    over = at;
    over?.classList.add("aimed");
  }

  const aimedAt = (event) => held && event.target.closest?.(`[data-drop=${OTHER[held.dataset.drag]}]`);

  root.addEventListener("dragstart", (event) => {
    held = event.target.closest?.("[data-drag]") ?? null;
    if (!held) return;
    event.dataTransfer.effectAllowed = "link";
    event.dataTransfer.setData("text/plain", held.textContent.trim());
  });
  root.addEventListener("dragover", (event) => {
    const at = aimedAt(event);
    if (at) event.preventDefault();
    aim(at || null);
  });
  root.addEventListener("drop", (event) => {
    const at = aimedAt(event);
    if (!at) return;
    event.preventDefault();
    const from = held.closest("[data-drop]");
    if (held.dataset.drag === "place") match(at, from);
    else match(from, at);
  });
  root.addEventListener("dragend", () => {
    aim(null);
    held = null;
  });
}
