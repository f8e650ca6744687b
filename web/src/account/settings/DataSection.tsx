import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";

import { api, ok } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Icon } from "../../ui/Icon";
import { onForm } from "../../ui/onForm";
import { Failed } from "../../ui/parts";
import { codeText, toast } from "../../ui/toasts";
import { useForgetAll } from "../me";
import { PasswordField } from "../PasswordField";
import { Part, Section } from "./sections";
import { useWords } from "./words";

/** Taking everything out, and ending the account. */
export function DataSection() {
  const t = useWords();
  return (
    <Section title={t.sections.data} lead={t.dataLead}>
      <Part title={t.export} lead={t.exportLead}>
        <div className="row wrap">
          <a className="btn" href="/v1/account/export" download="cairn-account.json">
            <Icon name="get" />
            {t.exportAll}
          </a>
          <a className="btn" href="/api/library/export?format=csv" download="cairn-library.csv">
            <Icon name="get" />
            {t.exportLibrary}
          </a>
        </div>
        <p className="sm ink2">
          {t.importHint} <Link to="/journal/import">{t.toImport}</Link>
        </p>
      </Part>
      <EndPart />
    </Section>
  );
}

function EndPart() {
  const t = useWords();
  const navigate = useNavigate();
  const forgetAll = useForgetAll();
  const ending = useMutation({
    mutationFn: (form: FormData) =>
      ok(api.POST("/v1/account/delete", { body: { password: String(form.get("password")), keep_reviews: form.get("keep_reviews") === "on" } })),
    onSuccess: async () => {
      forgetAll();
      toast(t.ended);
      await navigate({ to: "/account/sign-in" });
    },
  });
  const problem = ending.error ? asProblem(ending.error) : undefined;
  const fault = problem?.fault("password") ?? (problem?.code === "wrong_password" ? codeText("wrong_password") : undefined);
  return (
    <Part title={t.end} lead={t.endLead}>
      <details className="fold">
        <summary>{t.endFold}</summary>
        <form onSubmit={onForm(ending.mutate)}>
          {problem && !fault && <Failed error={problem} />}
          <label className="check">
            <input type="checkbox" name="keep_reviews" />
            <span>{t.keepReviews}</span>
          </label>
          <p className="hint">{t.keepReviewsHint}</p>
          <PasswordField error={fault} />
          <div>
            <button className={`btn btn-bad${ending.isPending ? " is-busy" : ""}`} type="submit">
              {t.endButton}
            </button>
          </div>
        </form>
      </details>
    </Part>
  );
}
