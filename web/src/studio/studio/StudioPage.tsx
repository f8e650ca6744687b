import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";

import { api, ok } from "../../api/client";
import { Cover } from "../../ui/Cover";
import { Answer } from "../../ui/parts";
import { useSpeech } from "../../words";
import { FirstRunTrail } from "../first-run/FirstRunTrail";
import { Part, Sheet, WorkPage } from "../../ui/work";
import { gamesQuery, isAtLeast, studiosQuery, useRole } from "../queries";
import { NamingForm } from "../studios/NamingForm";
import { useStudio } from "../place";
import styles from "./StudioPage.module.css";
import { useWords } from "./words";

/** The games of a studio, and the way to another one. */
export function StudioPage() {
  const studio = useStudio();
  const role = useRole();
  const games = useQuery(gamesQuery(studio));
  const { data: studios = [] } = useQuery(studiosQuery);
  const name = studios.find((membership) => membership.studio === studio)?.display_name ?? studio;
  return (
    <WorkPage title={name}>
      <Sheet>
        <div className={styles["two"]}>
          <Answer query={games}>
            {(items) =>
              items.length === 0 ? <FirstRunTrail at="game" notes={{ studio: name }} /> : <GameList studio={studio} items={items} />
            }
          </Answer>
          {(role === undefined || isAtLeast(role, "developer")) && <NewGame studio={studio} />}
        </div>
      </Sheet>
    </WorkPage>
  );
}

function GameList({ studio, items }: { studio: string; items: { game: string; display_name: string; created_at: string }[] }) {
  const t = useWords();
  const s = useSpeech();
  return (
    <ul className={styles["games"]}>
      {items.map(({ game, display_name, created_at }) => (
        <li key={game}>
          <span className={styles["cover"]}>
            <Cover name={display_name} />
          </span>
          <div className="stack-1">
            <h2 className="trunc">
              <Link to="/studio/$studio/$game/world" params={{ studio, game }}>
                {display_name}
              </Link>
            </h2>
            <span className="xs ink3 mono trunc">{`${studio}/${game}`}</span>
            <span className="xs ink2">{t.since(s.date(created_at))}</span>
            <Link className={`sm ${styles["above"]}`} to="/studio/$studio/$game" params={{ studio, game }} search={{ env: "dev" }}>
              {t.start}
            </Link>
          </div>
        </li>
      ))}
    </ul>
  );
}

function NewGame({ studio }: { studio: string }) {
  const t = useWords();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const make = async (game: string, display_name: string) => {
    await ok(api.POST("/v1/studios/{studio}/games", { params: { path: { studio } }, body: { game, display_name } }));
    await queries.invalidateQueries({ queryKey: gamesQuery(studio).queryKey });
    await navigate({ to: "/studio/$studio/$game", params: { studio, game }, search: { env: "dev" } });
  };
  return (
    <Part title={t.add}>
      <NamingForm field="game" text={t.create} make={make} />
    </Part>
  );
}
