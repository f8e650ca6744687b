import { Link, useSearch } from "@tanstack/react-router";

import { Icon } from "../../ui/Icon";
import { codeText, problemText } from "../../ui/toasts";
import { useTitle } from "../../ui/useTitle";
import styles from "./AccountPage.module.css";
import { DataSection } from "./DataSection";
import { NoticesSection } from "./NoticesSection";
import { PlayersSection } from "./PlayersSection";
import { PreferencesSection } from "./PreferencesSection";
import { PrivacySection } from "./PrivacySection";
import { ProfileSection } from "./ProfileSection";
import { ProgramsSection } from "./ProgramsSection";
import { type SectionId, sections } from "./sections";
import { SignInSection } from "./SignInSection";
import { useWords } from "./words";
import "../problems";

const shown: Record<SectionId, () => React.ReactNode> = {
  profile: ProfileSection,
  preferences: PreferencesSection,
  privacy: PrivacySection,
  notices: NoticesSection,
  "sign-in": SignInSection,
  programs: ProgramsSection,
  players: PlayersSection,
  data: DataSection,
};

/** All that a person decides about their account, a section at a time; each has an address of its own. */
export function AccountPage() {
  const t = useWords();
  const { section, error, linked } = useSearch({ from: "/signed-in/journal-frame/account" });
  // A provider's answer to linking comes back to the page without a section.
  const current = sections.find(({ id }) => id === section)?.id ?? (error || linked ? "sign-in" : "profile");
  useTitle(`${t.sections[current]}, ${t.account}`);
  const Shown = shown[current];
  return (
    <div className={styles["page"]}>
      <nav className={styles["nav"]} aria-label={t.account}>
        {sections.map(({ id, icon }) => (
          <Link
            key={id}
            to="/account"
            search={{ section: id }}
            activeOptions={{ exact: true }}
            aria-current={id === current ? "page" : undefined}
          >
            <Icon name={icon} />
            {t.sections[id]}
          </Link>
        ))}
      </nav>
      <div className="stack-5">
        {error && (
          <p className="note note-bad" role="alert">
            <span>{codeText(error) ?? problemText(new Error(error))}</span>
          </p>
        )}
        {linked && (
          <p className="note note-ok" role="status">
            <span>{t.linked}</span>
          </p>
        )}
        <Shown />
      </div>
    </div>
  );
}
