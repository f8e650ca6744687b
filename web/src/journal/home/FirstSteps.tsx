import { Link } from "@tanstack/react-router";

import { openLog } from "../log/open";
import styles from "./HomePage.module.css";
import { useWords } from "./words";

/** What an empty journal shows: where to begin. */
export function FirstSteps() {
  const t = useWords();
  const steps = [
    {
      text: t.stepLibraryText,
      link: (
        <button className="link-btn b" type="button" onClick={() => openLog()}>
          {t.stepLibrary}
        </button>
      ),
    },
    { text: t.stepImportText, link: <Link to="/journal/import">{t.stepImport}</Link> },
    { text: t.stepPeopleText, link: <Link to="/journal/people">{t.stepPeople}</Link> },
    {
      text: t.stepProfileText,
      link: (
        <Link to="/account" search={{ section: "privacy" }}>
          {t.stepProfile}
        </Link>
      ),
    },
  ];
  return (
    <section className="card pad" aria-labelledby="steps">
      <div className="sec-h">
        <h2 id="steps">{t.steps}</h2>
        <span className="sm ink3">{t.stepsLead}</span>
      </div>
      <ol className={`trail ${styles["steps"]}`}>
        {steps.map(({ text, link }, i) => (
          <li key={text} className={i === 0 ? "is-lit" : "is-next"}>
            {link}
            <p className="sm ink2">{text}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
