// Shrinks a chosen photo on the phone before it is sent, and shows it. For <input type="file" data-shrink>.
// When anything fails (an old phone, a HEIC it cannot open), the file goes as it was chosen: the server decides.

const LONGEST_PX = 1600;
const QUALITY = 0.82;

async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_PX / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  return { canvas, blob };
}

function replaceFile(input, blob, name) {
  const files = new DataTransfer();
  files.items.add(new File([blob], name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }));
  input.files = files.files;
}

function preview(input, canvas) {
  // the canvas itself is the preview: no blob: address, so the security policy stays closed
  canvas.className = "photo";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", input.dataset.shrink || input.labels[0]?.textContent.trim() || "");
  const place = input.closest("form") ?? document;
  place.querySelector("[data-photo-now]")?.setAttribute("hidden", "");
  input.parentElement.querySelector("canvas")?.remove();
  input.before(canvas);
}

async function chosen(event) {
  const input = event.target;
  const file = input.files[0];
  if (!file) return;
  try {
    const { canvas, blob } = await shrink(file);
    // drawing it also drops the place and time that the camera wrote into the file
    if (blob && blob.size < file.size) replaceFile(input, blob, file.name);
    preview(input, canvas);
  } catch {
    input.parentElement.querySelector("canvas")?.remove();
  }
}

for (const input of document.querySelectorAll("input[type=file][data-shrink]")) {
  input.addEventListener("change", chosen);
}
