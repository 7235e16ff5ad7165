/* What every page can do. Each behaviour is a small file that looks for its own data- hooks. */
import { dialogs } from "./dialogs.js";
import { drafts } from "./drafts.js";
import { filters } from "./filters.js";
import { focus } from "./focus.js";
import { photos } from "./photos.js";
import { progress } from "./progress.js";
import { submitOnce } from "./submit-once.js";
import { swaps } from "./swaps.js";
import { tables } from "./tables.js";
import { tools } from "./tools.js";

document.documentElement.classList.add("js");
for (const start of [
  dialogs, drafts, filters, focus, photos, progress, submitOnce, swaps, tables, tools,
]) {
  start(document);
}
