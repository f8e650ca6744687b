import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { asProblem } from "../../api/problem";
import { Icon } from "../../ui/Icon";
import { onForm } from "../../ui/onForm";
import { Failed } from "../../ui/parts";
import { codeText, toast, toastProblem } from "../../ui/toasts";
import { useSpeech } from "../../words";
import { PasswordField } from "../PasswordField";
import { ask, type Identity, type Provider, providersQuery } from "../requests";
import styles from "./AccountPage.module.css";
import { Part } from "./sections";
import { useWords } from "./words";

const PATH = "/v1/account/identities";
const queryKey = ["account", "identities"];

/** Accounts of providers with which one can sign in too. Nothing is shown where the installation offers none. */
export function IdentitiesPart() {
  const t = useWords();
  const s = useSpeech();
  const queries = useQueryClient();
  const { data: providers = [] } = useQuery(providersQuery);
  const { data: identities = [] } = useQuery({
    queryKey,
    queryFn: async () => (await ask<{ items: Identity[] }>("GET", PATH)).items,
    enabled: providers.length > 0,
  });
  if (providers.length === 0) return null;
  const unlink = async ({ identity_id, display_name }: Identity) => {
    try {
      await ask("DELETE", `${PATH}/${identity_id}`);
      await queries.invalidateQueries({ queryKey });
      toast(t.unlinked(display_name));
    } catch (error) {
      toastProblem(error);
    }
  };
  const free = providers.filter(({ id }) => !identities.some(({ provider }) => provider === id));
  return (
    <Part title={t.identities} lead={t.identitiesLead}>
      <ul className={styles["rows"]}>
        {identities.map((identity) => (
          <li key={identity.identity_id}>
            <Icon name="key" />
            <span>
              <b>{identity.display_name}</b>
              <span className="sm ink2"> {[identity.email, t.linkedSince(s.date(identity.linked_at))].filter(Boolean).join(" · ")}</span>
            </span>
            <button className="btn btn-sm" type="button" onClick={() => void unlink(identity)}>
              {t.unlink}
            </button>
          </li>
        ))}
      </ul>
      {free.map((provider) => (
        <Link key={provider.id} provider={provider} />
      ))}
    </Part>
  );
}

function Link({ provider }: { provider: Provider }) {
  const t = useWords();
  const linking = useMutation({
    mutationFn: (form: FormData) =>
      ask<{ authorization_url: string }>("POST", PATH, { provider: provider.id, password: String(form.get("password")), return_to: "/account" }),
    onSuccess: ({ authorization_url }) => location.assign(authorization_url),
  });
  const problem = linking.error ? asProblem(linking.error) : undefined;
  const fault = problem?.fault("password") ?? (problem?.code === "wrong_password" ? codeText("wrong_password") : undefined);
  return (
    <details className="fold">
      <summary>{t.link(provider.display_name)}</summary>
      <form onSubmit={onForm(linking.mutate)}>
        {problem && !fault && <Failed error={problem} />}
        <PasswordField error={fault} />
        <div>
          <button className={`btn${linking.isPending ? " is-busy" : ""}`} type="submit">
            {t.link(provider.display_name)}
          </button>
        </div>
      </form>
    </details>
  );
}
