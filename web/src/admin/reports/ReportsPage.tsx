import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { Empty, Failed, Loading } from "../../ui/parts";
import { useSpeech } from "../../words";
import { type Case, keyOf, queueQuery } from "../moderation";
import { Sheet, WorkPage } from "../../ui/work";
import { kinds, type ReportsSearch } from "../search";
import { Desk } from "./Desk";
import { useDecide } from "./useDecide";
import { useWords } from "./words";

/** What people have reported, and appeals, to be decided by keyboard. */
export function ReportsPage() {
  const t = useWords();
  const search = useSearch({ from: "/signed-in/admin-frame/admin/reports" });
  const queue = useInfiniteQuery(queueQuery(search));
  const { decide, decided } = useDecide();
  const open = queue.data?.filter((one) => !decided.has(keyOf(one)));
  const isInForce = search.state === "in_force";
  return (
    <WorkPage title={t.title} beside={<Beside search={search} cases={open} more={queue.hasNextPage} />}>
      {open ? (
        <Desk
          key={`${search.state} ${search.kind}`}
          cases={open}
          decide={decide}
          more={queue.hasNextPage ? () => void queue.fetchNextPage() : undefined}
          empty={
            <Sheet>
              <Empty title={isInForce ? t.nothingInForce : t.nothing} text={isInForce ? t.nothingInForceText : t.nothingText} />
            </Sheet>
          }
        />
      ) : (
        <Sheet>{queue.error ? <Failed error={queue.error} retry={queue.refetch} /> : <Loading lines={8} />}</Sheet>
      )}
    </WorkPage>
  );
}

function Beside({ search, cases, more }: { search: ReportsSearch; cases: Case[] | undefined; more: boolean }) {
  const t = useWords();
  const s = useSpeech();
  const navigate = useNavigate();
  const show = (to: ReportsSearch) => void navigate({ to: "/admin/reports", search: to });
  const { kind, state } = search;
  const ofState = state ? { state } : {};
  const ofKind = kind ? { kind } : {};
  const firsts = (cases ?? []).flatMap(({ first_at, appeal }) => first_at ?? appeal?.at ?? []);
  const first = firsts.toSorted()[0];
  return (
    <>
      {!state && cases && (
        <span className="ink2 sm">
          {t.waiting(`${s.number(cases.length)}${more ? "+" : ""}`)}
          {first && `, ${t.oldest(s.ago(first))}`}
        </span>
      )}
      <span className="row end wrap" role="group" aria-label={t.shown}>
        <button className="chip" type="button" aria-pressed={!kind} onClick={() => show(ofState)}>
          {t.all}
        </button>
        {kinds.map((one) => (
          <button key={one} className="chip" type="button" aria-pressed={kind === one} onClick={() => show({ ...ofState, kind: one })}>
            {t.kinds[one]}
          </button>
        ))}
        <button
          className="btn btn-sm"
          type="button"
          aria-pressed={state === "in_force"}
          onClick={() => show(state ? ofKind : { ...ofKind, state: "in_force" })}
        >
          {t.inForce}
        </button>
      </span>
    </>
  );
}
