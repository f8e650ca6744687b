import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { api, ok, type Schema } from "../../api/client";
import { Failed, Field } from "../../ui/parts";
import { Part } from "../../ui/work";
import type { Environment, World } from "../place";
import { keysQuery } from "../queries";
import styles from "./KeysPage.module.css";
import { useWords } from "./words";

type Kind = Schema<"KeyKind">;
type Permission = Schema<"Permission">;

const permissions: Record<Kind, Permission[]> = { publishable: ["read", "write"], secret: ["read", "write", "moderate", "admin"] };

/** Makes a key of a kind, for an environment, with permissions. */
export function NewKeyForm({ world, onIssued }: { world: World; onIssued: (key: Schema<"IssuedKey">) => void }) {
  const t = useWords();
  const queries = useQueryClient();
  const { studio, game } = world;
  const [environment, setEnvironment] = useState<Environment>(world.environment);
  const [kind, setKind] = useState<Kind>("publishable");
  const [without, setWithout] = useState<ReadonlySet<Permission>>(new Set());
  const [label, setLabel] = useState("");
  const scopes = permissions[kind].filter((scope) => !without.has(scope));
  const making = useMutation({
    mutationFn: () =>
      ok(api.POST("/v1/studios/{studio}/games/{game}/keys", { params: { path: { studio, game } }, body: { environment, kind, scopes, label } })),
    onSuccess: async (key) => {
      onIssued(key);
      setLabel("");
      scrollTo({ top: 0 });
      await queries.invalidateQueries({ queryKey: keysQuery(studio, game).queryKey });
    },
  });
  const toggle = (scope: Permission) => {
    const next = new Set(without);
    if (!next.delete(scope)) next.add(scope);
    setWithout(next);
  };
  return (
    <Part title={t.make}>
      <form
        className={styles["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          making.mutate();
        }}
      >
        <Field label={t.label} hint={t.labelHint}>
          {(ids) => <input {...ids} className="in" name="label" maxLength={100} value={label} onChange={(event) => setLabel(event.target.value)} />}
        </Field>
        <fieldset className={styles["set"]}>
          <legend>{t.environment}</legend>
          {(["live", "dev"] as const).map((each) => (
            <label key={each} className="check">
              <input type="radio" name="environment" checked={environment === each} onChange={() => setEnvironment(each)} />
              <span className="mono">{each}</span>
            </label>
          ))}
        </fieldset>
        <fieldset className={styles["set"]}>
          <legend>{t.kind}</legend>
          {(["publishable", "secret"] as const).map((each) => (
            <label key={each} className="check">
              <input type="radio" name="kind" checked={kind === each} onChange={() => setKind(each)} />
              <span>
                {t.kinds[each]} <span className="ink3 sm">{t.kindHints[each]}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <fieldset className={styles["set"]}>
          <legend>{t.may}</legend>
          <span className="row wrap">
            {permissions[kind].map((scope) => (
              <label key={scope} className="check">
                <input type="checkbox" checked={!without.has(scope)} onChange={() => toggle(scope)} />
                {t.scopes[scope]}
              </label>
            ))}
          </span>
        </fieldset>
        {making.error && <Failed error={making.error} />}
        <div>
          <button className={`btn btn-lit${making.isPending ? " is-busy" : ""}`} type="submit" disabled={making.isPending || scopes.length === 0}>
            {t.make}
          </button>
        </div>
      </form>
    </Part>
  );
}
