/* form[data-autosubmit] sends itself after a change; typing waits for a pause. Who goes through a
   select with arrows or letters presses Enter, or the button of the form, or goes on to the next
   field where htmx swaps the list: a page that went at each press would never let them reach the
   third option. A field with [data-whole] asks for a new page
   also where htmx swaps the list. On a phone the fields of .filter-bar fold away behind a button
   that says how many are set. */

const PAUSE = 350;
const STEP = /^(Arrow|Home|End|Page|.$)/;
const RETURN = "filter-focus";

const isSet = (field) =>
  field.tagName === "SELECT" ? field.selectedIndex > 0 : field.type !== "hidden" && field.value !== "";

function fold(form, words) {
  const fields = form.querySelectorAll(":scope > :is(label:not(.search), details) :is(select, input)");
  if (fields.length < 2) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button filter-toggle";
  const count = () => {
    const set = [...fields].filter(isSet).length;
    button.textContent = set ? `${words} (${set})` : words;
  };
  form.addEventListener("change", count);
  count();
  const show = (open) => {
    form.classList.toggle("folded", !open);
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => show(form.classList.contains("folded")));
  const search = form.querySelector(":scope > .search");
  if (search) search.after(button);
  else form.prepend(button);
  show(false);
}

/* True while somebody goes through a select by key; a select that was opened is not gone through. */
function watchKeys(root) {
  const state = { stepping: false, keys: false };
  const byHand = () => Object.assign(state, { stepping: false, keys: false });
  root.addEventListener("pointerdown", byHand);
  root.addEventListener("focusout", (event) => {
    const form = state.stepping && event.target.closest("form[data-autosubmit][hx-get]");
    state.stepping = false;
    if (form && event.target.value !== state.before) form.requestSubmit();
  });
  root.addEventListener("focusin", (event) => (state.before = event.target.value));
  root.addEventListener("keydown", (event) => {
    state.keys = true;
    const form = event.target.closest("form[data-autosubmit]");
    if (!form || event.target.tagName !== "SELECT") return;
    if (event.key === "Enter" && state.stepping) {
      event.preventDefault();
      Object.assign(state, { stepping: false, before: event.target.value });
      form.requestSubmit();
    } else if (event.key !== "Tab" && event.key !== "Shift") {
      state.stepping = STEP.test(event.key) && event.key !== " " && !event.altKey;
    }
  });
  return state;
}

/* After sending, the focus of who works with a keyboard is where it was. */
function comeBack(root, state) {
  const name = sessionStorage.getItem(RETURN);
  sessionStorage.removeItem(RETURN);
  if (name && root.activeElement === root.body) {
    root.querySelector(`form[data-autosubmit] [name="${CSS.escape(name)}"]`)?.focus();
  }
  root.addEventListener("submit", (event) => {
    const field = root.activeElement;
    if (!state.keys || !event.target.matches("[data-autosubmit]") || !field?.name) return;
    if (matchMedia("(hover: hover)").matches) sessionStorage.setItem(RETURN, field.name);
  });
}

export function filters(root) {
  const state = watchKeys(root);
  comeBack(root, state);
  const words = root.body.dataset.filterWords;
  if (words) for (const form of root.querySelectorAll(".filter-bar")) fold(form, words);
  let timer;
  const send = (form, delay) => {
    clearTimeout(timer);
    timer = setTimeout(() => form.requestSubmit(), delay);
  };
  root.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-autosubmit]");
    if (!form || event.target.type === "search" || state.stepping) return;
    // What the other choices depend on asks for the whole page: submit() passes htmx by.
    if (event.target.hasAttribute("data-whole")) form.submit();
    else send(form, 0);
  });
  root.addEventListener("input", (event) => {
    // A field may stand elsewhere on the page, beside what it narrows: [form].
    const { form } = event.target;
    // Without htmx every send is a new page, which would take the cursor away while typing.
    if (form?.matches("[data-autosubmit][hx-get]") && event.target.type === "search") send(form, PAUSE);
  });
  // Who pressed Enter need not wait, and does not get the list a second time.
  root.addEventListener("submit", () => clearTimeout(timer));
}
