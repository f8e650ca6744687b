import { useMutation } from "@tanstack/react-query";

import { ask } from "../../account/requests";
import { asProblem } from "../../api/problem";
import { Dialog } from "../../ui/overlays";
import { onForm } from "../../ui/onForm";
import { Failed, Field } from "../../ui/parts";
import { toast } from "../../ui/toasts";
import { useCommon } from "../../ui/words";
import { noteReported } from "./reported";
import { useWords } from "./words";

/** What can be reported. */
export type Kind = "thought" | "comment" | "media" | "challenge" | "person";

const reasons = ["abuse", "spam", "sexual", "violence", "personal_data", "impersonation", "illegal", "spoiler", "other"] as const;
const NOTE = 500;

/** Reports something to the moderators of the installation. `id` of a person is the username. */
export function ReportDialog({ kind, id, isOpen, close }: { kind: Kind; id: string; isOpen: boolean; close: () => void }) {
  const t = useWords();
  const common = useCommon();
  const reporting = useMutation({
    mutationFn: (form: FormData) => {
      const note = String(form.get("note")).trim();
      return ask("POST", "/api/reports", { kind, id, reason: form.get("reason"), ...(note ? { note } : {}) });
    },
    onSuccess: () => {
      noteReported(kind, id);
      toast(t.sent);
      close();
    },
  });
  const problem = reporting.error ? asProblem(reporting.error) : undefined;
  return (
    <Dialog title={t.title[kind]} isOpen={isOpen} close={close}>
      <form className="stack" onSubmit={onForm(reporting.mutate)}>
        <p className="sm ink2">{t.lead}</p>
        {problem && <Failed error={problem} />}
        <Field label={t.reason}>
          {(ids) => (
            <select {...ids} className="in" name="reason" required>
              {reasons.map((reason) => (
                <option key={reason} value={reason}>
                  {t.reasons[reason]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t.note} hint={t.noteHint} error={problem?.fault("note")}>
          {(ids) => <textarea {...ids} className="in" name="note" maxLength={NOTE} rows={3} />}
        </Field>
        <div className="row">
          <button className="btn end" type="button" onClick={close}>
            {common.cancel}
          </button>
          <button className={`btn btn-lit${reporting.isPending ? " is-busy" : ""}`} type="submit">
            {t.send}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
