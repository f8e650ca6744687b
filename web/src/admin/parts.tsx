/** Small parts that several of the administration's pages show. */

import { useQuery } from "@tanstack/react-query";

import { accountQuery } from "../account/me";
import { Empty } from "../ui/parts";
import { useTitle } from "../ui/useTitle";
import styles from "./parts.module.css";
import { useWords } from "./words";

/** A page of the administration: its heading with what belongs beside it, and its body. */
export function AdminPart({ title, beside, children }: { title: string; beside?: React.ReactNode; children: React.ReactNode }) {
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

/** What only administrators see; moderators read why not. */
export function ForAdministrators({ children }: { children: React.ReactNode }) {
  const t = useWords();
  const { data: account } = useQuery(accountQuery);
  if (account?.administrator) return children;
  return (
    <Sheet>
      <Empty title={t.forAdministrators} text={t.forAdministratorsText} />
    </Sheet>
  );
}
