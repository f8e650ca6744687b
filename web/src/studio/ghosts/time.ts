/** 238_200 → "3:58.20" with hundredths, "3:58" without. */
export function clock(ms: number, withHundredths = false): string {
  const secs = Math.floor(ms / 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const text = `${Math.floor(secs / 60)}:${two(secs % 60)}`;
  return withHundredths ? `${text}.${two(Math.floor((ms % 1000) / 10))}` : text;
}
