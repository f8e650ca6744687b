import { useState } from "react";

import { Link } from "@tanstack/react-router";

import { asProblem } from "../../api/problem";
import { HiddenNote } from "../../journal/report/HiddenNote";
import { Avatar } from "../../ui/Avatar";
import { Icon } from "../../ui/Icon";
import { onForm } from "../../ui/onForm";
import { Failed, Field } from "../../ui/parts";
import { codeText, toast } from "../../ui/toasts";
import { useCommon } from "../../ui/words";
import { useLanguage, useSpeech } from "../../words";
import { SubmitButton } from "../PasswordField";
import { UsernameField } from "../register/NewAccount";
import styles from "./AccountPage.module.css";
import { Part, Section } from "./sections";
import { useProfile } from "./useProfile";
import { useWords } from "./words";

const BIO = 500;
const LANGUAGES = 8;
/** Languages that the list offers; any other tag that is there already stays. */
const offered = "bg cs da de el en es et fi fr ga hr hu is it ja ko lt lv mk nl no pl pt pt-BR ro ru sk sl sq sr sv tr uk zh".split(" ");

/** Who one is to others: name, what one says of oneself, languages, and the username. */
export function ProfileSection() {
  const t = useWords();
  const common = useCommon();
  const { me, saving } = useProfile();
  const [bio, setBio] = useState(me.bio ?? "");
  const [languages, setLanguages] = useState(me.languages);
  const problem = saving.error ? asProblem(saving.error) : undefined;
  const faults = { display_name: problem?.fault("display_name"), bio: problem?.fault("bio"), languages: problem?.fault("languages") };
  const save = (form: FormData) =>
    saving.mutate(
      { display_name: String(form.get("display_name")).trim() || null, bio: bio.trim() || null, languages },
      { onSuccess: () => toast(t.saved) },
    );
  return (
    <Section title={t.sections.profile} lead={t.profileLead}>
      <div className="row">
        <Avatar name={me.display_name ?? me.username ?? me.email} />
        {me.username && (
          <Link to="/journal/people/$username" params={{ username: me.username }}>
            {t.seeProfile}
          </Link>
        )}
      </div>
      <HiddenNote reason={me.hidden} />
      <form onSubmit={onForm(save)}>
        {problem && !faults.display_name && !faults.bio && !faults.languages && <Failed error={problem} />}
        <Field label={t.displayName} hint={t.displayNameHint} error={faults.display_name}>
          {(ids) => <input {...ids} className="in" name="display_name" defaultValue={me.display_name ?? ""} maxLength={32} autoComplete="nickname" />}
        </Field>
        <Field label={t.bio} hint={t.bioHint(BIO - [...bio].length)} error={faults.bio}>
          {(ids) => <textarea {...ids} className="in" name="bio" value={bio} onChange={(event) => setBio(event.target.value)} maxLength={BIO} rows={4} />}
        </Field>
        <Languages value={languages} change={setLanguages} error={faults.languages} />
        <div>
          <SubmitButton isBusy={saving.isPending}>{common.save}</SubmitButton>
        </div>
      </form>
      <Username />
    </Section>
  );
}

function Languages({ value, change, error }: { value: string[]; change: (value: string[]) => void; error: string | undefined }) {
  const t = useWords();
  const language = useLanguage();
  const names = new Intl.DisplayNames(language, { type: "language" });
  const name = (tag: string) => names.of(tag) ?? tag;
  const rest = offered.filter((tag) => !value.includes(tag)).sort((a, b) => name(a).localeCompare(name(b), language));
  return (
    <Field label={t.languages} hint={t.languagesHint} error={error}>
      {(ids) => (
        <>
          {value.length > 0 && (
            <ul className={styles["chips"]}>
              {value.map((tag) => (
                <li key={tag}>
                  <button
                    className="chip"
                    type="button"
                    aria-label={t.removeLanguage(name(tag))}
                    onClick={() => change(value.filter((other) => other !== tag))}
                  >
                    {name(tag)}
                    <Icon name="x" />
                  </button>
                </li>
              ))}
            </ul>
          )}
          <select
            {...ids}
            className="in"
            value=""
            disabled={value.length >= LANGUAGES}
            onChange={(event) => event.target.value && change([...value, event.target.value])}
          >
            <option value="">{t.addLanguage}</option>
            {rest.map((tag) => (
              <option key={tag} value={tag}>
                {name(tag)}
              </option>
            ))}
          </select>
        </>
      )}
    </Field>
  );
}

function Username() {
  const t = useWords();
  const s = useSpeech();
  const { me, saving } = useProfile();
  const problem = saving.error ? asProblem(saving.error) : undefined;
  const code = problem?.code ?? "";
  const fault = problem?.fault("username") ?? (code.startsWith("username_") ? codeText(code) : undefined);
  const changesAt = me.username_changes_at && new Date(me.username_changes_at) > new Date() ? me.username_changes_at : undefined;
  return (
    <Part title={t.username} lead={t.usernameLead}>
      {changesAt ? (
        <p className="note">
          <Icon name="clock" />
          <span>{t.usernameLater(me.username ?? "", s.date(changesAt))}</span>
        </p>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const username = String(new FormData(event.currentTarget).get("username")).trim();
            saving.mutate({ username }, { onSuccess: () => toast(t.renamed(username)) });
          }}
        >
          {problem && !fault && <Failed error={problem} />}
          <UsernameField error={fault} start={me.username ?? ""} />
          <div>
            <button className={`btn${saving.isPending ? " is-busy" : ""}`} type="submit">
              {t.changeUsername}
            </button>
          </div>
        </form>
      )}
    </Part>
  );
}
