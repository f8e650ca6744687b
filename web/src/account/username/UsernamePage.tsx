import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, Navigate, useSearch } from "@tanstack/react-router";

import { asProblem } from "../../api/problem";
import { onForm } from "../../ui/onForm";
import { Failed } from "../../ui/parts";
import { codeText } from "../../ui/toasts";
import { Door } from "../door/Door";
import { meQuery } from "../me";
import { SubmitButton } from "../PasswordField";
import { UsernameField } from "../register/NewAccount";
import { chooseUsername, useEnter } from "../requests";
import { useWords } from "./words";
import "../problems";

/** A person without a username chooses one before the journal opens. */
export function UsernamePage() {
  const t = useWords();
  const { return_to } = useSearch({ from: "/doors/account/username" });
  const { data: me } = useQuery(meQuery);
  const enter = useEnter();
  const choosing = useMutation({
    mutationFn: (form: FormData) => chooseUsername(String(form.get("username")).trim()),
    onSuccess: () => enter(return_to),
  });
  if (me === null) return <Navigate to="/account/sign-in" search={{ return_to }} />;
  const problem = choosing.error ? asProblem(choosing.error) : undefined;
  const fault = problem?.fault("username") ?? (problem?.code === "username_taken" ? codeText("username_taken") : undefined);
  return (
    <Door title={t.title} text={t.text} built={2} links={<Link to="/studio">{t.onlyStudio}</Link>}>
      <form onSubmit={onForm(choosing.mutate)}>
        {problem && !fault && <Failed error={problem} />}
        <UsernameField error={fault} />
        <SubmitButton isBusy={choosing.isPending}>{t.choose}</SubmitButton>
      </form>
    </Door>
  );
}
