import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { api, ok, type Schema } from "../../api/client";
import { Answer } from "../../ui/parts";
import { KindSign, saidBy } from "../kinds";
import { type World, worldName } from "../place";
import { useWords as useStudioWords } from "../words";
import styles from "./WorldPage.module.css";
import { useWords } from "./words";

const SHOWN = 10;
/** The share of a deck that is chosen by score alone (docs/traces.md, "How a deck is selected"). */
const BEST = 3 / 8;
/** Below so many votes a trace counts as new. */
const FEW_VOTES = 3;

/** A deck of a scope. */
export const deckQuery = (world: World, scope: string, deck: number) => ({
  queryKey: ["world", worldName(world), "deck", scope, deck],
  queryFn: () => ok(api.GET("/v1/deck", { params: { query: { game: worldName(world), scope: [scope], deck } as never } })),
});

/** Why the server probably chose a trace for a deck. */
function whyOf(deck: Schema<"Deck">): Map<string, "best" | "fresh" | "chance"> {
  const why = new Map<string, "best" | "fresh" | "chance">();
  for (const kind of new Set(deck.traces.map((trace) => trace.kind))) {
    const ofKind = deck.traces.filter((trace) => trace.kind === kind).toSorted((a, b) => b.score - a.score);
    const best = Math.ceil(ofKind.length * BEST);
    ofKind.forEach((trace, i) => {
      const isFresh = trace.good + trace.poor < FEW_VOTES;
      why.set(trace.id, isFresh ? "fresh" : i < best ? "best" : "chance");
    });
  }
  return why;
}

/** What a player who comes to a scope is shown. */
export function DeckList({
  world,
  scope,
  number,
  chosen,
  onNumber,
  onChoose,
}: {
  world: World;
  scope: string;
  number: number;
  chosen: string | undefined;
  onNumber: (deck: number) => void;
  onChoose: (trace: Schema<"Trace">) => void;
}) {
  const t = useWords();
  const studioWords = useStudioWords();
  const [isWhole, setWhole] = useState(false);
  const query = useQuery(deckQuery(world, scope, number));
  return (
    <section aria-label={t.deck}>
      <div className="row between">
        <h2>{t.deck}</h2>
        {query.data && query.data.deck_count > 1 && (
          <button className="btn btn-quiet btn-sm" type="button" onClick={() => onNumber((number + 1) % query.data.deck_count)}>
            {t.nextDeck}
          </button>
        )}
      </div>
      <Answer query={query} lines={6}>
        {(deck) => {
          if (deck.traces.length === 0) return <p className="sm ink2">{t.deckEmpty}</p>;
          const why = whyOf(deck);
          const traces = deck.traces.toSorted((a, b) => b.score - a.score);
          const shown = isWhole ? traces : traces.slice(0, SHOWN);
          return (
            <>
              <p className="sm ink2">{t.deckOf(deck.deck + 1, deck.deck_count, deck.traces.length)}</p>
              <ol className={styles["deck"]}>
                {shown.map((trace, i) => (
                  <li key={trace.id}>
                    <button type="button" className={trace.id === chosen ? styles["isSel"] : ""} aria-pressed={trace.id === chosen} onClick={() => onChoose(trace)}>
                      <span className="num ink3">{i + 1}</span>
                      <KindSign kind={trace.kind} named />
                      <span className="trunc">{saidBy(trace, studioWords.kinds[trace.kind].one)}</span>
                      <span className={styles["why"]}>{t.why[why.get(trace.id) ?? "chance"]}</span>
                    </button>
                  </li>
                ))}
              </ol>
              {traces.length > SHOWN && !isWhole && (
                <p>
                  <button className="link-btn sm" type="button" onClick={() => setWhole(true)}>
                    {t.moreInDeck(traces.length - SHOWN)}
                  </button>
                </p>
              )}
              <p className="xs ink3">{t.whyTitle}</p>
            </>
          );
        }}
      </Answer>
    </section>
  );
}
