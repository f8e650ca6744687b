import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";

import { api, ok } from "../../api/client";
import { Avatar } from "../../ui/Avatar";
import { Answer, Empty } from "../../ui/parts";
import { useSpeech } from "../../words";
import { FirstRunTrail } from "../first-run/FirstRunTrail";
import { Part, Sheet, WorkPage } from "../../ui/work";
import { studiosQuery } from "../queries";
import { useWords as useStudioWords } from "../words";
import { NamingForm } from "./NamingForm";
import styles from "./StudiosPage.module.css";
import { useWords } from "./words";

/** The studios of the signed-in person, and the way to a new one. */
export function StudiosPage() {
  const t = useWords();
  const studios = useQuery(studiosQuery);
  const isNew = studios.data?.length === 0;
  return (
    <WorkPage title={t.title} beside={studios.data && !isNew && <span className="ink2 sm">{t.all(studios.data.length)}</span>}>
      <Sheet>
        <p className="ink2 prose">{t.intro}</p>
        <div className={styles["two"]}>
          <Answer query={studios}>
            {(items) => (items.length === 0 ? <FirstRunTrail at="studio" /> : <StudioList items={items} />)}
          </Answer>
          <NewStudio />
        </div>
      </Sheet>
    </WorkPage>
  );
}

function StudioList({ items }: { items: { studio: string; display_name?: string; role?: "viewer" | "moderator" | "developer" | "owner"; since: string }[] }) {
  const t = useWords();
  const studioWords = useStudioWords();
  const s = useSpeech();
  if (items.length === 0) return <Empty title={t.none} text={t.noneText} />;
  return (
    <ul className={styles["list"]}>
      {items.map(({ studio, display_name: name = studio, role, since }) => (
        <li key={studio}>
          <Avatar name={name} />
          <span className="stack-1">
            <Link to="/studio/$studio" params={{ studio }} className="trunc">
              {name}
            </Link>
            <span className="xs ink3 mono trunc">{studio}</span>
          </span>
          <span className="xs ink2">
            {role ? studioWords.roles[role] : studioWords.noRole}, {t.since(s.date(since))}
          </span>
        </li>
      ))}
    </ul>
  );
}

function NewStudio() {
  const t = useWords();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const make = async (name: string, display_name: string) => {
    await ok(api.POST("/v1/studios", { body: { name, display_name } }));
    await queries.invalidateQueries({ queryKey: studiosQuery.queryKey });
    await navigate({ to: "/studio/$studio", params: { studio: name } });
  };
  return (
    <Part title={t.make}>
      <NamingForm field="name" text={t.create} make={make} />
      <p className="sm">
        <Link to="/account/invitation">{t.invited}</Link>
      </p>
    </Part>
  );
}
