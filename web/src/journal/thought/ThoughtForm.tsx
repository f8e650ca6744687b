import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { api, ok, type Schema } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Rating } from "../../ui/Cairn";
import { Icon } from "../../ui/Icon";
import { Failed, Field } from "../../ui/parts";
import { toast } from "../../ui/toasts";
import { UserText } from "../../ui/UserText";
import { useCommon } from "../../ui/words";
import { readForChange, type Thought } from "./queries";
import style from "./Thought.module.css";
import { useWords } from "./words";

const FIRST_RATING = 70;

/** Writes a thought, or changes an own one. With a rating it is the review of the game. */
export function ThoughtForm({
  gameId,
  thought,
  isReview = thought?.rating !== undefined,
  done,
}: {
  gameId: string;
  thought?: Thought;
  isReview?: boolean;
  done: () => void;
}) {
  const t = useWords();
  const common = useCommon();
  const [text, setText] = useState(thought?.text ?? "");
  const [rating, setRating] = useState(thought?.rating ?? FIRST_RATING);
  const [isSpoiler, setSpoiler] = useState(thought?.spoiler ?? false);
  const [isClosed, setClosed] = useState(thought?.comments_closed ?? false);
  const [audience, setAudience] = useState<Schema<"Audience">>(thought?.audience ?? "friends");
  const body = {
    text,
    spoiler: isSpoiler,
    audience,
    comments_closed: isClosed,
    reactions_closed: thought?.reactions_closed ?? false,
    ...(isReview ? { rating } : {}),
  };
  const save = useSave(gameId, thought, done);
  const problem = save.error ? asProblem(save.error) : undefined;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") save.mutate(body);
      }}
    >
      {isReview && <RatingField value={rating} set={setRating} />}
      <Field label={t.text} hint={t.hint} error={problem?.fault("text")}>
        {(ids) => (
          <textarea {...ids} className="in" rows={5} maxLength={16_000} required value={text} onChange={(e) => setText(e.target.value)} autoFocus />
        )}
      </Field>
      <div className="row wrap">
        <label className="check sm">
          <input type="checkbox" checked={isSpoiler} onChange={(e) => setSpoiler(e.target.checked)} />
          {t.isSpoiler}
        </label>
        <label className="check sm">
          <input type="checkbox" checked={isClosed} onChange={(e) => setClosed(e.target.checked)} />
          {t.closeComments}
        </label>
      </div>
      {problem && !problem.fault("text") && <Failed error={problem} />}
      {save.newer && <Newer thought={save.newer} />}
      <div className={style["form-foot"]}>
        <select className="in" aria-label={common.whoMayRead} value={audience} onChange={(e) => setAudience(e.target.value as Schema<"Audience">)}>
          {(["public", "friends", "private"] as const).map((one) => (
            <option key={one} value={one}>
              {common.audiences[one]}
            </option>
          ))}
        </select>
        <button className="btn btn-quiet" type="button" onClick={done}>
          {common.cancel}
        </button>
        <button className={`btn${save.isPending ? " is-busy" : ""}`} type="submit" disabled={text.trim() === "" || save.isPending}>
          {thought ? common.save : t.publish}
        </button>
      </div>
    </form>
  );
}

/** A rating of 0 to 100, as a slider with its stones. */
export function RatingField({ value, set }: { value: number; set: (value: number) => void }) {
  const t = useWords();
  const common = useCommon();
  return (
    <Field label={t.rating}>
      {(ids) => (
        <span className={style["rating"]}>
          <input {...ids} aria-invalid={undefined} type="range" min={0} max={100} value={value} onChange={(e) => set(Number(e.target.value))} />
          <Rating value={value} label={common.rated(value)} />
        </span>
      )}
    </Field>
  );
}

/** What it is meanwhile: shown, so that whoever saves again knows what they replace. */
function Newer({ thought }: { thought: Thought }) {
  const t = useWords();
  return (
    <div className="note note-lit" role="alert">
      <Icon name="warn" />
      <div className="stack-2">
        <p>{t.changedElsewhere}</p>
        <UserText html={thought.html} />
      </div>
    </div>
  );
}

function useSave(gameId: string, thought: Thought | undefined, done: () => void) {
  const t = useWords();
  const client = useQueryClient();
  // What it is meanwhile, where somebody (the same person elsewhere) changed it since the form was opened.
  const [newer, setNewer] = useState<Thought>();
  const save = useMutation({
    mutationFn: async (body: Schema<"ThoughtChange">) => {
      if (thought) return await put(thought.id, (newer ?? thought).revision, body);
      await ok(api.POST("/api/thoughts", { body: { game: gameId, ...body } }));
      return undefined;
    },
    onSuccess: async (changed, { rating }) => {
      setNewer(changed);
      if (changed) return;
      if (rating !== undefined) await ok(api.PUT("/api/library/{game_id}", { params: { path: { game_id: gameId } }, body: { score: rating } }));
      toast(t.saved);
      done();
      await client.invalidateQueries({ queryKey: ["thoughts"] });
      await client.invalidateQueries({ queryKey: ["library"] });
    },
  });
  return { ...save, newer };
}

/** Changes a thought unless it is another one than was seen: then that is given, and nothing is changed. */
async function put(id: string, seen: string, body: Schema<"ThoughtChange">): Promise<Thought | undefined> {
  const { data, etag } = await readForChange(id);
  if (data.revision !== seen) return data;
  try {
    await ok(api.PUT("/api/thoughts/{thought_id}", { params: { path: { thought_id: id }, header: { "If-Match": etag } }, body }));
    return undefined;
  } catch (error) {
    const { status, body } = asProblem(error);
    if (status === 412 && body?.current) return body.current as Thought;
    throw error;
  }
}
