import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";

import { Icon } from "../../ui/Icon";
import { useKeys } from "../../ui/keys";
import { Empty, Failed, Loading } from "../../ui/parts";
import { undoShown } from "../../ui/toasts";
import { useSpeech } from "../../words";
import { ForRole } from "../parts";
import { Sheet, WorkPage } from "../../ui/work";
import { searchOf, useWorld, type World, worldName } from "../place";
import { AuthorPanel } from "./AuthorPanel";
import { useDecisions } from "./decisions";
import { ItemView } from "./ItemView";
import { KeysDialog } from "./KeysDialog";
import styles from "./ModerationPage.module.css";
import { type Filter, filtered, filters, isWaiting, pagesQuery } from "./queue";
import { QueueList } from "./QueueList";
import { type DeskProps, useDesk } from "./useDesk";
import { useWords } from "./words";

/** What players have reported, to be decided by keyboard. */
export function ModerationPage() {
  const world = useWorld();
  return (
    <ForRole least="moderator">
      <Moderation key={worldName(world)} world={world} />
    </ForRole>
  );
}

function Moderation({ world }: { world: World }) {
  const t = useWords();
  const s = useSpeech();
  const pages = useInfiniteQuery(pagesQuery(world));
  const { decide, decided } = useDecisions(world);
  const [filter, setFilter] = useState<Filter>("most");
  const all = pages.data ?? [];
  const open = all.filter(({ trace }) => !decided.has(trace.id));
  const waiting = open.filter(isWaiting).length;
  const count = (each: Filter) => filtered(open, each).length;
  const shownWaiting = `${s.number(waiting)}${pages.hasNextPage ? "+" : ""}`;
  return (
    <WorkPage
      title={t.title}
      beside={
        <>
          <span className="ink2 sm">{t.waiting(shownWaiting)}</span>
          <span className="row end wrap" role="group" aria-label={t.order}>
            {filters.map((each) => (
              <button key={each} className="chip" type="button" aria-pressed={filter === each} onClick={() => setFilter(each)}>
                {t[each]}
                {(each === "byRule" || each === "hidden") && <span className="num">{s.number(count(each))}</span>}
              </button>
            ))}
            <Link className="btn btn-sm" to="/studio/$studio/audit" params={{ studio: world.studio }} search={{ ...searchOf(world), game: world.game }}>
              <Icon name="list" />
              {t.audit}
            </Link>
          </span>
        </>
      }
    >
      {pages.error && !pages.data ? (
        <Sheet>
          <Failed error={pages.error} retry={pages.refetch} />
        </Sheet>
      ) : pages.data ? (
        <Desk
          key={filter}
          world={world}
          items={filtered(open, filter)}
          all={all}
          isHiddenList={filter === "hidden" || filter === "byRule"}
          decide={decide}
          more={pages.hasNextPage ? () => void pages.fetchNextPage() : undefined}
        />
      ) : (
        <Sheet>
          <Loading lines={8} />
        </Sheet>
      )}
    </WorkPage>
  );
}

/** The queue beside what is looked at and who left it. */
function Desk({ more, isHiddenList, ...sight }: DeskProps & { isHiddenList: boolean; more: (() => void) | undefined }) {
  const t = useWords();
  const { world, items, all } = sight;
  const desk = useDesk(sight);
  const [showsKeys, setShowsKeys] = useState(false);
  const reasonSelect = useRef<HTMLSelectElement>(null);
  const { item, acts } = desk;
  useKeys({ ...acts, r: () => reasonSelect.current?.focus(), z: () => void undoShown(), "?": () => setShowsKeys(true) });
  if (!item) {
    return (
      <Sheet>
        <Empty title={isHiddenList ? t.nothingHidden : t.nothing} {...(isHiddenList ? {} : { text: t.nothingText })} />
        <KeysDialog isOpen={showsKeys} close={() => setShowsKeys(false)} />
      </Sheet>
    );
  }
  return (
    <div className={styles["mo"]}>
      <QueueList items={items} chosen={item.trace.id} picked={desk.picked} nameOf={desk.nameOf} onChoose={desk.choose} more={more} />
      <ItemView
        world={world}
        item={item}
        count={desk.count}
        reason={desk.reason}
        reasonSelect={reasonSelect}
        banDays={desk.banDays}
        onReason={desk.setReason}
        onHide={acts.h}
        onRestore={acts.a}
        onBan={acts.b}
      />
      <AuthorPanel
        item={item}
        name={desk.nameOf(item)}
        all={all}
        banDays={desk.banDays}
        onBanDays={desk.setBanDays}
        onUnban={() => desk.actNow("unban")}
        onClearName={() => desk.actNow("clear_name")}
        onMap={acts.m}
        onKeys={() => setShowsKeys(true)}
      />
      <KeysDialog isOpen={showsKeys} close={() => setShowsKeys(false)} />
    </div>
  );
}
