import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { Cover } from "../../ui/Cover";
import { Icon } from "../../ui/Icon";
import { Dialog } from "../../ui/overlays";
import { Empty, Failed, Loading } from "../../ui/parts";
import { useTitle } from "../../ui/useTitle";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import { How } from "./How";
import { NewSave } from "./NewSave";
import { type Save, savesQuery, titleOf } from "./queries";
import { SaveDetail } from "./SaveDetail";
import styles from "./SavesPage.module.css";
import { useWords } from "./words";

/** Game saves: the list, one of them with its versions, and how programs are set up to keep them here. */
export function SavesPage() {
  const t = useWords();
  const common = useCommon();
  const { save } = useSearch({ from: "/signed-in/journal-frame/journal/saves" });
  const [open, setOpen] = useState<"new">();
  const saves = useInfiniteQuery(savesQuery);
  useTitle(t.title);
  const items = saves.data?.pages.flatMap(({ items }) => items);
  const bytes = items?.reduce((sum, { current }) => sum + (current?.bytes ?? 0), 0) ?? 0;
  return (
    <>
      <div className="h-row">
        <h1>{t.title}</h1>
        {items && items.length > 0 && <span className="sm ink3">{t.total(bytes, items.length)}</span>}
        <span className="end row wrap">
          <Link className="btn" to="/journal/saves" search={{ save: "set-up" }}>
            <Icon name="gear" />
            {t.setUp}
          </Link>
          <button className="btn" type="button" onClick={() => setOpen("new")}>
            <Icon name="plus" />
            {t.newSave}
          </button>
        </span>
      </div>
      {saves.error && !items ? (
        <Failed error={saves.error} retry={saves.refetch} />
      ) : !items ? (
        <Loading lines={6} />
      ) : save === "set-up" ? (
        <How />
      ) : items.length === 0 ? (
        <div className="stack-8">
          <Empty title={t.none} text={t.noneText}>
            <Link className="btn" to="/journal/saves" search={{ save: "set-up" }}>
              {t.setUp}
            </Link>
          </Empty>
        </div>
      ) : (
        <div className={styles["page"]} data-open={save === undefined ? undefined : ""}>
          <nav className={styles["saves"]} aria-label={t.title}>
            {items.map((item) => (
              <Row key={item.id} save={item} isOpen={item.id === (save ?? items[0]?.id)} />
            ))}
            {saves.hasNextPage && (
              <button className="btn" type="button" onClick={() => void saves.fetchNextPage()}>
                {common.more}
              </button>
            )}
          </nav>
          <SaveDetail key={save ?? items[0]?.id} id={save ?? items[0]?.id ?? ""} />
        </div>
      )}
      <Dialog title={t.newSave} isOpen={open === "new"} close={() => setOpen(undefined)}>
        <NewSave close={() => setOpen(undefined)} />
      </Dialog>
    </>
  );
}

function Row({ save, isOpen }: { save: Save; isOpen: boolean }) {
  const t = useWords();
  const s = useSpeech();
  const { id, game, name, current, changed_at } = save;
  return (
    <Link className={styles["save"]} to="/journal/saves" search={{ save: id }} activeOptions={{ exact: true }} aria-current={isOpen ? "page" : undefined}>
      {game ? (
        <Cover name={game.name} />
      ) : (
        <span className={styles["folder"]}>
          <Icon name="layers" />
        </span>
      )}
      <span>
        <b className="trunc">{titleOf(save)}</b>
        <span className="sm ink2">{name}</span>
      </span>
      <span className="xs ink3">{current ? s.bytes(current.bytes) : t.empty}<span className="vh">, {s.ago(changed_at)}</span></span>
    </Link>
  );
}
