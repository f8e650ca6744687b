// Before anything is painted: the theme and the contrast that this person chose on this device.
try {
  const { theme, contrast } = JSON.parse(localStorage.getItem("cairn-look") || "{}");
  if (theme) document.documentElement.dataset.theme = theme;
  if (contrast) document.documentElement.dataset.contrast = contrast;
} catch {
  // Without storage the system's wishes hold.
}
