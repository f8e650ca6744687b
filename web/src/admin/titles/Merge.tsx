import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { Cover } from "../../ui/Cover";
import { platformName, useGenreName } from "../../ui/games";
import { Icon } from "../../ui/Icon";
import { Answer } from "../../ui/parts";
import { useSpeech } from "../../words";
import type { TitlesSearch } from "../search";
import { joined } from "./facts";
import { type FullGame, GAMES_KEY, mergeGame, taggedGameQuery } from "./queries";
import styles from "./Titles.module.css";
import { TitlePicker } from "./TitlePicker";
import { useDelayed } from "./useDelayed";
import { useWords } from "./words";

/** Two games of the catalogue that are one: which goes, which stays, and what is known afterwards. */
export function Merge() {
  const t = useWords();
  const navigate = useNavigate();
  const { from, into } = useSearch({ from: "/signed-in/admin-frame/admin/titles" });
  const { decide } = useDelayed(GAMES_KEY);
  const show = (search: TitlesSearch) => void navigate({ to: "/admin/titles", search: { tab: "merge", ...search }, replace: true });
  const of = (from: string | undefined, into: string | undefined) => ({ ...(from ? { from } : {}), ...(into ? { into } : {}) });
  return (
    <>
      <p className="sm ink2 prose">{t.mergeLead}</p>
      <div className={styles["two"]}>
        <Side label={t.goes} id={from} pick={(id) => show(of(id, into))} />
        <Side label={t.stays} id={into} pick={(id) => show(of(from, id))} />
      </div>
      {from && into && (
        <>
          <div className="row">
            <button className="btn btn-sm" type="button" onClick={() => show(of(into, from))}>
              {t.swap}
            </button>
          </div>
          <Preview
            from={from}
            into={into}
            merge={(goes, stays) => {
              decide(goes.id, t.merged(goes.name, stays.name), () => mergeGame(goes.id, stays.id));
              show({});
            }}
          />
        </>
      )}
    </>
  );
}

function Side({ label, id, pick }: { label: string; id: string | undefined; pick: (id: string) => void }) {
  const t = useWords();
  const game = useQuery({ ...taggedGameQuery(id ?? ""), enabled: id !== undefined });
  return (
    <section className="stack">
      <TitlePicker label={label} pick={pick} />
      {id && (
        <Answer query={game} lines={1}>
          {({ data }) => (
            <div className={styles["candidate"]}>
              <Cover name={data.name} />
              <span>
                <b className="b">{data.name}</b>
                <span className="xs ink3">{data.pending ? t.awaits : t.number(data.id)}</span>
              </span>
            </div>
          )}
        </Answer>
      )}
    </section>
  );
}

function Preview({ from, into, merge }: { from: string; into: string; merge: (goes: FullGame, stays: FullGame) => void }) {
  const t = useWords();
  const goes = useQuery(taggedGameQuery(from));
  const stays = useQuery(taggedGameQuery(into));
  if (!goes.data || !stays.data) return null;
  const [a, b] = [goes.data.data, stays.data.data];
  if (a.id === b.id) return <p className="note note-bad">{t.mergeSame}</p>;
  if (b.pending) return <p className="note note-bad">{t.mergePending}</p>;
  return (
    <section className="stack">
      <h2>{t.preview}</h2>
      <Compare goes={a} stays={b} />
      <p className="note">
        <Icon name="info" />
        <span>{t.mergeAfter(a.name, b.name)}</span>
      </p>
      <div className="row">
        <button className="btn btn-lit" type="button" onClick={() => merge(a, b)}>
          {t.merge}
        </button>
      </div>
    </section>
  );
}

/** Each fact of both games, and what is known of the one that they become. */
function Compare({ goes, stays }: { goes: FullGame; stays: FullGame }) {
  const t = useWords();
  const s = useSpeech();
  const genre = useGenreName();
  const after = joined(goes, stays);
  type Known = Omit<FullGame, "id" | "sources" | "pending" | "created_at" | "changed_at" | "released" | "developer" | "publisher"> & {
    released?: string | undefined;
    developer?: string | undefined;
    publisher?: string | undefined;
  };
  const rows: [string, (of: Known) => string][] = [
    [t.fields.name, (of) => of.name],
    [t.fields.other_names, (of) => of.other_names.join(", ")],
    [t.fields.released, (of) => (of.released ? s.partialDate(of.released) : "")],
    [t.fields.developer, (of) => of.developer ?? ""],
    [t.fields.publisher, (of) => of.publisher ?? ""],
    [t.fields.platforms, (of) => of.platforms.map(platformName).join(", ")],
    [t.fields.genres, (of) => of.genres.map(genre).join(", ")],
    [t.fields.external, (of) => of.external.map(({ source, id }) => `${source} ${id}`).join(", ")],
    [t.fields.studio_games, (of) => of.studio_games.map(({ display_name }) => display_name).join(", ")],
  ];
  return (
    <div className="scroll card" tabIndex={0} role="region" aria-label={t.preview}>
      <table className={styles["compare"]}>
        <thead>
          <tr>
            <td />
            <th scope="col">{t.goes}</th>
            <th scope="col">{t.stays}</th>
            <th scope="col">{t.afterwards}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, text]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="ink2">{text(goes) || "–"}</td>
              <td className="ink2">{text(stays) || "–"}</td>
              <td>{text(after) === text(stays) ? text(after) || "–" : <b className="b">{text(after)}</b>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
