/** The year in the address of the timeline: `?year=2024`. */
export function readYear(search: Record<string, unknown>): { year?: string } {
  const year = String(search["year"] ?? "");
  return /^\d{4}$/.test(year) ? { year } : {};
}
