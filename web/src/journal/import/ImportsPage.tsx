import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";

import { api, ok, type Schema } from "../../api/client";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { Icon } from "../../ui/Icon";
import { Answer, Failed, Field } from "../../ui/parts";
import { toastProblem } from "../../ui/toasts";
import { useTitle } from "../../ui/useTitle";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import { states } from "../log/StatePicker";
import style from "./Import.module.css";
import { type Choice, type Import, importsQuery, sendFile, sources } from "./queries";
import { useWords } from "./words";

const modes = ["all", "new", "time"] as const satisfies readonly Choice["mode"][];

/** Bringing games from elsewhere, what was brought before, and taking all of it away. */
export function ImportsPage() {
  const t = useWords();
  useTitle(t.title);
  return (
    <>
      <div className="h-row">
        <h1>{t.title}</h1>
      </div>
      <div className={style["cols"]}>
        <div className="stack-8">
          <NewImport />
          <Earlier />
        </div>
        <div className="stack-8">
          <Sources />
          <Export />
        </div>
      </div>
    </>
  );
}

function NewImport() {
  const t = useWords();
  const common = useCommon();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [choice, setChoice] = useState<Choice>({ mode: "all", audience: "friends" });
  const [share, setShare] = useState(0);
  const send = useMutation({
    mutationFn: (file: File) => sendFile(file, choice, setShare),
    onSuccess: async ({ import_id }) => {
      await client.invalidateQueries({ queryKey: ["imports"] });
      await navigate({ to: "/journal/import/$importId", params: { importId: import_id } });
    },
  });
  return (
    <section className="stack">
      <p className="ink2 prose">{t.text}</p>
      <fieldset className={style["modes"]}>
        <legend className="b sm">{t.mode}</legend>
        {modes.map((mode) => (
          <label key={mode} className="check">
            <input type="radio" name="mode" checked={choice.mode === mode} onChange={() => setChoice({ ...choice, mode })} />
            {t.modes[mode]}
          </label>
        ))}
        <span className="hint">{t.never}</span>
      </fieldset>
      <div className={style["two"]}>
        <Field label={t.state}>
          {(ids) => (
            <select
              {...ids}
              className="in"
              value={choice.state ?? ""}
              onChange={(e) => setChoice({ ...choice, state: states.find((state) => state === e.target.value) })}
            >
              <option value="">{t.stateUsual}</option>
              {states.map((state) => (
                <option key={state} value={state}>
                  {common.states[state]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t.audience}>
          {(ids) => (
            <select
              {...ids}
              className="in"
              value={choice.audience}
              onChange={(e) => setChoice({ ...choice, audience: e.target.value as Schema<"Audience"> })}
            >
              {(["public", "friends", "private"] as const).map((audience) => (
                <option key={audience} value={audience}>
                  {common.audiences[audience]}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <FileDrop isBusy={send.isPending} share={share} take={(file) => send.mutate(file)} />
      {send.error && <Failed error={send.error} />}
    </section>
  );
}

function FileDrop({ isBusy, share, take }: { isBusy: boolean; share: number; take: (file: File) => void }) {
  const t = useWords();
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <div
      className={style["drop"]}
      onDragOver={(event) => event.dataTransfer.types.includes("Files") && event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        const [file] = event.dataTransfer.files;
        if (file && !isBusy) take(file);
      }}
    >
      <Icon name="get" />
      <span className="ink2">{t.drop}</span>
      <button className={`btn btn-lit${isBusy ? " is-busy" : ""}`} type="button" disabled={isBusy} onClick={() => chooser.current?.click()}>
        {t.choose}
      </button>
      <input
        ref={chooser}
        className="vh"
        type="file"
        tabIndex={-1}
        aria-label={t.file}
        accept=".json,.csv,.tsv,.txt,.gz"
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file) take(file);
          target.value = "";
        }}
      />
      {isBusy ? (
        <div className={style["progress"]} role="status">
          <progress max={1} value={share} aria-label={t.file} />
          <span className="hint">{share < 1 ? t.sending(share) : t.reading}</span>
        </div>
      ) : (
        <span className="hint">{t.size}</span>
      )}
    </div>
  );
}

function Earlier() {
  const t = useWords();
  const imports = useQuery(importsQuery);
  return (
    <section>
      <div className="sec-h">
        <h2>{t.earlier}</h2>
      </div>
      <Answer query={imports}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="ink2">{t.noEarlier}</p>
          ) : (
            <ul className={style["earlier"]}>
              {items.map((one) => (
                <EarlierImport key={one.import_id} one={one} />
              ))}
            </ul>
          )
        }
      </Answer>
    </section>
  );
}

function EarlierImport({ one }: { one: Import }) {
  const t = useWords();
  const speech = useSpeech();
  const client = useQueryClient();
  const { import_id, source, status, counts, created_at, expires_at } = one;
  const forget = useMutation({
    mutationFn: () => ok(api.DELETE("/api/library/import/{import_id}", { params: { path: { import_id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["imports"] }),
    onError: toastProblem,
  });
  return (
    <li>
      <div className="grow">
        <Link className="b" to="/journal/import/$importId" params={{ importId: import_id }}>
          {t.from(sources[source])}, {t.rows(counts.rows)}
        </Link>
        <p className="sm ink3">
          <span className={`tag${status === "applied" ? " tag-ok" : ""}`}>{t.status[status]}</span> {speech.ago(created_at)},{" "}
          {t.until(speech.dateTime(expires_at))}
        </p>
      </div>
      <ConfirmButton
        className="btn btn-quiet btn-sm"
        text={t.forget}
        question={t.forgetQuestion}
        isBusy={forget.isPending}
        act={() => forget.mutate()}
      />
    </li>
  );
}

function Sources() {
  const t = useWords();
  return (
    <section className="stack">
      <h2>{t.sources}</h2>
      <dl className={style["sources"]}>
        {(Object.keys(t.how) as (keyof typeof sources)[]).map((source) => (
          <div key={source}>
            <dt className="b">{sources[source]}</dt>
            <dd className="sm ink2">{t.how[source]}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Export() {
  const t = useWords();
  return (
    <section className="stack" id="export">
      <h2>{t.export}</h2>
      <p className="ink2">{t.exportText}</p>
      <div className="row wrap">
        <a className="btn" href="/api/library/export?format=json" download>
          <Icon name="get" />
          {t.json}
        </a>
        <a className="btn" href="/api/library/export?format=csv" download>
          <Icon name="get" />
          {t.csv}
        </a>
      </div>
    </section>
  );
}
