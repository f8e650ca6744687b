import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

import { type Account, accountQuery } from "../account/me";
import { Frame } from "../shell/Frame";
import { RailFoot } from "../shell/RailFoot";
import { Mark } from "../ui/Cairn";
import { Icon, type IconName } from "../ui/Icon";
import { Answer, Empty } from "../ui/parts";
import { useCommon } from "../ui/words";
import { useSpeech } from "../words";
import { queueQuery } from "./moderation";
import { Sheet } from "../ui/work";
import { useWords } from "./words";
import "../journal/problems";
import "./problems";

const sections = [
  { to: "/admin/reports", icon: "shield", text: "reports", isForAll: true },
  { to: "/admin/audit", icon: "list", text: "audit", isForAll: true },
  { to: "/admin/moderators", icon: "people", text: "moderators", isForAll: true },
  { to: "/admin/titles", icon: "book", text: "titles", isForAll: false },
  { to: "/admin", icon: "live", text: "installation", isForAll: false },
] as const satisfies readonly { to: string; icon: IconName; text: string; isForAll: boolean }[];

/** The frame of the administration: a rail of its sections at the left, the work beside it. */
export function AdminShell() {
  const t = useWords();
  const common = useCommon();
  const account = useQuery(accountQuery);
  const role = account.data && roleOf(account.data);
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
        {role && (
          <Sections isAdministrator={role === "administrator"} />
        )}
        <RailFoot role={role && t.roles[role]} />
      </header>
      <main id="main" className="work">
        <Answer query={account} lines={8}>
          {(account) => (roleOf(account) ? <Outlet /> : <NotYours />)}
        </Answer>
      </main>
    </Frame>
  );
}

function roleOf({ administrator, moderator }: Account): "administrator" | "moderator" | undefined {
  if (administrator) return "administrator";
  return moderator ? "moderator" : undefined;
}

function NotYours() {
  const t = useWords();
  return (
    <Sheet>
      <Empty title={t.notYours} text={t.notYoursText}>
        <Link className="btn" to="/journal">
          {t.toJournal}
        </Link>
      </Empty>
    </Sheet>
  );
}

function Sections({ isAdministrator }: { isAdministrator: boolean }) {
  const t = useWords();
  const nav = useRef<HTMLElement>(null);
  const path = useLocation({ select: ({ pathname }) => pathname });
  // On narrow screens the sections are a strip: the current one is in sight.
  useEffect(() => {
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
  }, [path]);
  return (
    <nav ref={nav} aria-label={t.admin}>
      <ul>
        {sections
          .filter(({ isForAll }) => isForAll || isAdministrator)
          .map(({ to, icon, text }) => (
            <li key={to}>
              <Link to={to} activeOptions={{ exact: true, includeSearch: false }} activeProps={{ "aria-current": "page" }}>
                <Icon name={icon} />
                {t[text]}
                {text === "reports" && <Waiting />}
              </Link>
            </li>
          ))}
      </ul>
    </nav>
  );
}

/** How many cases wait. */
function Waiting() {
  const t = useWords();
  const s = useSpeech();
  const { data, hasNextPage } = useInfiniteQuery(queueQuery({}));
  const waiting = data?.length ?? 0;
  if (waiting === 0) return null;
  const shown = `${s.number(waiting)}${hasNextPage ? "+" : ""}`;
  return (
    <span className="count">
      <span aria-hidden="true">{shown}</span>
      <span className="vh">{t.waiting(shown)}</span>
    </span>
  );
}
