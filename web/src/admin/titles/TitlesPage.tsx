import { Link, useSearch } from "@tanstack/react-router";

import { ForAdministrators } from "../parts";
import { Sheet, WorkPage } from "../../ui/work";
import { type TitleTab, titleTabs } from "../search";
import { Merge } from "./Merge";
import { Pending } from "./Pending";
import { StudioLinks } from "./StudioLinks";
import { Unclear } from "./Unclear";
import { useWords } from "./words";

const shown: Record<TitleTab, () => React.ReactNode> = { pending: Pending, unclear: Unclear, merge: Merge, studios: StudioLinks };

/** The catalogue of games: what waits for approval, what is unclear, what is there twice, and the games of studios here. */
export function TitlesPage() {
  const t = useWords();
  const { tab = "pending" } = useSearch({ from: "/signed-in/admin-frame/admin/titles" });
  const Shown = shown[tab];
  return (
    <WorkPage title={t.title}>
      <ForAdministrators>
        <Sheet>
          <nav className="tabs" aria-label={t.title}>
            {titleTabs.map((name) => (
              <Link
                key={name}
                className="tab"
                to="/admin/titles"
                search={name === "pending" ? {} : { tab: name }}
                activeOptions={{ exact: true }}
                aria-current={name === tab ? "page" : undefined}
              >
                {t.tabs[name]}
              </Link>
            ))}
          </nav>
          <Shown />
        </Sheet>
      </ForAdministrators>
    </WorkPage>
  );
}
