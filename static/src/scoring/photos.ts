// A photo is made small on the device before it is kept: a picture of a weld needs no twelve million pixels, and the upload no minute.

const LONGEST_SIDE = 1920;
const MOST_BYTES = 2_000_000;
const QUALITIES = [0.85, 0.7, 0.55, 0.4];

/** The picture of a file as a JPEG of at most 2 MB, drawn anew: what else was in the file stays behind. Null when it cannot be read. */
export async function shrunk(file: Blob): Promise<Blob | null> {
  const picture = await read(file);
  if (!picture) return null;
  for (let side = LONGEST_SIDE; side >= 480; side = Math.floor(side / 1.5)) {
    const canvas = drawn(picture, side);
    for (const quality of QUALITIES) {
      const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", quality));
      if (blob && blob.size <= MOST_BYTES) return blob;
    }
  }
  return null;
}

async function read(file: Blob): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
}

function drawn(picture: ImageBitmap, side: number): HTMLCanvasElement {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** A picture as an address that a page may show (blob addresses are not allowed by its policy). */
export async function shownAddress(picture: Blob): Promise<string> {
  return await new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(String(reader.result)));
    reader.addEventListener("error", () => failed(reader.error));
    reader.readAsDataURL(picture);
  });
}
