import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";

import { asProblem } from "../../api/problem";
import { Failed, Field } from "../../ui/parts";
import { toast } from "../../ui/toasts";
import styles from "./SavesPage.module.css";
import { NeedsHttps, storeVersion } from "./upload";
import { useWords } from "./words";

/** Files of this device as a new version of a save. */
export function BringFiles({ id }: { id: string }) {
  const t = useWords();
  const queries = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const sending = useMutation({
    mutationFn: ({ force }: { force: boolean }) => {
      const data = new FormData(form.current ?? undefined);
      const files = [...data.getAll("files"), ...data.getAll("folder")].filter((file): file is File => file instanceof File && file.name !== "");
      return storeVersion(id, files, String(data.get("device")).trim(), force);
    },
    onSuccess: () => {
      form.current?.reset();
      toast(t.sent);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["saves"] }),
  });
  const problem = sending.error && !(sending.error instanceof NeedsHttps) ? asProblem(sending.error) : undefined;
  const shrinks = problem?.code === "save_shrinks";
  return (
    <form ref={form} className={styles["form"]} onSubmit={(event) => (event.preventDefault(), sending.mutate({ force: false }))}>
      <p className="sm ink2">{t.uploadLead}</p>
      {sending.error instanceof NeedsHttps && <p className="note note-bad" role="alert">{t.needsHttps}</p>}
      {problem?.status === 412 && <p className="note note-lit" role="alert">{t.stale}</p>}
      {shrinks && (
        <div className="note note-lit" role="alert">
          <span>{t.shrinks}</span>
          <button className="btn btn-sm" type="button" onClick={() => sending.mutate({ force: true })}>
            {t.sendAnyway}
          </button>
        </div>
      )}
      {problem && !shrinks && problem.status !== 412 && <Failed error={problem} />}
      <Field label={t.chooseFiles}>
        {(ids) => <input {...ids} className="in" type="file" name="files" multiple />}
      </Field>
      <Field label={t.chooseFolder}>
        {(ids) => <input {...ids} className="in" type="file" name="folder" multiple {...{ webkitdirectory: "" }} />}
      </Field>
      <Field label={t.device}>
        {(ids) => <input {...ids} className="in" name="device" maxLength={64} autoComplete="off" placeholder="Desktop" />}
      </Field>
      <div>
        <button className={`btn btn-lit${sending.isPending ? " is-busy" : ""}`} type="submit">
          {t.send}
        </button>
      </div>
    </form>
  );
}
