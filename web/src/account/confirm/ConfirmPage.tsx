import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, Navigate } from "@tanstack/react-router";
import { useState } from "react";

import { api, ok } from "../../api/client";
import { onForm } from "../../ui/onForm";
import { Failed, Loading } from "../../ui/parts";
import { Door } from "../door/Door";
import { kept, useFragment } from "../fragment";
import { meQuery } from "../me";
import { SubmitButton } from "../PasswordField";
import { NewAccount } from "../register/NewAccount";
import { useWords as useRegisterWords } from "../register/words";
import { useWords } from "./words";
import "../problems";

const KEPT = "email-code";

/** Where the links of emails lead: the code of a registration, or of a change of address (`for=email`). */
export function ConfirmPage() {
  const register = useRegisterWords();
  const fragment = useFragment();
  const code = fragment.get("code") ?? undefined;
  if (fragment.get("for") === "email" || (code === undefined && kept.get(KEPT) !== undefined)) {
    return <ConfirmAddress code={code ?? kept.get(KEPT) ?? ""} />;
  }
  return (
    <Door
      title={register.codeTitle}
      text={code === undefined ? undefined : register.linkText}
      built={2}
      links={<Link to="/account/sign-in">{register.haveOne}</Link>}
    >
      <NewAccount email={kept.get("registering")} {...(code === undefined ? {} : { code })} />
    </Door>
  );
}

function ConfirmAddress({ code }: { code: string }) {
  const t = useWords();
  const me = useQuery(meQuery);
  const [email, setEmail] = useState<string>();
  const confirming = useMutation({
    mutationFn: () => ok(api.POST("/v1/account/email/confirm", { body: { code } })),
    onSuccess: (account) => {
      kept.set(KEPT, undefined);
      setEmail(account.email);
      void me.refetch();
    },
  });
  if (me.data === null) {
    kept.set(KEPT, code);
    return <Navigate to="/account/sign-in" search={{ return_to: "/account/confirm" }} />;
  }
  if (email !== undefined) {
    return (
      <Door title={t.done} text={t.doneText(email)} built={3}>
        <Link className="btn btn-lit" to="/account">
          {t.toAccount}
        </Link>
      </Door>
    );
  }
  return (
    <Door title={t.title} text={me.data ? t.text(me.data.email) : undefined} built={2} links={<Link to="/account">{t.toAccount}</Link>}>
      {me.data ? (
        <form onSubmit={onForm(() => confirming.mutate())}>
          {confirming.error && <Failed error={confirming.error} />}
          <SubmitButton isBusy={confirming.isPending}>{t.confirm}</SubmitButton>
        </form>
      ) : me.error ? (
        <Failed error={me.error} retry={me.refetch} />
      ) : (
        <Loading lines={2} />
      )}
    </Door>
  );
}
