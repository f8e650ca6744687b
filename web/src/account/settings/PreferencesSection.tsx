import { useState } from "react";

import type { Schema } from "../../api/client";
import { chosenTheme, hasMoreContrast, wearContrast, wearTheme } from "../../shell/look";
import { turnKeys, useKeysOn } from "../../ui/keys";
import { Field } from "../../ui/parts";
import { type Language, languages, speak, useLanguage } from "../../words";
import styles from "./AccountPage.module.css";
import { Choices, Part, Section } from "./sections";
import { useProfile } from "./useProfile";
import { useWords } from "./words";

type Theme = Schema<"Theme">;
const themes: readonly Theme[] = ["system", "light", "dark"];
const currencies = ["EUR", "USD", "RON"] as const;
const digests = ["never", "daily", "weekly"] as const satisfies readonly Schema<"MailDigest">[];

/** How the pages look and speak, on this device and for emails, and what prices are shown in. */
export function PreferencesSection() {
  const t = useWords();
  const language = useLanguage();
  const { me, change } = useProfile();
  const [isStrong, setStrong] = useState(hasMoreContrast);
  const areKeysOn = useKeysOn();
  const prefer = (what: Schema<"Preferences">) => change({ preferences: { ...me.preferences, ...what } });
  return (
    <Section title={t.sections.preferences} lead={t.preferencesLead}>
      <Looks choose={(theme) => (wearTheme(theme === "system" ? undefined : theme), prefer({ theme }))} />
      <label className="check switch">
        <input
          type="checkbox"
          checked={isStrong}
          onChange={(event) => {
            setStrong(event.target.checked);
            wearContrast(event.target.checked);
          }}
        />
        {t.contrast}
      </label>
      <label className="check switch">
        <input type="checkbox" checked={areKeysOn} onChange={(event) => turnKeys(event.target.checked)} />
        <span>
          {t.keys} <span className="ink3 sm">{t.keysHint}</span>
        </span>
      </label>
      <div className={styles["pair"]}>
        <Field label={t.language} hint={t.languageHint}>
          {(ids) => (
            <select
              {...ids}
              className="in"
              value={language}
              onChange={(event) => {
                speak(event.target.value as Language);
                prefer({ language: event.target.value });
              }}
            >
              {Object.entries(languages).map(([tag, name]) => (
                <option key={tag} value={tag} lang={tag}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t.currency} hint={t.currencyHint}>
          {(ids) => (
            <select {...ids} className="in" value={me.preferences.currency ?? ""} onChange={(event) => prefer({ currency: event.target.value })}>
              {me.preferences.currency === undefined && <option value="">{t.noCurrency}</option>}
              {currencies.map((currency) => (
                <option key={currency} value={currency}>
                  {new Intl.DisplayNames(language, { type: "currency" }).of(currency)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <Part title={t.digest} lead={t.digestLead}>
        <Choices
          name="mail"
          legend={t.digestLegend}
          value={me.preferences.mail ?? "never"}
          options={digests.map((value) => ({ value, text: t.digests[value] }))}
          choose={(mail) => prefer({ mail })}
        />
      </Part>
    </Section>
  );
}

function Looks({ choose }: { choose: (theme: Theme) => void }) {
  const t = useWords();
  const [worn, setWorn] = useState<Theme>(() => chosenTheme() ?? "system");
  return (
    <fieldset className="field">
      <legend className="label sm b">{t.theme}</legend>
      <div className={styles["looks"]}>
        {themes.map((theme) => (
          <label key={theme} className={styles["look"]}>
            <input type="radio" name="theme" checked={theme === worn} onChange={() => (setWorn(theme), choose(theme))} />
            <svg viewBox="0 0 120 70" aria-hidden="true">
              {theme !== "dark" && <Landscape className={styles["day"]} />}
              {theme !== "light" && <Landscape className={styles["night"]} half={theme === "system"} />}
            </svg>
            {t.themes[theme]}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Landscape({ className, half = false }: { className: string | undefined; half?: boolean }) {
  return (
    <svg className={className} viewBox={half ? "60 0 60 70" : "0 0 120 70"} x={half ? 60 : 0} width={half ? 60 : 120} height="70">
      <path className={styles["p-sky"]} d="M0 0h120v70H0z" />
      <path className={styles["p-far"]} d="M0 44q26-22 48-9t40-11q18-9 32 2v44H0z" />
      <path className={styles["p-near"]} d="M0 58q30-14 58-4t62-8v24H0z" />
      <circle className={styles["p-light"]} cx="90" cy="19" r="3.5" />
    </svg>
  );
}
