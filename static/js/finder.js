/* The box to search in everything. Ctrl K and "/" go to it from anywhere. input[data-finds="id"] shows
   under it what the page of its form would show, gone through by arrows; without this the form
   opens that page. */

const PAUSE = 180;

const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable]");

function goTo(root) {
  const field = root.querySelector("input[data-search]");
  if (field?.checkVisibility?.() ?? field?.offsetParent) {
    field.focus();
    field.select();
  } else {
    // On a phone an icon stands in its place.
    root.querySelector(".find-link")?.click();
  }
}

/* What came in becomes a list of options: in the page itself they are plain links. */
function dress(list) {
  const options = [...list.querySelectorAll("a")];
  for (const plain of list.querySelectorAll("ul, li, h2, p")) plain.setAttribute("role", "presentation");
  for (const group of list.querySelectorAll("section")) group.setAttribute("role", "group");
  for (const heading of list.querySelectorAll("h2")) {
    heading.id = `finds-${heading.id}`;
    heading.parentElement.setAttribute("aria-labelledby", heading.id);
  }
  options.forEach((option, n) => {
    option.id = `find-${n}`;
    option.tabIndex = -1;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
  });
  if (options.length) list.setAttribute("role", "listbox");
  else list.removeAttribute("role");
  return options;
}

class Finder {
  constructor(field, list, said) {
    Object.assign(this, { field, list, said, options: [], at: -1, timer: 0, asked: null, asking: null });
    list.setAttribute("aria-label", field.placeholder);
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" };
    for (const [name, value] of Object.entries(roles)) field.setAttribute(name, value);
    field.addEventListener("input", () => this.later());
    field.addEventListener("focus", () => this.later());
    field.addEventListener("keydown", (event) => this.key(event));
    // The focus stays in the field while an option is pressed.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    field.form.addEventListener("focusout", (event) => {
      if (!field.form.contains(event.relatedTarget)) this.close();
    });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const words = this.field.value.trim();
    if (!words) {
      this.close();
      return;
    }
    if (words === this.asked) {
      this.open();
      return;
    }
    this.asking?.abort();
    this.asking = new AbortController();
    const url = `${this.field.form.action}?${new URLSearchParams({ q: words })}`;
    try {
      const headers = { "HX-Request": "true" };
      const answer = await fetch(url, { headers, signal: this.asking.signal });
      if (!answer.ok || answer.redirected) return;
      this.show(new DOMParser().parseFromString(await answer.text(), "text/html"), words);
    } catch {
      // Asked again by the next letter; Enter opens the page.
    }
  }

  show(page, words) {
    const found = page.querySelector("#results");
    if (!found || words !== this.field.value.trim()) return;
    this.asked = words;
    this.list.replaceChildren(...found.children);
    this.options = dress(this.list);
    this.at = -1;
    this.open();
    if (this.said) this.said.textContent = found.dataset.said;
  }

  open() {
    if (document.activeElement !== this.field || !this.list.children.length) return;
    this.list.hidden = false;
    this.field.setAttribute("aria-expanded", String(this.options.length > 0));
  }

  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.choose(-1);
  }

  choose(at) {
    this.options[this.at]?.setAttribute("aria-selected", "false");
    this.at = at;
    const option = this.options[at];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.field.setAttribute("aria-activedescendant", option.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !this.list.hidden && this.options.length) {
      event.preventDefault();
      // One more place than there are options: back in the field itself.
      const places = this.options.length + 1;
      this.choose(((this.at + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter" && this.at >= 0 && !this.list.hidden) {
      event.preventDefault();
      this.options[this.at].click();
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    }
  }
}

export function finder(root) {
  const field = root.querySelector("input[data-finds]");
  const list = field && document.getElementById(field.dataset.finds);
  if (list) new Finder(field, list, root.querySelector("[data-said][role=status]"));
  root.addEventListener("keydown", (event) => {
    const combined = event.ctrlKey || event.metaKey;
    const asked = combined ? event.key.toLowerCase() === "k" && !event.shiftKey && !event.altKey : event.key === "/";
    if (!asked || (!combined && isTyping(event.target)) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    goTo(root);
  });
}
