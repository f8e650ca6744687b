// Every page, with something on it: what the gates and the screenshots go through.
import { fillAdmin } from "./admin.demo.mjs";
import { fillPeople } from "./people.demo.mjs";
import { fillStudio } from "./studio.demo.mjs";

/** Fills a server, and says which pages to see: a name, an address, and who sees it (nobody: a stranger). */
export async function tour(cairn) {
  const filled = await fillPeople(cairn);
  const { people, ids, gatherings } = filled;
  const { root, heron } = await fillAdmin(cairn, filled);
  const empty = await cairn.person("newcomer");
  const { ilinca } = people;
  const maker = await cairn.person("low_lantern");
  const demo = await fillStudio(cairn, maker);
  const studio = `/studio/${demo.studio}`;
  const made = `${studio}/${demo.game}`;
  const game = ids["Kestrel Below"];
  const thoughts = await cairn.call("GET", "/api/thoughts?limit=1", undefined, ilinca);
  const thought = thoughts.items[0].id;
  const gathering = gatherings.rally.id;
  const stops = [
    ["front", "/"],
    ["public-game", `/games/${game}`],
    ["public-person", "/people/ilinca"],
    ["public-nothing", "/people/nobody"],
    ["sign-in", "/account/sign-in"],
    ["register", "/account/register"],
    ["forgotten", "/account/forgotten"],
    ["reset", "/account/reset"],
    ["confirm", "/account/confirm"],
    ["setup", "/account/setup"],
    ["home", "/journal", ilinca],
    ["home-empty", "/journal", empty],
    ["library", "/journal/library", ilinca],
    ["library-empty", "/journal/library", empty],
    ["game", `/journal/games/${game}`, ilinca],
    ["game-empty", `/journal/games/${game}`, empty],
    ["new-game", "/journal/games/new", ilinca],
    ["thought", `/journal/thoughts/${thought}`, ilinca],
    ["timeline", "/journal/timeline", ilinca],
    ["timeline-empty", "/journal/timeline", empty],
    ["statistics", "/journal/statistics", ilinca],
    ["statistics-empty", "/journal/statistics", empty],
    ["import", "/journal/import", ilinca],
    ["people", "/journal/people", ilinca],
    ["people-empty", "/journal/people", empty],
    ["person", "/journal/people/oskar_t", ilinca],
    ["person-self", "/journal/people/ilinca", ilinca],
    ["gatherings", "/journal/gatherings", ilinca],
    ["gatherings-empty", "/journal/gatherings", empty],
    ["gathering-new", "/journal/gatherings/new", ilinca],
    ["gathering", `/journal/gatherings/${gathering}`, ilinca],
    ["notices", "/journal/notices", ilinca],
    ["notices-empty", "/journal/notices", empty],
    ["saves", "/journal/saves", ilinca],
    ["saves-empty", "/journal/saves", empty],
    ["saves-set-up", "/journal/saves?save=set-up", ilinca],
    ["gatherings-calendar", "/journal/gatherings?view=calendar", ilinca],
    ["people-followed", "/journal/people?list=followed", ilinca],
    ["person-thoughts", "/journal/people/oskar_t?tab=thoughts", ilinca],
    ["verdicts", "/journal/notices?show=verdicts", ilinca],
    ["account", "/account", ilinca],
    ...["preferences", "privacy", "notices", "sign-in", "programs", "players", "data"].map((section) => [
      `account-${section}`,
      `/account?section=${section}`,
      ilinca,
    ]),
    ["studios-empty", "/studio", ilinca],
    ["studios", "/studio", maker],
    ["studio", studio, maker],
    ["studio-members", `${studio}/members`, maker],
    ["studio-audit", `${studio}/audit`, maker],
    ["studio-world", `${made}/world`, maker],
    ["studio-world-empty", `${made}/world?env=dev`, maker],
    ["studio-ghosts", `${made}/ghosts`, maker],
    ["studio-moderation", `${made}/moderation`, maker],
    ["studio-players", `${made}/players`, maker],
    ["studio-keys", `${made}/keys`, maker],
    ["studio-settings", `${made}/settings`, maker],
    ["studio-transfer", `${made}/transfer`, maker],
    ["admin", "/admin", root],
    ["admin-nobody", "/admin", ilinca],
    ["admin-reports", "/admin/reports", heron],
    ["admin-reports-media", "/admin/reports?kind=media", heron],
    ["admin-reports-in-force", "/admin/reports?state=in_force", heron],
    ["admin-audit", "/admin/audit", heron],
    ["admin-moderators", "/admin/moderators", root],
    ["admin-titles", "/admin/titles", root],
    ["admin-titles-unclear", "/admin/titles?tab=unclear", root],
    ["admin-titles-merge", `/admin/titles?tab=merge&from=${ids["Saltglass"]}&into=${game}`, root],
    ["admin-titles-studios", "/admin/titles?tab=studios", root],
    ["nothing", "/journal/nothing-here", ilinca],
  ];
  return { people, stops: stops.map(([name, path, who]) => ({ name, path, who })) };
}

/** Waits until a page has drawn what it asked for. */
export async function settled(page) {
  await page.waitForLoadState("networkidle");
  await page.locator("[aria-busy=true].loading").first().waitFor({ state: "detached", timeout: 10_000 }).catch(() => {});
  await page.evaluate(() => document.fonts.ready);
}
