/** The parts of a game's page, in its address: `?tab=media`. */

export const tabs = ["overview", "thoughts", "media", "history"] as const;

/** Reads the tab; one that there is not is the first. */
export function readTab(search: Record<string, unknown>): { tab?: (typeof tabs)[number] } {
  const tab = tabs.find((one) => one === search["tab"]);
  return tab ? { tab } : {};
}
