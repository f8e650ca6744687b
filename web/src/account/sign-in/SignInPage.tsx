import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { api, ok } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Mark } from "../../ui/Cairn";
import { Failed, Field } from "../../ui/parts";
import { useForgetAll } from "../me";
import { useWords } from "./words";

/** Signs a person in with their address and password. */
export function SignInPage() {
  const t = useWords();
  const navigate = useNavigate();
  const forgetAll = useForgetAll();
  const { return_to } = useSearch({ from: "/doors/account/sign-in" });
  const signIn = useMutation({
    mutationFn: (form: FormData) =>
      ok(
        api.POST("/v1/account/sessions", {
          body: { email: String(form.get("email")), password: String(form.get("password")), cookie: true },
        }),
      ),
    onSuccess: async () => {
      forgetAll();
      await navigate({ href: return_to ?? "/journal" });
    },
  });
  const problem = signIn.error ? asProblem(signIn.error) : undefined;
  return (
    <main id="main" className="page narrow stack-5">
      <p className="mark">
        <Mark />
        Cairn
      </p>
      <h1>{t.title}</h1>
      <form className="stack" action={(form) => signIn.mutate(form)}>
        {problem && <Failed error={problem} />}
        <Field label={t.email} error={problem?.fault("email")}>
          {(ids) => <input {...ids} className="in" name="email" type="email" autoComplete="username" required />}
        </Field>
        <Field label={t.password} error={problem?.fault("password")}>
          {(ids) => <input {...ids} className="in" name="password" type="password" autoComplete="current-password" required />}
        </Field>
        <button className={`btn btn-lit${signIn.isPending ? " is-busy" : ""}`} type="submit" aria-busy={signIn.isPending}>
          {t.signIn}
        </button>
      </form>
    </main>
  );
}
