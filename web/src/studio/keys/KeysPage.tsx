import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { api, ok, type Schema } from "../../api/client";
import { Answer, Empty } from "../../ui/parts";
import { toast, toastProblem } from "../../ui/toasts";
import { useSpeech } from "../../words";
import { CopyLine, ForRole } from "../parts";
import { Part, Sheet, WorkPage } from "../../ui/work";
import { searchOf, useWorld, type World } from "../place";
import { keysQuery } from "../queries";
import { Sure } from "../Sure";
import { NewKeyForm } from "./NewKeyForm";
import { useWords } from "./words";

type Key = Schema<"Key">;

/** The keys of a game: make, rotate, revoke. */
export function KeysPage() {
  const t = useWords();
  const world = useWorld();
  const { studio, game } = world;
  const keys = useQuery(keysQuery(studio, game));
  const [issued, setIssued] = useState<{ key: Schema<"IssuedKey">; isRotated: boolean }>();
  return (
    <WorkPage title={t.title} beside={keys.data && <span className="ink2 sm">{t.all(keys.data.length)}</span>}>
      <ForRole least="developer">
        <Sheet>
          <p className="ink2 prose">{t.intro}</p>
          {issued && (
            <Part title={t.secretTitle} hint={issued.isRotated ? `${t.secretHint} ${t.rotated}` : t.secretHint}>
              <CopyLine text={issued.key.secret} label={t.id} />
            </Part>
          )}
          <Answer query={keys}>
            {(items) => (items.length === 0 ? <Empty title={t.none} /> : <KeyTable world={world} items={items} onIssued={(key) => setIssued({ key, isRotated: true })} />)}
          </Answer>
          <NewKeyForm world={world} onIssued={(key) => setIssued({ key, isRotated: false })} />
          <p className="sm">
            <Link to="/studio/$studio/$game" params={world} search={searchOf(world)}>
              {t.firstTrace}
            </Link>
          </p>
        </Sheet>
      </ForRole>
    </WorkPage>
  );
}

function KeyTable({ world, items, onIssued }: { world: World; items: Key[]; onIssued: (key: Schema<"IssuedKey">) => void }) {
  const t = useWords();
  const queries = useQueryClient();
  const [leaving, setLeaving] = useState<Key>();
  const { studio, game } = world;
  const again = () => queries.invalidateQueries({ queryKey: keysQuery(studio, game).queryKey });
  const path = (key: string) => ({ params: { path: { studio, game, key } } });
  const rotate = useMutation({
    mutationFn: (key: string) => ok(api.POST("/v1/studios/{studio}/games/{game}/keys/{key}/rotate", path(key))),
    onSuccess: async (key) => {
      onIssued(key);
      await again();
    },
    onError: toastProblem,
  });
  const revoke = useMutation({
    mutationFn: (key: string) => ok(api.DELETE("/v1/studios/{studio}/games/{game}/keys/{key}", path(key))),
    onSuccess: async () => {
      toast(t.revokedNow);
      await again();
    },
    onError: toastProblem,
  });
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t.title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.id}</th>
            <th scope="col">{t.environment}</th>
            <th scope="col">{t.may}</th>
            <th scope="col">{t.made}</th>
            <th scope="col">{t.used}</th>
            <th scope="col">
              <span className="vh">{t.act}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((key) => (
            <KeyRow key={key.id} item={key} onRotate={() => rotate.mutate(key.id)} onRevoke={() => setLeaving(key)} />
          ))}
        </tbody>
      </table>
      {leaving && <RevokeDialog item={leaving} close={() => setLeaving(undefined)} revoke={() => revoke.mutate(leaving.id)} />}
    </div>
  );
}

function KeyRow({ item, onRotate, onRevoke }: { item: Key; onRotate: () => void; onRevoke: () => void }) {
  const t = useWords();
  const s = useSpeech();
  return (
    <tr>
      <th scope="row">
        <span className="row">
          <span className="mono">{item.id}</span>
          <span className={`tag ${item.kind === "secret" ? "tag-info" : ""}`}>{t.kinds[item.kind]}</span>
        </span>
        {item.label && <span className="xs ink3">{item.label}</span>}
      </th>
      <td className="mono">{item.environment}</td>
      <td>{s.list(item.scopes.map((scope) => t.scopes[scope]))}</td>
      <td>{s.date(item.created_at)}</td>
      <td>{item.last_used_at ? s.ago(item.last_used_at) : t.never}</td>
      <td>
        {item.revoked_at ? (
          <span className="tag tag-bad">{t.revoked(s.date(item.revoked_at))}</span>
        ) : (
          <span className="row end">
            <button className="btn btn-sm" type="button" onClick={onRotate}>
              {t.rotate}
            </button>
            <button className="btn btn-sm btn-bad" type="button" onClick={onRevoke}>
              {t.revoke}
            </button>
          </span>
        )}
      </td>
    </tr>
  );
}

function RevokeDialog({ item, close, revoke }: { item: Key; close: () => void; revoke: () => void }) {
  const t = useWords();
  return (
    <Sure title={t.revokeTitle} button={t.revoke} close={close} act={revoke}>
      <p>
        <span className="mono b">{item.id}</span> {item.label}
      </p>
      <p className="ink2">{t.revokeText}</p>
    </Sure>
  );
}
