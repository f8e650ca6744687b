import { Link } from "@tanstack/react-router";

import { useMe } from "../../account/me";
import { AppPasswords } from "../../account/settings/ProgramsSection";
import { Icon } from "../../ui/Icon";
import { toast } from "../../ui/toasts";
import { useCommon } from "../../ui/words";
import styles from "./SavesPage.module.css";
import { useWords } from "./words";

/** How programs keep saves here: the addresses to put in, and the passwords. */
export function How() {
  const t = useWords();
  const { username } = useMe();
  const door = `${location.origin}/dav/saves`;
  const rclone = `rclone config create cairn webdav url=${door} vendor=owncloud user=${username ?? "me"} pass=APP-PASSWORD --obscure
rclone sync ~/.local/share/Celeste/Saves cairn:Celeste/main`;
  return (
    <div className={styles["how"]}>
      <header className="stack-1">
        <Link className="sm" to="/journal/saves">
          {t.back}
        </Link>
        <h2>{t.howTitle}</h2>
        <p className="ink2">{t.howLead}</p>
      </header>
      <Program name="Ludusavi" text={t.ludusavi} copied={door} />
      <Program name="RetroArch" text={t.retroarch} copied={`${door}/retroarch/main/`} />
      <Program name="rclone" text={t.rclone} copied={rclone} isCode />
      <Program name={t.otherTitle} text={t.other} copied={door} />
      <section className={styles["program"]} aria-labelledby="passwords">
        <h3 id="passwords">{t.passwords}</h3>
        <p className="sm ink2">{t.anyUser}</p>
        <AppPasswords />
      </section>
    </div>
  );
}

function Program({ name, text, copied, isCode = false }: { name: string; text: string; copied: string; isCode?: boolean }) {
  const common = useCommon();
  const copy = async () => {
    await navigator.clipboard.writeText(copied);
    toast(common.copied);
  };
  return (
    <section className={styles["program"]} aria-label={name}>
      <h3>{name}</h3>
      <p className="sm ink2">{text}</p>
      {isCode ? (
        <pre className="code" tabIndex={0} role="region" aria-label={name}>
          <code>{copied}</code>
        </pre>
      ) : null}
      <div className={isCode ? "row" : styles["url"]}>
        {!isCode && <code>{copied}</code>}
        <button className="btn btn-sm" type="button" onClick={() => void copy()}>
          <Icon name="copy" />
          {common.copy}
          <span className="vh"> {name}</span>
        </button>
      </div>
    </section>
  );
}
