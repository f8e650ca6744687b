import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { api, ok } from "../../api/client";
import { Icon } from "../../ui/Icon";
import { Answer, Failed, Field } from "../../ui/parts";
import { toast, toastProblem } from "../../ui/toasts";
import { type FullGame, GAMES_KEY, taggedGameQuery } from "./queries";
import styles from "./Titles.module.css";
import { TitlePicker } from "./TitlePicker";
import { useWords } from "./words";

/** Which games of studios here are which games of the catalogue. */
export function StudioLinks() {
  const t = useWords();
  const [id, setId] = useState<string>();
  const game = useQuery({ ...taggedGameQuery(id ?? ""), enabled: id !== undefined });
  return (
    <>
      <p className="sm ink2 prose">{t.linksLead}</p>
      <div className={styles["two"]}>
        <TitlePicker label={t.linksOf} pick={setId} />
      </div>
      {id && (
        <Answer query={game} lines={3}>
          {({ data }) => <Links game={data} />}
        </Answer>
      )}
    </>
  );
}

interface StudioGame {
  studio: string;
  game: string;
}

/** Says that a studio's game is this game, or takes that back. */
function useLink(gameId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ studio, game, isLinked }: StudioGame & { isLinked: boolean }) => {
      const params = { params: { path: { game_id: gameId, studio, game } } };
      const path = "/api/games/{game_id}/studio-games/{studio}/{game}";
      return isLinked ? await ok(api.PUT(path, params)) : await ok(api.DELETE(path, params));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: [GAMES_KEY] }),
  });
}

function Links({ game }: { game: FullGame }) {
  const t = useWords();
  const link = useLink(game.id);
  const unlink = ({ studio, game: name, display_name }: FullGame["studio_games"][number]) =>
    link.mutate(
      { studio, game: name, isLinked: false },
      {
        onSuccess: () =>
          toast(t.unlinked(display_name, game.name), () => link.mutateAsync({ studio, game: name, isLinked: true })),
        onError: toastProblem,
      },
    );
  return (
    <section className="stack">
      <h2>
        <Link to="/journal/games/$gameId" params={{ gameId: game.id }}>
          {game.name}
        </Link>
      </h2>
      {game.studio_games.length === 0 ? (
        <p className="ink2">{t.noLinks}</p>
      ) : (
        <ul className={styles["links"]}>
          {game.studio_games.map((one) => (
            <li key={`${one.studio} ${one.game}`}>
              <Icon name="map" />
              <span>
                <b className="b">{one.display_name}</b> <span className="xs ink3 mono">{`${one.studio}/${one.game}`}</span>
              </span>
              <button className="btn btn-sm end" type="button" aria-label={`${t.unlink}: ${one.display_name}`} onClick={() => unlink(one)}>
                {t.unlink}
              </button>
            </li>
          ))}
        </ul>
      )}
      <NewLink game={game} />
    </section>
  );
}

function NewLink({ game }: { game: FullGame }) {
  const t = useWords();
  const link = useLink(game.id);
  const [studio, setStudio] = useState("");
  const [name, setName] = useState("");
  const studios = useQuery({ queryKey: ["studios"], queryFn: () => ok(api.GET("/v1/studios")), select: ({ items }) => items });
  const games = useQuery({
    queryKey: ["studios", studio, "games"],
    enabled: studio !== "",
    queryFn: () => ok(api.GET("/v1/studios/{studio}/games", { params: { path: { studio } } })),
    select: ({ items }) => items,
  });
  if (studios.data?.length === 0) return <p className="note">{t.noStudios}</p>;
  return (
    <form
      className={styles["newLink"]}
      onSubmit={(event) => {
        event.preventDefault();
        link.mutate({ studio, game: name, isLinked: true }, { onSuccess: () => toast(t.linked(name, game.name)) });
      }}
    >
      <Field label={t.studio}>
        {(ids) => (
          <select {...ids} className="in" required value={studio} onChange={(event) => (setStudio(event.target.value), setName(""))}>
            <option value="">{t.choose}</option>
            {studios.data?.map(({ studio, display_name }) => (
              <option key={studio} value={studio}>
                {display_name || studio}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t.studioGame}>
        {(ids) => (
          <select {...ids} className="in" required value={name} disabled={studio === ""} onChange={(event) => setName(event.target.value)}>
            <option value="">{t.choose}</option>
            {games.data?.map(({ game, display_name }) => (
              <option key={game} value={game}>
                {display_name || game}
              </option>
            ))}
          </select>
        )}
      </Field>
      <button className={`btn${link.isPending ? " is-busy" : ""}`} type="submit">
        {t.link}
      </button>
      {(link.error ?? games.error ?? studios.error) && <Failed error={link.error ?? games.error ?? studios.error} />}
    </form>
  );
}
