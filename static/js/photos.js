/* input[type=file][data-photo]: a picture is made at most 1600 px and saved as JPEG before sending. */

const LONGEST = 1600;
const QUALITY = 0.85;

async function smaller(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const pen = canvas.getContext("2d");
  // JPEG has no transparency: without this a see-through PNG turns black.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!blob) throw new Error("canvas gave no picture");
  return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
}

function preview(input, file) {
  let image = input.parentElement.querySelector("img.photo-preview");
  if (!image) {
    image = document.createElement("img");
    image.className = "photo-preview";
    image.alt = "";
    input.after(image);
  }
  // A data: address, since the policy of the page allows no blob: pictures.
  const reader = new FileReader();
  reader.addEventListener("load", () => { image.src = reader.result; });
  reader.readAsDataURL(file);
}

async function shrink(input) {
  const chosen = [...input.files];
  if (!chosen.length || !chosen.every((file) => file.type.startsWith("image/"))) return;
  const bag = new DataTransfer();
  try {
    for (const file of chosen) bag.items.add(await smaller(file));
    input.files = bag.files;
  } catch {
    // A kind of picture this browser cannot read: the server tries the original.
  }
  if (input.files[0]?.type === "image/jpeg") preview(input, input.files[0]);
}

export function photos(root) {
  root.addEventListener("change", (event) => {
    if (event.target.matches?.("input[type=file][data-photo]")) {
      const { form } = event.target;
      form?.setAttribute("data-preparing", "");
      shrink(event.target).finally(() => {
        form?.removeAttribute("data-preparing");
        form?.dispatchEvent(new CustomEvent("prepared", { bubbles: true }));
      });
    }
  });
}
