import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { api, ok } from "../../api/client";
import { Icon } from "../../ui/Icon";
import { Dialog } from "../../ui/overlays";
import { Answer } from "../../ui/parts";
import { toast, toastProblem } from "../../ui/toasts";
import { useCommon } from "../../ui/words";
import { BringFiles } from "./BringFiles";
import { Diverged } from "./Diverged";
import { type Save, saveQuery, titleOf, undecided, versionsQuery } from "./queries";
import styles from "./SavesPage.module.css";
import { Versions } from "./Versions";
import { useWords } from "./words";

/** One save: what went apart, its versions, and files brought by hand. */
export function SaveDetail({ id }: { id: string }) {
  const save = useQuery(saveQuery(id));
  const versions = useQuery(versionsQuery(id));
  return (
    <div className={styles["detail"]}>
      <Answer query={save} lines={4}>
        {({ data }) => (
          <>
            <Head save={data} />
            <Answer query={versions} lines={5}>
              {(versions) => (
                <>
                  {undecided(versions).map((held) => (
                    <Diverged key={held.number} save={data} held={held} />
                  ))}
                  <Versions save={data} versions={versions} />
                </>
              )}
            </Answer>
            <Bring id={id} isFirst={data.current === undefined} />
          </>
        )}
      </Answer>
    </div>
  );
}

/** Files by hand: unfolded where there are none yet, and then as the person leaves it. */
function Bring({ id, isFirst }: { id: string; isFirst: boolean }) {
  const t = useWords();
  const [isOpen, setOpen] = useState(isFirst);
  return (
    <details className="fold" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <b>{t.upload}</b>
      </summary>
      <BringFiles id={id} />
    </details>
  );
}

function Head({ save }: { save: Save }) {
  const t = useWords();
  const { game, name } = save;
  return (
    <header className="row wrap">
      <div className="grow stack-1">
        <Link className="sm" to="/journal/saves">
          {t.back}
        </Link>
        <h2>
          {game ? (
            <Link to="/journal/games/$gameId" params={{ gameId: game.id }}>
              {game.name}
            </Link>
          ) : (
            titleOf(save)
          )}{" "}
          <span className="ink3">{name}</span>
        </h2>
      </div>
      <Delete id={save.id} name={`${titleOf(save)}, ${name}`} />
    </header>
  );
}

/** Deleting a save can't be undone: here a dialog asks. */
function Delete({ id, name }: { id: string; name: string }) {
  const t = useWords();
  const common = useCommon();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const { data } = useQuery(saveQuery(id));
  const deleting = useMutation({
    mutationFn: () =>
      ok(api.DELETE("/api/saves/{save_id}", { params: { path: { save_id: id }, header: { "If-Match": data?.etag ?? "" } } })),
    onSuccess: async () => {
      setOpen(false);
      await navigate({ to: "/journal/saves", search: {} });
      await queries.invalidateQueries({ queryKey: ["saves"] });
      toast(t.deleted);
    },
    onError: (error) => {
      toastProblem(error);
      void queries.invalidateQueries({ queryKey: ["saves"] });
    },
  });
  return (
    <>
      <button className="btn btn-quiet btn-sm" type="button" onClick={() => setOpen(true)}>
        <Icon name="x" />
        {t.deleteSave}
      </button>
      <Dialog title={t.deleteSave} isOpen={isOpen} close={() => setOpen(false)}>
        <div className="stack">
          <p>
            <b>{name}</b>. {t.deleteText}
          </p>
          <div className="row">
            <button className="btn end" type="button" onClick={() => setOpen(false)}>
              {common.cancel}
            </button>
            <button className={`btn btn-bad${deleting.isPending ? " is-busy" : ""}`} type="button" onClick={() => deleting.mutate()}>
              {t.deleteSave}
            </button>
          </div>
        </div>
      </Dialog>
    </>
  );
}
