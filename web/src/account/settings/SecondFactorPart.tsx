import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { api, ok } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Icon } from "../../ui/Icon";
import { onForm } from "../../ui/onForm";
import { Answer, Failed, Field } from "../../ui/parts";
import { codeText, toast } from "../../ui/toasts";
import { useSpeech } from "../../words";
import doors from "../door/Door.module.css";
import { PasswordField } from "../PasswordField";
import styles from "./AccountPage.module.css";
import { Code } from "./Code";
import { Part } from "./sections";
import { useWords } from "./words";

const queryKey = ["account", "second-factor"];

/** A code of an app beside the password: turned on with its picture, off with the password; its recovery codes. */
export function SecondFactorPart() {
  const t = useWords();
  const s = useSpeech();
  const factor = useQuery({ queryKey, queryFn: () => ok(api.GET("/v1/account/second-factor")) });
  return (
    <Part title={t.secondFactor} lead={t.secondFactorLead}>
      <Answer query={factor} lines={1}>
        {({ enabled, since, recovery_codes_left = 0 }) =>
          enabled ? (
            <>
              <p className="row">
                <span className="tag tag-ok">
                  <Icon name="check" />
                  {since ? t.onSince(s.date(since)) : t.on}
                </span>
                <span className="sm ink2">{t.codesLeft(recovery_codes_left)}</span>
              </p>
              <Renew />
              <TurnOff />
            </>
          ) : (
            <TurnOn />
          )
        }
      </Answer>
    </Part>
  );
}

/** Faults of the password and of the code. */
function faultsOf(error: unknown) {
  const problem = error ? asProblem(error) : undefined;
  const about = (code: string) => (problem?.code === code ? codeText(code) : undefined);
  const faults = {
    password: problem?.fault("password") ?? about("wrong_password"),
    code: problem?.fault("code") ?? about("second_factor_wrong"),
  };
  return { ...faults, rest: problem && !faults.password && !faults.code ? problem : undefined };
}

function CodeField({ error, label }: { error: string | undefined; label: string }) {
  return (
    <Field label={label} error={error}>
      {(ids) => (
        <input {...ids} className={`in ${doors["code"]}`} name="code" autoComplete="one-time-code" spellCheck={false} required maxLength={40} />
      )}
    </Field>
  );
}

function TurnOn() {
  const t = useWords();
  const queries = useQueryClient();
  const [codes, setCodes] = useState<string[]>();
  const begin = useMutation({
    mutationFn: (form: FormData) => ok(api.POST("/v1/account/second-factor", { body: { password: String(form.get("password")) } })),
  });
  const confirm = useMutation({
    mutationFn: (form: FormData) => ok(api.POST("/v1/account/second-factor/confirm", { body: { code: String(form.get("code")) } })),
    onSuccess: ({ recovery_codes }) => setCodes(recovery_codes),
  });
  if (codes) return <RecoveryCodes codes={codes} done={() => queries.invalidateQueries({ queryKey })} />;
  if (!begin.data) {
    const faults = faultsOf(begin.error);
    return (
      <details className="fold">
        <summary>{t.turnOn}</summary>
        <form onSubmit={onForm(begin.mutate)}>
          {faults.rest && <Failed error={faults.rest} />}
          <PasswordField error={faults.password} />
          <div>
            <button className={`btn${begin.isPending ? " is-busy" : ""}`} type="submit">
              {t.begin}
            </button>
          </div>
        </form>
      </details>
    );
  }
  const faults = faultsOf(confirm.error);
  return (
    <form onSubmit={onForm(confirm.mutate)}>
      <p>{t.scan}</p>
      <div className="row wrap">
        <Code text={begin.data.otpauth_url} label={t.qrLabel} />
        <div className="stack-1">
          <span className="sm ink2">{t.orType}</span>
          <code>{begin.data.secret.replace(/(.{4})/g, "$1 ")}</code>
        </div>
      </div>
      {faults.rest && <Failed error={faults.rest} />}
      <CodeField label={t.firstCode} error={faults.code} />
      <div>
        <button className={`btn${confirm.isPending ? " is-busy" : ""}`} type="submit">
          {t.turnOn}
        </button>
      </div>
    </form>
  );
}

function RecoveryCodes({ codes, done }: { codes: string[]; done: () => unknown }) {
  const t = useWords();
  const copy = async () => {
    await navigator.clipboard.writeText(codes.join("\n"));
    toast(t.copied);
  };
  return (
    <div className={styles["once"]}>
      <b>{t.recoveryTitle}</b>
      <p className="sm">{t.recoveryText}</p>
      <ul className={styles["codes"]}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="row wrap">
        <button className="btn" type="button" onClick={() => void copy()}>
          <Icon name="copy" />
          {t.copyAll}
        </button>
        <button className="btn" type="button" onClick={() => void done()}>
          {t.keptThem}
        </button>
      </div>
    </div>
  );
}

/** The password and a code, which together guard what weakens the account. */
const guards = (form: FormData) => ({ password: String(form.get("password")), code: String(form.get("code")) });

function Renew() {
  const t = useWords();
  const queries = useQueryClient();
  const renewing = useMutation({
    mutationFn: (form: FormData) => ok(api.POST("/v1/account/second-factor/recovery-codes", { body: guards(form) })),
  });
  if (renewing.data) return <RecoveryCodes codes={renewing.data.recovery_codes} done={() => queries.invalidateQueries({ queryKey }).then(renewing.reset)} />;
  return <Guarded title={t.newCodes} sending={renewing} />;
}

function TurnOff() {
  const t = useWords();
  const queries = useQueryClient();
  const removing = useMutation({
    mutationFn: (form: FormData) => ok(api.POST("/v1/account/second-factor/remove", { body: guards(form) })),
  });
  return <Guarded title={t.turnOff} sending={removing} isBad done={() => queries.invalidateQueries({ queryKey })} />;
}

function Guarded({
  title,
  sending,
  isBad = false,
  done,
}: {
  title: string;
  sending: { error: unknown; isPending: boolean; mutate: (form: FormData, options?: { onSuccess?: () => unknown }) => void };
  isBad?: boolean;
  done?: () => unknown;
}) {
  const t = useWords();
  const faults = faultsOf(sending.error);
  return (
    <details className="fold">
      <summary>{title}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          sending.mutate(new FormData(event.currentTarget), done ? { onSuccess: done } : {});
        }}
      >
        {faults.rest && <Failed error={faults.rest} />}
        <PasswordField error={faults.password} />
        <CodeField label={t.codeNow} error={faults.code} />
        <div>
          <button className={`btn${isBad ? " btn-bad" : ""}${sending.isPending ? " is-busy" : ""}`} type="submit">
            {title}
          </button>
        </div>
      </form>
    </details>
  );
}
