import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";

import { api, ok, type Schema } from "../../api/client";
import { Icon } from "../../ui/Icon";
import { Failed } from "../../ui/parts";
import { copy, CopyLine } from "../parts";
import { WorkPage } from "../../ui/work";
import { searchOf, useWorld, type World } from "../place";
import { gamesQuery, keysQuery, studiosQuery } from "../queries";
import { Code } from "./Code";
import { FirstRunTrail, type Step } from "./FirstRunTrail";
import styles from "./GameStartPage.module.css";
import { useListening } from "./listening";
import { snippets } from "./snippets";
import { Waiting } from "./Waiting";
import { useWords } from "./words";

/** From a game to its first trace: a key, a snippet that has it in it, and the wait for what it leaves. */
export function GameStartPage() {
  const world = useWorld();
  // Another world begins anew: its key is not this one's.
  return <GameStart key={`${world.studio}/${world.game}/${world.environment}`} world={world} />;
}

function GameStart({ world }: { world: World }) {
  const t = useWords();
  const [issued, setIssued] = useState<Schema<"IssuedKey">>();
  const heard = useListening(world, issued?.secret);
  const { data: games } = useQuery(gamesQuery(world.studio));
  const { data: studios } = useQuery(studiosQuery);
  const gameName = games?.find(({ game }) => game === world.game)?.display_name ?? world.game;
  const studioName = studios?.find(({ studio }) => studio === world.studio)?.display_name ?? world.studio;
  const met = heard.traces.length > 0;
  const at: Step | "done" = met ? "done" : issued ? "snippet" : "key";
  const notes = {
    studio: studioName,
    game: `${gameName}, ${world.environment}`,
    ...(issued ? { key: t.madeNow } : {}),
    ...(met ? { trace: t.met } : {}),
  };
  return (
    <WorkPage
      title={t.title}
      beside={
        <Link className="sm end" to="/studio/$studio/$game/world" params={world} search={searchOf(world)}>
          {t.skip}
        </Link>
      }
    >
      <div className={styles["page"]}>
        <div className={styles["in"]}>
          <FirstRunTrail at={at} notes={notes} />
          <div className="stack-5">
            {issued ? (
              <IssuedKey issued={issued} gameName={gameName} />
            ) : (
              <MakeKey world={world} gameName={gameName} onIssued={setIssued} />
            )}
            {issued && <SnippetTabs secret={issued.secret} />}
            <Waiting world={world} heard={heard} secret={issued?.secret} />
          </div>
        </div>
      </div>
    </WorkPage>
  );
}

function MakeKey({ world, gameName, onIssued }: { world: World; gameName: string; onIssued: (key: Schema<"IssuedKey">) => void }) {
  const t = useWords();
  const queries = useQueryClient();
  const { studio, game, environment } = world;
  const { data: keys = [] } = useQuery(keysQuery(studio, game));
  const there = keys.filter((key) => key.environment === environment && !key.revoked_at).length;
  const making = useMutation({
    mutationFn: () =>
      ok(
        api.POST("/v1/studios/{studio}/games/{game}/keys", {
          params: { path: { studio, game } },
          body: { environment, kind: "publishable", label: t.keyLabel },
        }),
      ),
    onSuccess: (key) => {
      onIssued(key);
      void queries.invalidateQueries({ queryKey: keysQuery(studio, game).queryKey });
    },
  });
  return (
    <section className={`card ${styles["key"]}`} aria-labelledby="key">
      <h2 id="key">{t.keyOf(gameName, environment)}</h2>
      <p className="ink2 prose">{t.makeKeyHint(environment)}</p>
      {there > 0 && <p className="sm ink2">{t.keysThere(there)}</p>}
      {making.error && <Failed error={making.error} />}
      <div className="row">
        <button
          className={`btn btn-lit${making.isPending ? " is-busy" : ""}`}
          type="button"
          disabled={making.isPending}
          onClick={() => making.mutate()}
        >
          <Icon name="key" />
          {t.makeKey}
        </button>
      </div>
    </section>
  );
}

function IssuedKey({ issued, gameName }: { issued: Schema<"IssuedKey">; gameName: string }) {
  const t = useWords();
  const { environment } = issued.key;
  const title = t.keyOf(gameName, environment);
  return (
    <section className={`card ${styles["key"]}`} aria-labelledby="key">
      <div className="row between wrap">
        <h2 id="key">{title}</h2>
        <span className="tag tag-lit">
          <Icon name="eye" />
          {t.shownOnce}
        </span>
      </div>
      <CopyLine text={issued.secret} label={title} />
      <p className="hint">{t.keyHint(environment)}</p>
    </section>
  );
}

function SnippetTabs({ secret }: { secret: string }) {
  const t = useWords();
  const [chosen, setChosen] = useState("godot");
  const all = snippets(location.origin, secret, t.hello);
  return (
    <section className={`card ${styles["snippet"]}`} aria-label={t.snippetOf}>
      <Tabs selectedKey={chosen} onSelectionChange={(key) => setChosen(String(key))}>
        <div className={styles["tabs"]}>
          <TabList className="tabs" aria-label={t.language}>
            {all.map(({ id, name }) => (
              <Tab key={id} id={id} className="tab">
                {name}
              </Tab>
            ))}
          </TabList>
          <button
            className="btn btn-quiet btn-icon btn-sm"
            type="button"
            aria-label={t.copySnippet}
            onClick={() => void copy(all.find(({ id }) => id === chosen)?.code ?? "", t.snippetOf)}
          >
            <Icon name="copy" />
          </button>
        </div>
        {all.map(({ id, code }) => (
          <TabPanel key={id} id={id} className={styles["panel"] ?? ""}>
            <pre className="code" tabIndex={0}>
              <Code code={code} />
            </pre>
          </TabPanel>
        ))}
      </Tabs>
    </section>
  );
}
