import { Mark } from "../../ui/Cairn";
import { Icon } from "../../ui/Icon";
import { useTitle } from "../../ui/useTitle";
import { shownTheme, wearTheme } from "../../shell/look";
import { OtherAddress } from "../../shell/OtherAddress";
import { type Language, languages, speak, useLanguage } from "../../words";
import { type Built, Scene } from "./Scene";
import styles from "./Door.module.css";
import { useWords } from "./words";

/** The frame of a page for people who are not signed in: the scene, and a card with what the page asks. */
export function Door({
  title,
  text,
  built = 2,
  links,
  children,
}: {
  title: string;
  text?: React.ReactNode;
  /** How far the cairn in the scene is built: with each step that the person takes. */
  built?: Built;
  /** Ways to other doors, under the card's content. */
  links?: React.ReactNode;
  children?: React.ReactNode;
}) {
  useTitle(title);
  return (
    <div className={styles["door"]}>
      <div className={styles["backdrop"]}>
        <Scene built={built} />
      </div>
      <DoorTop />
      <main id="main" className={`page ${styles["middle"]}`}>
        <div className={`raised card ${styles["card"]}`}>
          <OtherAddress />
          <h1>{title}</h1>
          {text && <p className={styles["text"]}>{text}</p>}
          {children}
          {links && <nav className={styles["links"]}>{links}</nav>}
        </div>
      </main>
    </div>
  );
}

function DoorTop() {
  const t = useWords();
  const language = useLanguage();
  return (
    <header className={`page ${styles["top"]}`}>
      <a className="mark" href="/">
        <Mark />
        Cairn
      </a>
      <select className="in" aria-label={t.language} value={language} onChange={(event) => speak(event.target.value as Language)}>
        {Object.entries(languages).map(([tag, name]) => (
          <option key={tag} value={tag} lang={tag}>
            {name}
          </option>
        ))}
      </select>
      <button
        className="btn btn-quiet btn-icon"
        type="button"
        aria-label={t.changeTheme}
        onClick={() => wearTheme(shownTheme() === "dark" ? "light" : "dark")}
      >
        <Icon name="theme" />
      </button>
    </header>
  );
}

/** The steps of a door, with the one where the person is. */
export function Steps({ names, at }: { names: string[]; at: number }) {
  return (
    <ol className={styles["steps"]}>
      {names.map((name, i) => (
        <li key={name} data-is={i < at ? "done" : i === at ? "now" : "next"} aria-current={i === at ? "step" : undefined}>
          {name}
        </li>
      ))}
    </ol>
  );
}
