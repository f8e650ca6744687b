/** Pictures that a server takes: of a type that it knows, and not too large. */

const TYPES = ["image/png", "image/jpeg", "image/webp", "image/gif"] as const;
const CLIPS = ["video/mp4", "video/webm"] as const;
const PICTURE_BYTES = 20 * 1024 * 1024;
const CLIP_BYTES = 30 * 1024 * 1024;
const PIXELS = 24_000_000;
const QUALITY = 0.92;

/** A type of media that the server takes. */
export type MediaType = (typeof TYPES)[number] | (typeof CLIPS)[number];

/** A file that can be sent, or why it can't. */
export type Prepared = { file: Blob; type: MediaType; name: string; wasShrunk: boolean } | "no_media" | "clip_too_large";

/** Makes a file ready to be sent. A picture that is too large, or of another type, is drawn anew as a JPEG. */
export async function prepare(file: File): Promise<Prepared> {
  const clip = CLIPS.find((type) => type === file.type);
  if (clip) return file.size <= CLIP_BYTES ? { file, type: clip, name: file.name, wasShrunk: false } : "clip_too_large";
  const picture = await createImageBitmap(file).catch(() => undefined);
  if (!picture) return "no_media";
  const type = TYPES.find((one) => one === file.type);
  const pixels = picture.width * picture.height;
  if (type && file.size <= PICTURE_BYTES && pixels <= PIXELS) return { file, type, name: file.name, wasShrunk: false };
  const scale = Math.min(1, Math.sqrt(PIXELS / pixels));
  const canvas = new OffscreenCanvas(Math.floor(picture.width * scale), Math.floor(picture.height * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
  return { file: blob, type: "image/jpeg", name: file.name, wasShrunk: true };
}

/** The SHA-256 digest, as the API wants it; `undefined` where the browser only has it over https. */
export async function digest(file: Blob): Promise<string | undefined> {
  if (!globalThis.crypto.subtle) return undefined;
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
