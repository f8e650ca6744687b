import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { useMe } from "../../account/me";
import type { Schema } from "../../api/client";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { Icon } from "../../ui/Icon";
import { isTyping } from "../../ui/keys";
import { Dialog } from "../../ui/overlays";
import { Failed, Field } from "../../ui/parts";
import { toast, toastProblem } from "../../ui/toasts";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import { describeMedia, removeMedia } from "../log/upload";
import { HiddenNote } from "../report/HiddenNote";
import { ReportButton } from "../report/ReportButton";
import style from "./GamePage.module.css";
import type { Media } from "./queries";
import { useWords } from "./words";

/** A screenshot or clip in large, with the ways to the ones beside it. One's own can be described, shown to others, and deleted. */
export function Viewer({
  gameId,
  items,
  uuid,
  show,
}: {
  gameId: string;
  items: Media[];
  uuid: string;
  show: (uuid: string | undefined) => void;
}) {
  const t = useWords();
  const me = useMe();
  const i = items.findIndex((one) => one.uuid === uuid);
  const media = items[i];
  if (!media) return null;
  const go = (step: number) => {
    const next = items[i + step];
    if (next) show(next.uuid);
  };
  return (
    <Dialog title={media.description || t.viewer} isOpen close={() => show(undefined)} wide>
      <div
        className="stack"
        onKeyDown={(event) => {
          if (isTyping(event.target)) return;
          if (event.key === "ArrowRight") go(1);
          if (event.key === "ArrowLeft") go(-1);
        }}
      >
        <Large media={media} />
        <HiddenNote reason={media.hidden} />
        <div className="row between wrap">
          <About media={media} />
          <span className="row">
            <span className="sm ink3">{t.of(i + 1, items.length)}</span>
            <button className="btn btn-icon btn-sm" type="button" aria-label={t.previous} disabled={i === 0} onClick={() => go(-1)}>
              <Icon name="back" />
            </button>
            <button className="btn btn-icon btn-sm" type="button" aria-label={t.next} disabled={i + 1 === items.length} onClick={() => go(1)}>
              <Icon name="step" />
            </button>
          </span>
        </div>
        {media.owner?.username === me.username ? (
          <OwnMedia key={media.uuid} gameId={gameId} media={media} show={show} />
        ) : (
          <div>
            <ReportButton kind="media" id={media.uuid} name={media.description || t.viewer} />
          </div>
        )}
      </div>
    </Dialog>
  );
}

function Large({ media }: { media: Media }) {
  const t = useWords();
  const { kind, state, file, description, width, height } = media;
  if (state === "rejected") return <p className="note note-bad">{media.reason ? t.mediaReason[media.reason] : t.mediaState.rejected}</p>;
  if (!file) return <p className="note">{t.mediaState.pending}</p>;
  if (kind === "clip" || media.type.startsWith("video/")) return <video className={style["large"]} src={file.url} controls aria-label={description} />;
  return <img className={style["large"]} src={file.url} alt={description} width={width} height={height} />;
}

function About({ media: { owner, taken_at, created_at } }: { media: Media }) {
  const t = useWords();
  const speech = useSpeech();
  return (
    <p className="sm ink2">
      {owner && t.takenBy(owner.display_name ?? owner.username)}, {speech.date(taken_at ?? created_at)}
    </p>
  );
}

function OwnMedia({ gameId, media, show }: { gameId: string; media: Media; show: (uuid: string | undefined) => void }) {
  const t = useWords();
  const common = useCommon();
  const client = useQueryClient();
  const forget = () => client.invalidateQueries({ queryKey: ["media", gameId] });
  const [description, setDescription] = useState(media.description);
  const [audience, setAudience] = useState<Schema<"Audience">>(media.audience);
  const { uuid, taken_at } = media;
  const save = useMutation({
    mutationFn: () => describeMedia({ gameId, uuid }, { description, audience, ...(taken_at ? { taken_at } : {}) }),
    onSuccess: async () => {
      toast(common.saved);
      await forget();
    },
  });
  const remove = useMutation({
    mutationFn: () => removeMedia({ gameId, uuid }),
    onSuccess: async () => {
      toast(t.mediaRemoved);
      show(undefined);
      await forget();
    },
    onError: toastProblem,
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Field label={t.describe}>
        {(ids) => <input {...ids} className="in" maxLength={500} value={description} onChange={(e) => setDescription(e.target.value)} />}
      </Field>
      {save.error && <Failed error={save.error} />}
      <div className="row wrap">
        <select
          className={`in ${style["audience"]}`}
          aria-label={common.whoMayRead}
          value={audience}
          onChange={(e) => setAudience(e.target.value as Schema<"Audience">)}
        >
          {(["public", "friends", "private"] as const).map((one) => (
            <option key={one} value={one}>
              {common.audiences[one]}
            </option>
          ))}
        </select>
        <button className={`btn${save.isPending ? " is-busy" : ""}`} type="submit">
          {common.save}
        </button>
        <span className="end">
          <ConfirmButton text={t.remove} question={t.removeForGood} isBusy={remove.isPending} act={() => remove.mutate()} />
        </span>
      </div>
    </form>
  );
}
