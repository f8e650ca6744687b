import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";

import { api, ok } from "../../api/client";
import { Icon } from "../../ui/Icon";
import { Empty, Failed, Loading } from "../../ui/parts";
import { toast, toastProblem } from "../../ui/toasts";
import { useTitle } from "../../ui/useTitle";
import { useCommon } from "../../ui/words";
import { NoticeRow } from "./NoticeRow";
import styles from "./NoticesPage.module.css";
import { listQuery, type Notice } from "./queries";
import { Verdicts } from "./Verdicts";
import { useWords } from "./words";

const shows = [undefined, "unread", "verdicts"] as const;

/** What one is told, the newest first; and what moderators have decided about one's own things. */
export function NoticesPage() {
  const t = useWords();
  const { show } = useSearch({ from: "/signed-in/journal-frame/journal/notices" });
  useTitle(t.title);
  const names = { all: t.all, unread: t.unread, verdicts: t.seeVerdicts };
  return (
    <div className={styles["list"]}>
      <div className="h-row">
        <h1>{t.title}</h1>
        <Link className="sm end" to="/account" search={{ section: "notices" }}>
          {t.settings}
        </Link>
      </div>
      <nav className={`tabs ${styles["tabs"]}`} aria-label={t.title}>
        {shows.map((name) => (
          <Link
            key={name ?? "all"}
            className="tab"
            to="/journal/notices"
            search={name ? { show: name } : {}}
            activeOptions={{ exact: true }}
            aria-current={name === show ? "page" : undefined}
          >
            {names[name ?? "all"]}
          </Link>
        ))}
      </nav>
      {show === "verdicts" ? <Verdicts /> : <List show={show ?? "all"} />}
    </div>
  );
}

function List({ show }: { show: "all" | "unread" }) {
  const t = useWords();
  const common = useCommon();
  const notices = useInfiniteQuery(listQuery(show));
  const { markAll, mark, remove } = useActs();
  if (notices.error && !notices.data) return <Failed error={notices.error} retry={notices.refetch} />;
  if (!notices.data) return <Loading lines={8} />;
  const items = notices.data.pages.flatMap(({ items }) => items);
  const unread = notices.data.pages[0]?.unread ?? 0;
  if (items.length === 0) return show === "unread" ? <Empty title={t.noneUnread} /> : <Empty title={t.none} text={t.noneText} />;
  return (
    <>
      {unread > 0 && (
        <div className="row">
          <button className="btn btn-sm end" type="button" onClick={() => markAll.mutate()}>
            <Icon name="check" />
            {t.markAll}
          </button>
        </div>
      )}
      <ul onClick={(event) => readByLink(event, items, mark.mutate)}>
        {items.map((notice) => (
          <NoticeRow key={notice.notice_id} notice={notice}>
            <button className="btn btn-quiet btn-icon btn-sm" type="button" aria-label={t.remove} onClick={() => remove.mutate(notice)}>
              <Icon name="x" />
            </button>
          </NoticeRow>
        ))}
      </ul>
      {notices.hasNextPage && (
        <button className="btn" type="button" onClick={() => void notices.fetchNextPage()}>
          {common.more}
        </button>
      )}
    </>
  );
}

/** Whoever follows a notice's link has read it. */
function readByLink(event: React.MouseEvent<HTMLUListElement>, items: Notice[], mark: (id: string) => void) {
  if (!(event.target instanceof Element) || !event.target.closest("a")) return;
  const row = event.target.closest("li");
  const notice = items[[...(row?.parentElement?.children ?? [])].indexOf(row as Element)];
  if (notice && !notice.read) mark(notice.notice_id);
}

function useActs() {
  const t = useWords();
  const queries = useQueryClient();
  const refresh = { onSettled: () => queries.invalidateQueries({ queryKey: ["notices"] }), onError: toastProblem };
  const markAll = useMutation({
    mutationFn: () => ok(api.POST("/api/notices/read", { body: { all: true } })),
    onSuccess: () => toast(t.allRead),
    ...refresh,
  });
  const mark = useMutation({
    mutationFn: (id: string) => ok(api.POST("/api/notices/read", { body: { notice_ids: [id] } })),
    ...refresh,
  });
  const remove = useMutation({
    mutationFn: ({ notice_id }: Notice) => ok(api.DELETE("/api/notices/{notice_id}", { params: { path: { notice_id } } })),
    onSuccess: () => toast(t.removed),
    ...refresh,
  });
  return { markAll, mark, remove };
}
