import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { useMe } from "../../account/me";
import { Icon } from "../../ui/Icon";
import { Answer, Empty } from "../../ui/parts";
import { toast, toastProblem } from "../../ui/toasts";
import { useCommon } from "../../ui/words";
import { mediaOf } from "../log/useShot";
import { Refused, upload } from "../log/upload";
import { useWords as useLogWords } from "../log/words";
import { useOpenLog } from "../log/open";
import style from "./GamePage.module.css";
import { type Media, mediaQuery } from "./queries";
import { Viewer } from "./Viewer";
import { useWords } from "./words";

const FIRST = 5;

/** Screenshots and clips of a game; `onlyMine` for the first few of one's own. One adds them here, by a file, by dropping or pasting. */
export function MediaGrid({ gameId, onlyMine = false, all }: { gameId: string; onlyMine?: boolean; all?: React.ReactNode }) {
  const t = useWords();
  const common = useCommon();
  const me = useMe();
  const media = useInfiniteQuery(mediaQuery(gameId));
  const [viewed, setViewed] = useState<string>();
  const adding = useAdding(gameId);
  return (
    <section id="media" onDragOver={(event) => event.dataTransfer.types.includes("Files") && event.preventDefault()} onDrop={adding.onDrop}>
      <div className="sec-h">
        <h2>{onlyMine ? t.yourMedia : t.media}</h2>
        <span className="row">
          {adding.share !== undefined && <span className="sm ink2">{t.sending(adding.share)}</span>}
          <AddButton add={adding.add} />
          {all}
        </span>
      </div>
      {adding.share !== undefined && <progress max={1} value={adding.share} aria-label={t.addMedia} />}
      <Answer query={media}>
        {({ pages }) => {
          const every = pages.flatMap(({ items }) => items);
          const mine = every.filter(({ owner }) => owner?.username === me.username);
          const items = onlyMine ? mine.slice(0, FIRST) : every;
          if (items.length === 0) return <Empty title={t.noMedia} text={t.noMediaText} />;
          return (
            <>
              <ul className={style["shots"]}>
                {items.map((one) => (
                  <Shot key={one.uuid} media={one} open={() => setViewed(one.uuid)} />
                ))}
              </ul>
              {!onlyMine && media.hasNextPage && (
                <button className="btn btn-quiet btn-sm" type="button" onClick={() => void media.fetchNextPage()}>
                  {common.more}
                </button>
              )}
              {viewed !== undefined && <Viewer gameId={gameId} items={items} uuid={viewed} show={setViewed} />}
            </>
          );
        }}
      </Answer>
    </section>
  );
}

function AddButton({ add }: { add: (file: File) => void }) {
  const t = useWords();
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <button className="link-btn sm" type="button" title={t.pasteHint} onClick={() => chooser.current?.click()}>
        {t.addMedia}
      </button>
      <input
        ref={chooser}
        className="vh"
        type="file"
        tabIndex={-1}
        aria-label={t.addMedia}
        accept="image/*,video/mp4,video/webm"
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file) add(file);
          target.value = "";
        }}
      />
    </>
  );
}

function Shot({ media, open }: { media: Media; open: () => void }) {
  const t = useWords();
  const { kind, state, thumbnail, file, description, duration_ms = 0 } = media;
  const name = description || (kind === "clip" ? t.clip(Math.round(duration_ms / 1000)) : t.undescribed);
  const label = state === "ready" ? (kind === "clip" ? t.clip(Math.round(duration_ms / 1000)) : description) : t.mediaState[state];
  return (
    <li>
      <button type="button" onClick={open} aria-label={state === "ready" ? name : `${name}, ${t.mediaState[state]}`}>
        {thumbnail ? (
          <img src={thumbnail.url} alt="" loading="lazy" />
        ) : kind === "clip" && file ? (
          <video src={file.url} preload="metadata" muted />
        ) : (
          <Icon name={state === "rejected" ? "warn" : "image"} />
        )}
        {label && (
          <span className={style["lab"]} aria-hidden="true">
            {label}
          </span>
        )}
      </button>
    </li>
  );
}

/** Adds a file by choosing, dropping or pasting; pasting belongs to the quick log while that is open. */
function useAdding(gameId: string) {
  const log = useLogWords();
  const client = useQueryClient();
  const [share, setShare] = useState<number>();
  const isLogOpen = useOpenLog() !== undefined;
  const add = async (file: File) => {
    setShare(0);
    try {
      await upload(gameId, file, { signal: new AbortController().signal, progress: setShare, about: { audience: "friends" } });
      await client.invalidateQueries({ queryKey: ["media", gameId] });
    } catch (error) {
      if (error instanceof Refused) toast(log.refusals[error.why]);
      else toastProblem(error);
    } finally {
      setShare(undefined);
    }
  };
  useEffect(() => {
    if (isLogOpen) return;
    const onPaste = (event: ClipboardEvent) => {
      const file = mediaOf(event.clipboardData);
      if (file) void add(file);
    };
    document.addEventListener("paste", onPaste);
    return () => document.removeEventListener("paste", onPaste);
  });
  return {
    share,
    add: (file: File) => void add(file),
    onDrop: (event: React.DragEvent) => {
      const file = mediaOf(event.dataTransfer);
      if (!file) return;
      event.preventDefault();
      void add(file);
    },
  };
}
