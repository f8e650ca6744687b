import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";

import { Empty, Failed, Loading } from "../../ui/parts";
import { toast, toastProblem } from "../../ui/toasts";
import { fillDemo } from "../demo/fill";
import { Sheet, WorkPage } from "../../ui/work";
import { searchOf, type StudioSearch, useWorld, type World, worldName } from "../place";
import { isAtLeast, useRole } from "../queries";
import { scopesQuery } from "./map";
import { useWords } from "./words";
import { WorldView } from "./WorldView";

/** A world seen from above: a map of each scope, its traces one by one, and what a player finds there. */
export function WorldPage() {
  const t = useWords();
  const world = useWorld();
  const navigate = useNavigate();
  const search: StudioSearch = useSearch({ strict: false });
  const scopes = useQuery(scopesQuery(world));
  const go = (next: StudioSearch) => void navigate({ to: ".", search: { ...searchOf(world), ...next }, replace: true });
  if (!scopes.data) {
    return (
      <WorkPage title={t.title}>
        <Sheet>{scopes.error ? <Failed error={scopes.error} retry={scopes.refetch} /> : <Loading lines={8} />}</Sheet>
      </WorkPage>
    );
  }
  const [first] = scopes.data;
  if (!first && search.scope === undefined) return <EmptyWorld world={world} />;
  const scope = search.scope ?? first?.scope ?? "";
  return (
    <WorldView
      key={`${worldName(world)} ${scope}`}
      world={world}
      scope={scope}
      scopes={scopes.data}
      trace={search.trace}
      onScope={(next) => go({ scope: next })}
      onTrace={(trace) => go({ scope, trace })}
    />
  );
}

/** A world in which nothing lies yet: the ways to the first trace. */
function EmptyWorld({ world }: { world: World }) {
  const t = useWords();
  const role = useRole();
  const queries = useQueryClient();
  const filling = useMutation({
    mutationFn: () => fillDemo(world),
    onSuccess: async (traces) => {
      toast(t.demoDone(traces));
      await queries.invalidateQueries({ queryKey: ["world", worldName(world)] });
    },
    onError: toastProblem,
  });
  return (
    <WorkPage title={t.title}>
      <Sheet>
        <Empty title={t.noScopes} text={t.noScopesText}>
          <p className="row wrap">
            <Link className="btn btn-lit" to="/studio/$studio/$game" params={world} search={searchOf(world)}>
              {t.firstTrace}
            </Link>
            {isAtLeast(role, "developer") && (
              <button className={`btn${filling.isPending ? " is-busy" : ""}`} type="button" disabled={filling.isPending} onClick={() => filling.mutate()}>
                {t.demo}
              </button>
            )}
          </p>
        </Empty>
      </Sheet>
    </WorkPage>
  );
}
