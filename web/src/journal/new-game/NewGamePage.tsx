import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { api, ok, type Schema } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Cover } from "../../ui/Cover";
import { Failed, Field } from "../../ui/parts";
import { toast } from "../../ui/toasts";
import { useLater } from "../../ui/useLater";
import { useTitle } from "../../ui/useTitle";
import { gameNote } from "../log/GamePicker";
import style from "./NewGamePage.module.css";
import { useWords } from "./words";

const ALIKE = 5;
const ASK_MS = 3_000;

/** A game that is not in the catalogue: added by hand, once one has seen what is there under such a name. */
export function NewGamePage() {
  const t = useWords();
  useTitle(t.title);
  const { name: first } = useSearch({ strict: false }) as { name?: string };
  const [name, setName] = useState(first ?? "");
  const add = useAdd();
  const problem = add.error ? asProblem(add.error) : undefined;
  const fault = (field: string) => problem?.fault(field);
  const isElsewhere = problem && !problem.body?.errors?.length;
  return (
    <div className={style["page"]}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate(factsOf(new FormData(event.currentTarget)));
        }}
      >
        <h1>{t.title}</h1>
        <p className="ink2 prose">{t.text}</p>
        {isElsewhere && (problem.code === "game_exists" ? <p className="note note-bad">{t.exists}</p> : <Failed error={problem} />)}
        <Field label={t.name} error={fault("name")}>
          {(ids) => <input {...ids} className="in" name="name" required maxLength={200} value={name} onChange={(e) => setName(e.target.value)} />}
        </Field>
        <div className={style["two"]}>
          <Text name="released" label={t.released} hint={t.releasedHint} error={fault("released")} pattern="\d{4}(-\d{2}(-\d{2})?)?" />
          <Text name="platforms" label={t.platforms} hint={t.platformsHint} error={fault("platforms")} />
          <Text name="developer" label={t.developer} error={fault("developer")} />
          <Text name="publisher" label={t.publisher} error={fault("publisher")} />
        </div>
        <Text name="genres" label={t.genres} hint={t.genresHint} error={fault("genres")} />
        <Field label={t.others} hint={t.othersHint} error={fault("other_names")}>
          {(ids) => <textarea {...ids} className="in" name="others" rows={2} maxLength={1000} />}
        </Field>
        <div className="row">
          <button className={`btn btn-lit${add.isPending ? " is-busy" : ""}`} type="submit" disabled={add.isPending}>
            {t.add}
          </button>
        </div>
      </form>
      <Alike name={name} />
    </div>
  );
}

function Text({
  label,
  hint,
  error,
  ...input
}: { label: string; hint?: string; error: string | undefined } & React.InputHTMLAttributes<HTMLInputElement>) {
  return (
    <Field label={label} {...(hint ? { hint } : {})} error={error}>
      {(ids) => <input {...input} {...ids} className="in" maxLength={200} autoComplete="off" />}
    </Field>
  );
}

/** What is in the catalogue under such a name, so that nothing is added twice. */
function Alike({ name }: { name: string }) {
  const t = useWords();
  const asked = useLater(name.trim(), 300);
  const alike = useQuery({
    queryKey: ["games", "search", asked],
    enabled: asked !== "",
    queryFn: () => ok(api.GET("/api/games", { params: { query: { q: asked, limit: ALIKE } } })),
    placeholderData: (before) => before,
  });
  const items = alike.data?.items ?? [];
  return (
    <aside className="stack" aria-live="polite">
      {items.length > 0 && asked !== "" && (
        <section className="stack-2">
          <h2>{t.isIt}</h2>
          <Games games={items} />
        </section>
      )}
      {asked !== "" && <Discover key={asked} name={asked} />}
    </aside>
  );
}

function Games({ games }: { games: Schema<"FoundGame">[] }) {
  return (
    <ul className={style["games"]}>
      {games.map((game) => (
        <li key={game.id}>
          <Link to="/journal/games/$gameId" params={{ gameId: game.id }}>
            <Cover name={game.name} />
            <span>
              <b className="b">{game.name}</b>
              <br />
              <span className="sm ink3">{gameNote(game)}</span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** Asks a provider that knows more games, where this installation has one. */
function Discover({ name }: { name: string }) {
  const t = useWords();
  const [isAsked, setAsked] = useState(false);
  const found = useQuery({
    queryKey: ["games", "discover", name],
    enabled: isAsked,
    queryFn: () => ok(api.GET("/api/games/discover", { params: { query: { q: name } } })),
    refetchInterval: ({ state }) => (state.data?.state === "searching" ? ASK_MS : false),
  });
  if (!isAsked) {
    return (
      <div>
        <button className="btn btn-sm" type="button" onClick={() => setAsked(true)}>
          {t.discover}
        </button>
      </div>
    );
  }
  if (found.error) return <Failed error={found.error} />;
  const { state, items = [], sources = [] } = found.data ?? {};
  const text = state === "used_up" ? t.usedUp : state !== "done" ? t.discovering : items.length > 0 ? t.discovered : t.discoveredNone;
  return (
    <section className="stack-2">
      <p className="sm ink2">
        {text}{" "}
        {sources.map(({ name, url }) => (
          <a key={name} href={url} rel="noreferrer" target="_blank">
            {name}
          </a>
        ))}
      </p>
      <Games games={items} />
    </section>
  );
}

function factsOf(form: FormData): Schema<"GameFacts"> {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const some = (name: keyof Schema<"GameFacts">) => (text(name) === "" ? {} : { [name]: text(name) });
  const list = (text: string, between: string) => text.split(between).map((part) => part.trim()).filter(Boolean);
  return {
    name: text("name"),
    ...some("released"),
    ...some("developer"),
    ...some("publisher"),
    platforms: list(text("platforms"), ","),
    genres: list(text("genres"), ","),
    other_names: list(text("others"), "\n"),
  };
}

function useAdd() {
  const t = useWords();
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (facts: Schema<"GameFacts">) => ok(api.POST("/api/games", { body: facts })),
    onSuccess: async ({ id, name, pending }) => {
      if (pending) toast(t.added(name));
      await client.invalidateQueries({ queryKey: ["games"] });
      await navigate({ to: "/journal/games/$gameId", params: { gameId: id } });
    },
  });
}
