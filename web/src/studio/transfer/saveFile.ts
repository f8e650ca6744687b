/** Gives a file to the person at the browser. */
export function saveFile(file: Blob, name: string) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: name });
  link.click();
  // Not at once: the download has to begin first.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
