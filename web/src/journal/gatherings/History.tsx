import { useQuery } from "@tanstack/react-query";

import { Fill } from "../../ui/Fill";
import { Answer } from "../../ui/parts";
import { useSpeech } from "../../words";
import { nameOf } from "../people/queries";
import { movesQuery } from "./queries";
import { useWords } from "./words";

/** What happened with a gathering, the newest first. */
export function History({ id }: { id: string }) {
  const t = useWords();
  const s = useSpeech();
  const moves = useQuery(movesQuery(id));
  return (
    <section aria-labelledby="history">
      <div className="sec-h">
        <h2 id="history">{t.history}</h2>
      </div>
      <Answer query={moves}>
        {(items) => (
          <ol className="trail">
            {items.map(({ by, what, guest, at }, i) => (
              <li key={`${at} ${i}`} className={i === 0 ? "is-lit" : "is-done"}>
                <p className="sm">
                  <Fill
                    text={what === "expired" && !guest ? t.expiredAll : (t.moves[what] ?? what)}
                    parts={{ by: t.byRoles[by] ?? by, guest: <b>{guest ? nameOf(guest) : t.somebody}</b> }}
                  />
                </p>
                <time className="xs ink3" dateTime={at}>
                  {s.ago(at)}
                </time>
              </li>
            ))}
          </ol>
        )}
      </Answer>
    </section>
  );
}
