import { useEffect, useRef, useState } from "react";

import { toastProblem } from "../../ui/toasts";
import { type Refusal, Refused, removeMedia, upload, type Uploaded } from "./upload";

/** A screenshot that is being added: the file, how much of it is sent, and what became of it. */
export interface Shot {
  file: File | undefined;
  share: number;
  sent: Uploaded | undefined;
  refusal: Refusal | undefined;
  take: (file: File | undefined) => void;
  /** What was sent stays: it is logged. */
  keep: () => void;
}

/** Sends a file as soon as there are a file and a game. What is not kept is taken back: another file, another game, a closed log. */
export function useShot(gameId: string | undefined): Shot {
  const [file, setFile] = useState<File>();
  const [share, setShare] = useState(0);
  const [sent, setSent] = useState<Uploaded>();
  const [refusal, setRefusal] = useState<Refusal>();
  const isKept = useRef(false);

  useEffect(() => {
    setShare(0);
    setSent(undefined);
    setRefusal(undefined);
    isKept.current = false;
    if (!file || !gameId) return;
    const stop = new AbortController();
    let arrived: Uploaded | undefined;
    upload(gameId, file, { signal: stop.signal, progress: setShare }).then(
      (uploaded) => {
        arrived = uploaded;
        if (stop.signal.aborted) void removeMedia(uploaded).catch(() => undefined);
        else setSent(uploaded);
      },
      (error: unknown) => {
        if (stop.signal.aborted) return;
        if (error instanceof Refused) setRefusal(error.why);
        else toastProblem(error);
        setFile(error instanceof Refused ? file : undefined);
      },
    );
    return () => {
      stop.abort();
      if (arrived && !isKept.current) void removeMedia(arrived).catch(() => undefined);
    };
  }, [file, gameId]);

  return { file, share, sent, refusal, take: setFile, keep: () => (isKept.current = true) };
}

/** The picture or clip among what was pasted or dropped. */
export function mediaOf(data: DataTransfer | null): File | undefined {
  return [...(data?.files ?? [])].find(({ type }) => /^(image|video)\//.test(type));
}
