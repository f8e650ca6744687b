import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useNavigate } from "@tanstack/react-router";

import { accountQuery, meQuery } from "../account/me";
import { useSignOut } from "../account/sessions";
import { LogPlace } from "../journal/log/LogPlace";
import { Avatar } from "../ui/Avatar";
import { Mark } from "../ui/Cairn";
import { Icon, type IconName } from "../ui/Icon";
import { MenuButton } from "../ui/overlays";
import { useCommon } from "../ui/words";
import { Frame } from "./Frame";
import { shownTheme, wearTheme } from "./look";
import { SearchPlace } from "./SearchPlace";
import { unreadQuery } from "./unread";
import { useWords } from "./words";
import "../journal/problems";

const sections = [
  { to: "/journal", icon: "home", text: "home", exact: true },
  { to: "/journal/library", icon: "book", text: "library", exact: false },
  { to: "/journal/timeline", icon: "clock", text: "timeline", exact: false },
  { to: "/journal/people", icon: "people", text: "people", exact: false },
  { to: "/journal/gatherings", icon: "cal", text: "gatherings", exact: false },
] as const satisfies readonly { to: string; icon: IconName; text: string; exact: boolean }[];

/** The frame of the journal and of the account: the sections above (below on narrow screens), search, notices, oneself. */
export function JournalShell() {
  const t = useWords();
  const common = useCommon();
  const { data: me } = useQuery(meQuery);
  return (
    <Frame className="has-bottom">
      <a className="skip" href="#main">
        {common.skip}
      </a>
      <header className="top">
        <div className="page top-in">
          <Link className="mark" to="/journal">
            <Mark />
            Cairn
          </Link>
          <nav className="nav" aria-label={t.journal}>
            <Sections />
          </nav>
          <div className="tool">
            <SearchPlace />
            <button
              className="btn btn-quiet btn-icon"
              type="button"
              aria-label={t.changeTheme}
              onClick={() => wearTheme(shownTheme() === "dark" ? "light" : "dark")}
            >
              <Icon name="theme" />
            </button>
            {me ? <Yourself name={me.display_name ?? me.username ?? me.email} /> : <SignInLink />}
          </div>
        </div>
      </header>
      <main id="main" className="page">
        <Outlet />
      </main>
      <LogPlace />
      <nav className="bottom" aria-label={t.more}>
        <Sections withIcons />
      </nav>
    </Frame>
  );
}

function Sections({ withIcons = false }: { withIcons?: boolean }) {
  const t = useWords();
  return sections.map(({ to, icon, text, exact }) => (
    <Link key={to} to={to} activeOptions={{ exact }} activeProps={{ "aria-current": "page" }}>
      {withIcons && <Icon name={icon} />}
      {t[text]}
    </Link>
  ));
}

function SignInLink() {
  const t = useWords();
  return (
    <Link className="btn btn-sm" to="/account/sign-in">
      {t.signIn}
    </Link>
  );
}

function Yourself({ name }: { name: string }) {
  const t = useWords();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const { data: unread = 0 } = useQuery(unreadQuery);
  const { data: me } = useQuery(meQuery);
  const { data: account } = useQuery(accountQuery);
  const go = (to: string) => () => navigate({ to });
  return (
    <>
      <Link
        className={`btn btn-quiet btn-icon${unread > 0 ? " dotted" : ""}`}
        to="/journal/notices"
        aria-label={unread > 0 ? t.newNotices(unread) : t.notices}
      >
        <Icon name="bell" />
      </Link>
      <MenuButton
        label={t.yourProfile}
        className="btn btn-quiet btn-icon"
        actions={[
          ...(me?.username
            ? [{ id: "profile", text: t.profile, icon: "people" as const, act: go(`/journal/people/${me.username}`) }]
            : []),
          { id: "statistics", text: t.statistics, icon: "live", act: go("/journal/statistics") },
          { id: "saves", text: t.saves, icon: "layers", act: go("/journal/saves") },
          { id: "import", text: t.import, icon: "get", act: go("/journal/import") },
          { id: "account", text: t.account, icon: "lock", act: go("/account") },
          { id: "studio", text: t.studio, icon: "map", act: go("/studio") },
          ...(account?.administrator || account?.moderator
            ? [{ id: "admin", text: t.admin, icon: "shield" as const, act: go(account.administrator ? "/admin" : "/admin/reports") }]
            : []),
          null,
          { id: "out", text: t.signOut, icon: "back", act: signOut },
        ]}
      >
        <Avatar name={name} />
      </MenuButton>
    </>
  );
}
