// A clip in the browser: one picture of all its frames, cut into frames exactly as `sheet_frames` cuts it in Python.

// bytes: a PNG; sheet: { frames, height, width, columns, gap }. Every pixel is what it was in Python.
export async function readClip(bytes, sheet) {
  const blob = new Blob([bytes], { type: "image/png" });
  const plain = { colorSpaceConversion: "none", premultiplyAlpha: "none" };
  return new Clip(await createImageBitmap(blob, plain), sheet);
}

export class Clip {
  constructor(bitmap, sheet) {
    this.bitmap = bitmap;
    this.sheet = sheet;
    this.frames = sheet.frames;
    this.height = sheet.height;
    this.width = sheet.width;
    this.pixels = null;
  }

  // Where a frame lies on the sheet: [left, top].
  place(frame) {
    const { columns, gap } = this.sheet;
    const row = Math.floor(frame / columns);
    const column = frame % columns;
    return [gap + column * (this.width + gap), gap + row * (this.height + gap)];
  }

  draw(context, frame) {
    const [left, top] = this.place(Math.min(frame, this.frames - 1));
    context.drawImage(this.bitmap, left, top, this.width, this.height, 0, 0, this.width, this.height);
  }

  // All pixels of the sheet, read once, when something needs to know them.
  read() {
    if (this.pixels) return this.pixels;
    const canvas = new OffscreenCanvas(this.bitmap.width, this.bitmap.height);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(this.bitmap, 0, 0);
    this.pixels = context.getImageData(0, 0, canvas.width, canvas.height);
    return this.pixels;
  }

  // One line of the frame over all of time. "row": x across and time down; "column": time across and y down.
  slice(kind, place) {
    const { data, width: stride } = this.read();
    const [width, height] = kind === "row" ? [this.width, this.frames] : [this.frames, this.height];
    const picture = new ImageData(width, height);
    for (let frame = 0; frame < this.frames; frame += 1) {
      const [left, top] = this.place(frame);
      const length = kind === "row" ? this.width : this.height;
      for (let along = 0; along < length; along += 1) {
        const [x, y] = kind === "row" ? [along, place] : [place, along];
        const from = 4 * ((top + y) * stride + left + x);
        const to = 4 * (kind === "row" ? frame * width + along : along * width + frame);
        picture.data.set(data.subarray(from, from + 4), to);
      }
    }
    return picture;
  }

  close() {
    this.bitmap.close();
    this.pixels = null;
  }
}
