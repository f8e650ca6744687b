import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { platformName, useGenreName } from "../../ui/games";
import { Field } from "../../ui/parts";
import { useLater } from "../../ui/useLater";
import styles from "./PeoplePage.module.css";
import { type PeopleSearch, withins } from "./search";
import { useWords } from "./words";

const platforms = ["pc", "mac", "linux", "ps4", "ps5", "xbox-one", "xbox-series", "switch", "switch-2", "ios", "android"];
const genres = ["action", "adventure", "horror", "music", "platformer", "puzzle", "racing", "role-playing", "shooter", "simulation", "sports", "strategy"];
const completed = [1, 5, 10, 25, 50, 100];
const hours = [10, 50, 200, 1000];

/** What people are searched by; each change is in the address. */
export function Filters({ search, hasPlace }: { search: PeopleSearch; hasPlace: boolean }) {
  const t = useWords();
  const genreName = useGenreName();
  const navigate = useNavigate();
  const go = (change: PeopleSearch) => {
    const next = Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined && value !== ""));
    void navigate({ to: "/journal/people", search: next as PeopleSearch, replace: true });
  };
  const isAsked = Object.values(search).some((value) => value !== undefined);
  return (
    <form className={`card ${styles["filters"]}`} role="search" onSubmit={(event) => event.preventDefault()}>
      <NameField value={search.name ?? ""} change={(name) => go({ name })} />
      <Choice label={t.within} value={search.within ?? ""} change={(within) => go({ within: withins.find((name) => name === within) })} isOff={!hasPlace}>
        <option value="">{hasPlace ? t.anyDistance : t.anywhere}</option>
        {withins.slice(0, -1).map((within) => (
          <option key={within} value={within}>
            {t.bands[within]}
          </option>
        ))}
      </Choice>
      <Choice label={t.platform} value={search.platform ?? ""} change={(platform) => go({ platform })}>
        <option value="">{t.any}</option>
        {platforms.map((platform) => (
          <option key={platform} value={platform}>
            {platformName(platform)}
          </option>
        ))}
      </Choice>
      <Choice label={t.genre} value={search.genre ?? ""} change={(genre) => go({ genre })}>
        <option value="">{t.any}</option>
        {genres.map((genre) => (
          <option key={genre} value={genre}>
            {genreName(genre)}
          </option>
        ))}
      </Choice>
      <Choice label={t.completed} value={String(search.completed_min ?? "")} change={(n) => go({ completed_min: Number(n) || undefined })}>
        <option value="">{t.any}</option>
        {completed.map((n) => (
          <option key={n} value={n}>
            {t.games(n)}
          </option>
        ))}
      </Choice>
      <Choice label={t.hours} value={String(search.hours_min ?? "")} change={(n) => go({ hours_min: Number(n) || undefined })}>
        <option value="">{t.any}</option>
        {hours.map((n) => (
          <option key={n} value={n}>
            {t.hoursOf(n)}
          </option>
        ))}
      </Choice>
      {isAsked && (
        <button className="btn btn-quiet" type="button" onClick={() => void navigate({ to: "/journal/people", search: {}, replace: true })}>
          {t.clear}
        </button>
      )}
    </form>
  );
}

function NameField({ value, change }: { value: string; change: (name: string) => void }) {
  const t = useWords();
  const [text, setText] = useState(value);
  const later = useLater(text.trim(), 300);
  // What was typed is in the address once it stands still; what the address says otherwise (cleared, gone back) is shown.
  useEffect(() => {
    if (later !== value) change(later);
  }, [later]);
  useEffect(() => setText(value), [value]);
  return (
    <Field label={t.name}>
      {(ids) => (
        <input {...ids} className="in" type="search" value={text} placeholder={t.namePlaceholder} maxLength={64} onChange={(event) => setText(event.target.value)} />
      )}
    </Field>
  );
}

function Choice({
  label,
  value,
  change,
  isOff = false,
  children,
}: {
  label: string;
  value: string;
  change: (value: string) => void;
  isOff?: boolean;
  children: React.ReactNode;
}) {
  return (
    <Field label={label}>
      {(ids) => (
        <select {...ids} className="in" value={value} disabled={isOff} onChange={(event) => change(event.target.value)}>
          {children}
        </select>
      )}
    </Field>
  );
}
