import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";

import type { Schema } from "../../api/client";
import { Icon } from "../../ui/Icon";
import { Failed, Field } from "../../ui/parts";
import { toast, toastProblem } from "../../ui/toasts";
import { useSpeech } from "../../words";
import { fillDemo } from "../demo/fill";
import { ForRole } from "../parts";
import { Part, Sheet, WorkPage } from "../../ui/work";
import { useWorld, type World, worldName } from "../place";
import { saveFile } from "./saveFile";
import styles from "./TransferPage.module.css";
import { type Exported, exportWorld, importWorld } from "./transfers";
import { useWords } from "./words";

/** A world out of the server and into it, with progress. */
export function TransferPage() {
  const t = useWords();
  const world = useWorld();
  return (
    <WorkPage title={t.title}>
      <ForRole least="developer">
        <Sheet key={worldName(world)}>
          <p className="ink2 prose">{t.of(world.environment)}</p>
          <Export world={world} />
          <Import world={world} />
          <Demo world={world} />
          <Part title={t.whole} hint={t.wholeHint}>
            {null}
          </Part>
        </Sheet>
      </ForRole>
    </WorkPage>
  );
}

function Export({ world }: { world: World }) {
  const t = useWords();
  const s = useSpeech();
  const [exported, setExported] = useState<Exported>();
  const stop = useRef<AbortController>(undefined);
  const run = useMutation({
    mutationFn: async () => {
      stop.current = new AbortController();
      setExported({ bytes: 0, lines: 0 });
      return await exportWorld(world, stop.current.signal, setExported);
    },
    onSuccess: (file) => {
      saveFile(file, `${world.studio}-${world.game}-${world.environment}.ndjson`);
      toast(t.exported(exported?.lines ?? 0));
    },
  });
  return (
    <Part title={t.export} hint={t.exportHint}>
      <div className="row wrap">
        <button className={`btn${run.isPending ? " is-busy" : ""}`} type="button" disabled={run.isPending} onClick={() => run.mutate()}>
          <Icon name="get" />
          {t.exportNow}
        </button>
        {run.isPending && (
          <button className="btn btn-quiet" type="button" onClick={() => stop.current?.abort()}>
            {t.stop}
          </button>
        )}
        {exported && (
          <span className="sm ink2 num" aria-live="polite">
            {run.isSuccess ? t.exported(exported.lines) : t.exporting(s.bytes(exported.bytes), exported.lines)}
          </span>
        )}
      </div>
      {run.error && !stop.current?.signal.aborted && <Failed error={run.error} />}
      {run.error && stop.current?.signal.aborted && <p className="sm ink2">{t.broken}</p>}
    </Part>
  );
}

function Import({ world }: { world: World }) {
  const t = useWords();
  const s = useSpeech();
  const queries = useQueryClient();
  const [file, setFile] = useState<File>();
  const [sent, setSent] = useState(0);
  const run = useMutation({
    mutationFn: (chosen: File) => {
      setSent(0);
      return importWorld(world, chosen, setSent);
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["world", worldName(world)] }),
  });
  return (
    <Part title={t.import} hint={t.importHint}>
      <form
        className={styles["import"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (file) run.mutate(file);
        }}
      >
        <Field label={t.file}>
          {(ids) => <input {...ids} className="in" type="file" accept=".ndjson,.jsonl,.gz,application/x-ndjson" required onChange={(event) => setFile(event.target.files?.[0])} />}
        </Field>
        <button className={`btn${run.isPending ? " is-busy" : ""}`} type="submit" disabled={run.isPending || !file}>
          {t.importNow}
        </button>
      </form>
      {run.isPending && file && (
        <div className={styles["progress"]}>
          <progress max={file.size} value={sent} aria-label={t.import} />
          <p className="sm ink2 num" aria-live="polite">
            {sent < file.size ? t.sending(s.bytes(sent), s.bytes(file.size)) : t.storing}
          </p>
        </div>
      )}
      {run.error && <Failed error={run.error} />}
      {run.data && <Imported result={run.data} />}
    </Part>
  );
}

function Imported({ result }: { result: Schema<"ImportedTraces"> }) {
  const t = useWords();
  const s = useSpeech();
  const said = [t.imported(result.imported), t.there(result.there_already), ...(result.rejected_count > 0 ? [t.rejected(result.rejected_count)] : [])];
  return (
    <div className="stack" aria-live="polite">
      <p className={`note ${result.rejected_count > 0 ? "note-lit" : "note-ok"}`}>
        <Icon name={result.rejected_count > 0 ? "warn" : "tick"} />
        <span>{said.join(", ")}.</span>
      </p>
      {result.rejected.length > 0 && (
        <div className="scroll" tabIndex={0} role="region" aria-label={t.rejected(result.rejected_count)}>
          <table>
            <thead>
              <tr>
                <th scope="col" className="n">
                  {t.line}
                </th>
                <th scope="col">{t.where}</th>
                <th scope="col">{t.why}</th>
              </tr>
            </thead>
            <tbody>
              {result.rejected.map((line) => (
                <tr key={line.line}>
                  <td className="n">{s.number(line.line)}</td>
                  <td className="mono">{line.pointer ?? ""}</td>
                  <td className={styles["why"]}>{line.detail}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {result.rejected_count > result.rejected.length && <p className="sm ink2">{t.firstHundred}</p>}
        </div>
      )}
    </div>
  );
}

function Demo({ world }: { world: World }) {
  const t = useWords();
  const queries = useQueryClient();
  const filling = useMutation({
    mutationFn: () => fillDemo(world),
    onSuccess: async (traces) => {
      toast(t.demoDone(traces));
      await queries.invalidateQueries({ queryKey: ["world", worldName(world)] });
    },
    onError: toastProblem,
  });
  return (
    <Part title={t.demo} hint={t.demoHint}>
      <div>
        <button className={`btn${filling.isPending ? " is-busy" : ""}`} type="button" disabled={filling.isPending} onClick={() => filling.mutate()}>
          {t.demoNow}
        </button>
      </div>
    </Part>
  );
}
