/** What the addresses of the administration say after their question mark. */

/** What can be reported, in the order of the filters. */
export const kinds = ["thought", "comment", "media", "challenge", "person"] as const;
/** What was reported. */
export type Kind = (typeof kinds)[number];

/** Which cases are shown: those that wait, or what is hidden and who is banned. */
export interface ReportsSearch {
  state?: "in_force";
  kind?: Kind;
}

/** Reads the address of the reports. */
export function readReportsSearch({ state, kind }: Record<string, unknown>): ReportsSearch {
  const known = kinds.find((one) => one === kind);
  return { ...(state === "in_force" ? { state } : {}), ...(known ? { kind: known } : {}) };
}

/** Whose verdicts are shown; absent: everybody's. */
export interface AuditSearch {
  username?: string;
}

/** Reads the address of the audit log. */
export function readAuditSearch({ username }: Record<string, unknown>): AuditSearch {
  return typeof username === "string" && username !== "" ? { username } : {};
}

/** The parts of the page of games, in their order. */
export const titleTabs = ["pending", "unclear", "merge", "studios"] as const;
/** A part of the page of games. */
export type TitleTab = (typeof titleTabs)[number];

/** Which part of the page of games is shown; of two games that are merged, which goes and which stays. */
export interface TitlesSearch {
  tab?: TitleTab;
  from?: string;
  into?: string;
}

/** Reads the address of the games. */
export function readTitlesSearch({ tab, from, into }: Record<string, unknown>): TitlesSearch {
  const known = titleTabs.find((one) => one === tab);
  // Ids are digits, which the address may give as a number.
  const id = (value: unknown) => (/^\d+$/.test(String(value)) ? String(value) : undefined);
  const [goes, stays] = [id(from), id(into)];
  return { ...(known ? { tab: known } : {}), ...(goes ? { from: goes } : {}), ...(stays ? { into: stays } : {}) };
}
