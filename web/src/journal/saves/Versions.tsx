import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { Answer } from "../../ui/parts";
import { useSpeech } from "../../words";
import { manifestQuery, type Save, type Version } from "./queries";
import styles from "./SavesPage.module.css";
import { useRestore } from "./useRestore";
import { useWords } from "./words";

/** The versions of a save along a trail; the lit one counts. */
export function Versions({ save, versions }: { save: Save; versions: Version[] }) {
  const t = useWords();
  if (versions.length === 0) return <p className="ink3">{t.empty}</p>;
  return (
    <section aria-label={t.versions(versions.length)}>
      <div className="sec-h">
        <h3>{t.versions(versions.length)}</h3>
      </div>
      <ol className={`trail ${styles["versions"]}`}>
        {versions.map((version) => (
          <Row key={version.number} save={save} version={version} />
        ))}
      </ol>
    </section>
  );
}

function Row({ save, version }: { save: Save; version: Version }) {
  const t = useWords();
  const s = useSpeech();
  const restoring = useRestore(save);
  const { number, state, held_for, origin, device, restored, files, bytes, created_at, finished_at } = version;
  const counts = save.current?.number === number;
  const about = [t.files(files), s.bytes(bytes), restored ? t.restoredOf(restored) : t.origins[origin]];
  return (
    <li className={counts ? "is-lit" : state === "kept" ? "is-done" : "is-next"}>
      <div>
        <p className="row wrap">
          <b>{device ?? t.unknownDevice}</b>
          <span className="sm ink3">{t.version(number)}</span>
          {counts && <span className="tag tag-lit">{t.counts}</span>}
          {state === "uploading" && <span className="tag">{t.uploading}</span>}
          {held_for && <span className="tag tag-bad">{t.heldFor[held_for]}</span>}
        </p>
        <p className="sm ink2">
          <time dateTime={finished_at ?? created_at}>{s.ago(finished_at ?? created_at)}</time> · {about.join(" · ")}
        </p>
      </div>
      {!counts && state !== "uploading" && (
        <button className={`btn btn-sm${restoring.isPending ? " is-busy" : ""}`} type="button" onClick={() => restoring.mutate(number)}>
          {t.restore}
          <span className="vh"> {t.version(number)}</span>
        </button>
      )}
      {state !== "uploading" && files > 0 && <Files id={save.id} number={number} />}
    </li>
  );
}

function Files({ id, number }: { id: string; number: string }) {
  const t = useWords();
  const s = useSpeech();
  const [isOpen, setOpen] = useState(false);
  const manifest = useQuery({ ...manifestQuery(id, number), enabled: isOpen });
  return (
    <details className="fold" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="sm">{t.showFiles}</summary>
      {isOpen && (
        <Answer query={manifest} lines={2}>
          {({ files }) => (
            <ul className={styles["files"]}>
              {files.map(({ path, bytes, url }) => (
                <li key={path}>
                  {url ? (
                    <a href={url} download={path.split("/").at(-1)}>
                      {path}
                    </a>
                  ) : (
                    path
                  )}{" "}
                  <span className="ink3">{s.bytes(bytes)}</span>
                </li>
              ))}
            </ul>
          )}
        </Answer>
      )}
    </details>
  );
}
