import { useQuery } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";

import { useMe } from "../account/me";
import { Frame } from "../shell/Frame";
import { shownTheme, wearTheme } from "../shell/look";
import { Avatar } from "../ui/Avatar";
import { Mark } from "../ui/Cairn";
import { Icon, type IconName } from "../ui/Icon";
import { useCommon } from "../ui/words";
import { useSpeech } from "../words";
import { isAtLeast, queueQuery, type Role, useRole } from "./queries";
import styles from "./StudioShell.module.css";
import { StudioPicker } from "./StudioPicker";
import { useWords } from "./words";
import { type StudioSearch, usePlace, type World } from "./place";

interface Section {
  to: string;
  icon: IconName;
  text: "start" | "world" | "ghosts" | "moderation" | "live" | "players" | "keys" | "transfer" | "settings" | "games" | "members" | "audit";
  least: Role;
}

const ofGame: Section[] = [
  { to: "/studio/$studio/$game/world", icon: "map", text: "world", least: "viewer" },
  { to: "/studio/$studio/$game/ghosts", icon: "ghost", text: "ghosts", least: "viewer" },
  { to: "/studio/$studio/$game/moderation", icon: "shield", text: "moderation", least: "moderator" },
  { to: "/studio/$studio/$game/live", icon: "live", text: "live", least: "viewer" },
  { to: "/studio/$studio/$game/players", icon: "pad", text: "players", least: "developer" },
  { to: "/studio/$studio/$game/keys", icon: "key", text: "keys", least: "developer" },
  { to: "/studio/$studio/$game/transfer", icon: "get", text: "transfer", least: "developer" },
  { to: "/studio/$studio/$game/settings", icon: "gear", text: "settings", least: "developer" },
];
const ofStudio: Section[] = [
  { to: "/studio/$studio", icon: "grid", text: "games", least: "viewer" },
  { to: "/studio/$studio/members", icon: "people", text: "members", least: "viewer" },
  { to: "/studio/$studio/audit", icon: "list", text: "audit", least: "developer" },
];

/** The frame of the studio: a rail of its sections at the left, the work beside it. */
export function StudioShell() {
  const t = useWords();
  const common = useCommon();
  const { studio, game, environment } = usePlace();
  return (
    <Frame className="studio">
      <a className="skip" href="#main">
        {common.skip}
      </a>
      <header className="rail">
        <Link className="mark" to="/journal">
          <Mark />
          Cairn
        </Link>
        <StudioPicker />
        {studio && (
          <nav aria-label={t.studio}>
            <ul>
              {game && <Sections of={ofGame} world={{ studio, game, environment }} />}
              <Sections of={ofStudio} world={{ studio, game: game ?? "", environment }} />
            </ul>
          </nav>
        )}
        <Foot />
      </header>
      <main id="main" className="work">
        <Outlet />
      </main>
    </Frame>
  );
}

function Sections({ of, world }: { of: Section[]; world: World }) {
  const t = useWords();
  const role = useRole();
  const { studio, game, environment } = world;
  return of
    .filter(({ least }) => role === undefined || isAtLeast(role, least))
    .map(({ to, icon, text }) => {
      const search: StudioSearch = {
        ...(environment === "dev" ? { env: "dev" } : {}),
        ...(to.includes("$game") || game === "" ? {} : { game }),
      };
      return (
        <li key={to}>
          <Link
            to={to}
            params={{ studio, game }}
            search={search}
            activeOptions={{ exact: true, includeSearch: false }}
            activeProps={{ "aria-current": "page" }}
          >
            <Icon name={icon} />
            {t[text]}
            {text === "moderation" && isAtLeast(role, "moderator") && <Waiting world={world} />}
          </Link>
        </li>
      );
    });
}

/** How many traces wait for a moderator. */
function Waiting({ world }: { world: World }) {
  const t = useWords();
  const s = useSpeech();
  const { data } = useQuery(queueQuery(world));
  const waiting = data?.items.filter(({ hidden, reports }) => !hidden && reports > 0).length ?? 0;
  if (waiting === 0) return null;
  const shown = `${s.number(waiting)}${data?.more ? "+" : ""}`;
  return (
    <span className="count">
      <span aria-hidden="true">{shown}</span>
      <span className="vh">{t.waiting(shown)}</span>
    </span>
  );
}

function Foot() {
  const t = useWords();
  const me = useMe();
  const role = useRole();
  const { studio } = usePlace();
  const name = me.display_name ?? me.username ?? me.email;
  return (
    <div className="foot row between">
      <Link className={`row ${styles["me"]}`} to="/journal">
        <Avatar name={name} small />
        <span className={`xs ink2 ${styles["name"]}`}>
          <span className="vh">{t.journal}: </span>
          <span className="trunc">{name}</span>
          {studio && <span className="ink3">{role ? t.roles[role] : t.noRole}</span>}
        </span>
      </Link>
      <button
        className="btn btn-quiet btn-icon"
        type="button"
        aria-label={t.changeTheme}
        onClick={() => wearTheme(shownTheme() === "dark" ? "light" : "dark")}
      >
        <Icon name="theme" />
      </button>
    </div>
  );
}
