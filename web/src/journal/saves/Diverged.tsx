import { useQuery } from "@tanstack/react-query";

import type { Schema } from "../../api/client";
import { Icon } from "../../ui/Icon";
import { Answer } from "../../ui/parts";
import { useSpeech } from "../../words";
import { manifestQuery, type Save, type Version } from "./queries";
import styles from "./SavesPage.module.css";
import { useRestore } from "./useRestore";
import { useWords } from "./words";

type File = Schema<"SaveFile">;

/** A version that was held back beside the one that counts: device, time and size of both, and each file. */
export function Diverged({ save, held }: { save: Save; held: Version }) {
  const t = useWords();
  const restoring = useRestore(save);
  const isConflict = held.held_for !== "shrunk";
  return (
    <section className="stack" aria-label={isConflict ? t.diverged : t.shrank}>
      <p className="note note-lit">
        <Icon name="warn" />
        <span>
          <b>{isConflict ? t.diverged : t.shrank}.</b> {isConflict ? t.divergedText : t.shrankText}
        </span>
      </p>
      <div className={styles["both"]}>
        {save.current && (
          <Side version={save.current} title={t.kept} isKept>
            <p className="sm ink3">{t.stays}</p>
          </Side>
        )}
        <Side version={held} title={t.held}>
          <div>
            <button
              className={`btn btn-lit${restoring.isPending ? " is-busy" : ""}`}
              type="button"
              onClick={() => restoring.mutate(held.number)}
            >
              {t.useThis}
            </button>
          </div>
        </Side>
      </div>
      {save.current && <Compared id={save.id} kept={save.current} held={held} />}
    </section>
  );
}

function Side({ version, title, isKept = false, children }: { version: Version; title: string; isKept?: boolean; children: React.ReactNode }) {
  const t = useWords();
  const s = useSpeech();
  const { device, number, files, bytes, created_at } = version;
  return (
    <div className={`card ${styles["side"]}`} data-kept={isKept ? "" : undefined}>
      <header>
        <span className={`tag${isKept ? " tag-ok" : " tag-lit"}`}>{title}</span>
        <b>{device ?? t.unknownDevice}</b>
        <span className="sm ink2">
          {t.version(number)} · {s.dateTime(created_at)}
        </span>
        <span className="sm ink2">
          {t.files(files)} · {s.bytes(bytes)}
        </span>
      </header>
      {children}
    </div>
  );
}

function Compared({ id, kept, held }: { id: string; kept: Version; held: Version }) {
  const t = useWords();
  const ours = useQuery(manifestQuery(id, kept.number));
  const theirs = useQuery(manifestQuery(id, held.number));
  return (
    <Answer query={ours}>
      {({ files }) => (
        <Answer query={theirs}>
          {({ files: others }) => {
            const paths = [...new Set([...files, ...others].map(({ path }) => path))].sort();
            return (
              <div className="scroll" tabIndex={0} role="region" aria-label={t.compare}>
                <table>
                  <thead>
                    <tr>
                      <th scope="col">{t.file}</th>
                      <th scope="col">{kept.device ?? t.kept}</th>
                      <th scope="col">{held.device ?? t.held}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {paths.map((path) => (
                      <Row
                        key={path}
                        path={path}
                        ours={files.find((file) => file.path === path)}
                        theirs={others.find((file) => file.path === path)}
                      />
                    ))}
                  </tbody>
                </table>
              </div>
            );
          }}
        </Answer>
      )}
    </Answer>
  );
}

function Row({ path, ours, theirs }: { path: string; ours: File | undefined; theirs: File | undefined }) {
  const t = useWords();
  const isSame = ours?.sha256 === theirs?.sha256;
  return (
    <tr>
      <th scope="row">
        <code>{path}</code> {isSame ? <span className="tag">{t.same}</span> : ours && theirs ? <span className="tag tag-lit">{t.differs}</span> : null}
      </th>
      <Cell file={ours} />
      <Cell file={theirs} />
    </tr>
  );
}

function Cell({ file }: { file: File | undefined }) {
  const t = useWords();
  const s = useSpeech();
  if (!file) return <td className="ink3">{t.missing}</td>;
  return (
    <td>
      {s.bytes(file.bytes)}
      {file.modified_at && <span className="ink3"> · {s.dateTime(file.modified_at)}</span>}
    </td>
  );
}
