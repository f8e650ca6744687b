import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { api, ok, type Schema } from "../../api/client";
import { Problem } from "../../api/problem";
import { Icon } from "../../ui/Icon";
import { Answer } from "../../ui/parts";
import { useSpeech } from "../../words";
import { queueQuery } from "../moderation";
import { ForAdministrators } from "../parts";
import { Part, Sheet, WorkPage } from "../../ui/work";
import type { TitlesSearch } from "../search";
import { pendingQuery, unclearQuery } from "../titles/queries";
import styles from "./InstallationPage.module.css";
import { useWords } from "./words";

const ASK_MS = 10_000;

/** How the installation is, and what waits for its administrators. */
export function InstallationPage() {
  const t = useWords();
  return (
    <WorkPage title={t.title}>
      <ForAdministrators>
        <Sheet>
          <Part title={t.state} hint={t.stateLead}>
            <State />
          </Part>
          <Part title={t.waiting}>
            <WaitingPart />
          </Part>
          <Part title={t.commands} hint={t.commandsLead}>
            <dl className={styles["commands"]}>
              {Object.entries(t.commandTexts).map(([command, text]) => (
                <div key={command}>
                  <dt>
                    <code>{command}</code>
                  </dt>
                  <dd>{text}</dd>
                </div>
              ))}
            </dl>
            <p className="sm">
              <a href="/docs">{t.docs}</a>
            </p>
          </Part>
        </Sheet>
      </ForAdministrators>
    </WorkPage>
  );
}

/** Whether requests should be sent here: a server that shuts down says so with 503, and in the same shape. */
const readyQuery = {
  queryKey: ["installation", "ready"],
  queryFn: async (): Promise<Schema<"Ready">> => {
    const { data, error, response } = await api.GET("/readyz");
    const body = data ?? (response.status === 503 ? (error as Schema<"Ready"> | undefined) : undefined);
    if (!body || !("database" in body)) throw new Problem(response);
    return body;
  },
  refetchInterval: ASK_MS,
};

const healthQuery = {
  queryKey: ["installation", "health"],
  queryFn: () => ok(api.GET("/health")),
  refetchInterval: ASK_MS,
};

/** The version, from the description of the API, which is that of the program. */
const versionQuery = {
  queryKey: ["installation", "version"],
  queryFn: async () => {
    const response = await fetch("/openapi.json");
    if (!response.ok) throw new Problem(response);
    const { info } = (await response.json()) as { info: { version: string } };
    return info.version;
  },
  staleTime: Number.POSITIVE_INFINITY,
};

function State() {
  const t = useWords();
  const s = useSpeech();
  const ready = useQuery(readyQuery);
  const health = useQuery(healthQuery);
  const version = useQuery(versionQuery);
  return (
    <ul className={styles["state"]}>
      <Answer query={ready} lines={2}>
        {({ status, database, cache, queued_writes }) => (
          <>
            <Fact name={t.service} value={t.status[status] ?? status} isWell={status === "ready"} />
            <Fact name={t.database} value={t.parts[database] ?? database} isWell={database === "up"} />
            <Fact name={t.cache} value={t.parts[cache] ?? cache} isWell={cache === "up"} />
            <Fact name={t.queued} value={s.number(queued_writes)} />
          </>
        )}
      </Answer>
      <Answer query={health} lines={1}>
        {() => <Fact name={t.health} value={t.healthy} isWell />}
      </Answer>
      <Answer query={version} lines={1}>
        {(version) => <Fact name={t.version} value={version} />}
      </Answer>
    </ul>
  );
}

function Fact({ name, value, isWell }: { name: string; value: string; isWell?: boolean }) {
  return (
    <li className="card">
      <span className="sm ink3">{name}</span>
      <b className="row">
        {isWell !== undefined && (
          <span className={isWell ? styles["well"] : styles["unwell"]}>
            <Icon name={isWell ? "tick" : "warn"} />
          </span>
        )}
        {value}
      </b>
    </li>
  );
}

function WaitingPart() {
  const t = useWords();
  const reports = useInfiniteQuery(queueQuery({}));
  const pending = useInfiniteQuery(pendingQuery);
  const unclear = useInfiniteQuery(unclearQuery);
  return (
    <ul className={styles["waiting"]}>
      <Waits text={t.reports} to="/admin/reports" query={reports} />
      <Waits text={t.pending} to="/admin/titles" search={{}} query={pending} />
      <Waits text={t.unclear} to="/admin/titles" search={{ tab: "unclear" }} query={unclear} />
    </ul>
  );
}

interface Counted {
  data: unknown[] | undefined;
  error: unknown;
  refetch: () => unknown;
  hasNextPage: boolean;
}

function Waits({ text, to, search = {}, query }: { text: string; to: "/admin/reports" | "/admin/titles"; search?: TitlesSearch; query: Counted }) {
  const s = useSpeech();
  return (
    <li>
      <Link to={to} search={search}>
        {text}
      </Link>
      <Answer query={query} lines={1}>
        {(items) => (
          <span className={`count${items.length > 0 ? " count-lit" : ""}`}>
            {s.number(items.length)}
            {query.hasNextPage && "+"}
          </span>
        )}
      </Answer>
    </li>
  );
}
