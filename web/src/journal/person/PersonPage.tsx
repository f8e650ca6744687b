import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { useMe } from "../../account/me";
import type { Schema } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Avatar } from "../../ui/Avatar";
import { MenuButton } from "../../ui/overlays";
import { Answer, Empty } from "../../ui/parts";
import { Rings } from "../../ui/Rings";
import { useTitle } from "../../ui/useTitle";
import { useCommon } from "../../ui/words";
import { useLanguage, useSpeech } from "../../words";
import { FollowButton } from "../people/FollowButton";
import { nameOf, personQuery, useBlock } from "../people/queries";
import { ReportDialog } from "../report/ReportDialog";
import { TheirLibrary } from "./TheirLibrary";
import { TheirMedia } from "./TheirMedia";
import styles from "./PersonPage.module.css";
import { statisticsQuery } from "./queries";
import { tabs } from "./search";
import { TheirStatistics } from "./TheirStatistics";
import { TheirThoughts } from "./TheirThoughts";
import { useWords } from "./words";

const shown = { library: TheirLibrary, thoughts: TheirThoughts, media: TheirMedia, statistics: TheirStatistics };

/** A person, as far as the reader sees them: who they are, what they play, wrote and captured. */
export function PersonPage() {
  const t = useWords();
  const { username } = useParams({ from: "/signed-in/journal-frame/journal/people/$username" });
  const { tab = "library" } = useSearch({ from: "/signed-in/journal-frame/journal/people/$username" });
  const person = useQuery(personQuery(username));
  useTitle(person.data ? nameOf(person.data) : username);
  if (person.error && asProblem(person.error).status === 404) {
    return (
      <Empty title={t.nobody} text={t.nobodyText}>
        <Link className="btn" to="/journal/people">
          {t.toPeople}
        </Link>
      </Empty>
    );
  }
  const Shown = shown[tab];
  return (
    <Answer query={person} lines={6}>
      {(person) => (
        <>
          <Head person={person} />
          <Facts username={person.username} />
          <nav className={`tabs ${styles["tabs"]}`} aria-label={nameOf(person)}>
            {tabs.map((name) => (
              <Link
                key={name}
                className="tab"
                to="/journal/people/$username"
                params={{ username }}
                search={name === "library" ? {} : { tab: name }}
                activeOptions={{ exact: true }}
                aria-current={name === tab ? "page" : undefined}
              >
                {t.tabs[name]}
              </Link>
            ))}
          </nav>
          <Shown username={person.username} />
        </>
      )}
    </Answer>
  );
}

function Head({ person }: { person: Schema<"Person"> }) {
  const t = useWords();
  const s = useSpeech();
  const me = useMe();
  const names = new Intl.DisplayNames(useLanguage(), { type: "language" });
  const { username, display_name, bio, languages, band, followed, follows_you } = person;
  return (
    <header className={styles["head"]}>
      <span className={styles["face"]}>
        <Avatar name={nameOf(person)} />
      </span>
      <div className="stack-2">
        <div className="row wrap">
          <h1>{nameOf(person)}</h1>
          {display_name && <span className="ink3">{username}</span>}
          {follows_you && <span className="tag tag-ok">{followed ? t.friends : t.followsYou}</span>}
        </div>
        {bio && <p className={styles["bio"]}>{bio}</p>}
        <p className="row wrap sm ink2">
          {band && (
            <>
              <Rings band={band} />
              {t.bands[band]}
            </>
          )}
          {languages.length > 0 && <span>{t.speaks(s.list(languages.map((tag) => names.of(tag) ?? tag)))}</span>}
        </p>
      </div>
      {username === me.username ? (
        <Link className="btn" to="/account">
          {t.edit}
        </Link>
      ) : (
        <Acts person={person} />
      )}
    </header>
  );
}

function Acts({ person }: { person: Schema<"Person"> }) {
  const t = useWords();
  const common = useCommon();
  const blocking = useBlock();
  const [isReporting, setReporting] = useState(false);
  return (
    <div className="row">
      <FollowButton person={person} small={false} lit />
      <MenuButton
        label={common.optionsFor(nameOf(person))}
        className="btn btn-icon"
        actions={[
          { id: "report", text: t.report, icon: "shield", act: () => setReporting(true) },
          null,
          {
            id: "block",
            text: t.block,
            icon: "ban",
            isBad: true,
            act: () => blocking.mutate({ person, on: true, wasFollowed: person.followed ?? false }),
          },
        ]}
      />
      <ReportDialog kind="person" id={person.username} isOpen={isReporting} close={() => setReporting(false)} />
    </div>
  );
}

function Facts({ username }: { username: string }) {
  const t = useWords();
  const s = useSpeech();
  const { data } = useQuery(statisticsQuery(username));
  if (!data || data.entries === 0) return null;
  const facts = [
    [s.number(data.entries), t.games],
    [s.number(data.completed), t.finished],
    [s.minutes(data.minutes), t.played],
    ...(data.mean_score === undefined ? [] : [[s.number(Math.round(data.mean_score)), t.meanScore]]),
  ];
  return (
    <dl className={styles["facts"]}>
      {facts.map(([figure, name]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{figure}</dd>
        </div>
      ))}
    </dl>
  );
}
