/** What pages beside a rail are made of: the heading with what belongs to it, a sheet, and its parts. */

import { useTitle } from "./useTitle";
import styles from "./work.module.css";

/** A page of the studio or of the administration: its heading with what belongs beside it, and its body. */
export function WorkPage({ title, beside, children }: { title: string; beside?: React.ReactNode; children: React.ReactNode }) {
  useTitle(title);
  return (
    <>
      <div className="work-h">
        <h1>{title}</h1>
        {beside}
      </div>
      {children}
    </>
  );
}

/** The body of a page of text, forms and tables: not wider than one reads. */
export function Sheet({ children }: { children: React.ReactNode }) {
  return <div className={styles["sheet"]}>{children}</div>;
}

/** A part of a sheet with a heading of its own. */
export function Part({ title, hint, beside, children }: { title: string; hint?: string; beside?: React.ReactNode; children: React.ReactNode }) {
  return (
    <section className={styles["part"]} aria-label={title}>
      <div className="row between wrap">
        <h2>{title}</h2>
        {beside}
      </div>
      {hint && <p className="sm ink2 prose">{hint}</p>}
      {children}
    </section>
  );
}
