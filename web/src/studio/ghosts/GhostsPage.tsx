import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { Empty, Failed, Loading } from "../../ui/parts";
import { Sheet, WorkPage } from "../../ui/work";
import { searchOf, type StudioSearch, useWorld, worldName } from "../place";
import { ScopePicker } from "../ScopePicker";
import { scopesQuery } from "../world/map";
import { GhostsView } from "./GhostsView";
import { runsQuery } from "./runs";
import { useWords } from "./words";

/** The recorded runs of a scope, played in 3D: where players go, stop and die. */
export function GhostsPage() {
  const t = useWords();
  const world = useWorld();
  const navigate = useNavigate();
  const search: StudioSearch = useSearch({ strict: false });
  const scopes = useQuery(scopesQuery(world));
  const withRuns = scopes.data?.toSorted((a, b) => b.phantom + b.bloodstain - a.phantom - a.bloodstain) ?? [];
  const scope = search.scope ?? withRuns[0]?.scope;
  const runs = useQuery({ ...runsQuery(world, scope ?? ""), enabled: scope !== undefined });
  const error = scopes.error ?? runs.error;
  const picker = scope !== undefined && (
    <ScopePicker
      scopes={withRuns}
      scope={scope}
      onScope={(next) => void navigate({ to: ".", search: { ...searchOf(world), scope: next }, replace: true })}
    />
  );
  if (scope !== undefined && runs.data && runs.data.runs.length > 0) {
    return (
      <GhostsView
        key={`${worldName(world)} ${scope}`}
        world={world}
        scope={scope}
        traces={runs.data.runs}
        deaths={runs.data.deaths}
        first={search.trace}
        picker={picker}
      />
    );
  }
  const isEmpty = (scopes.data && scope === undefined) || runs.data;
  return (
    <WorkPage title={t.title} beside={picker}>
      <Sheet>
        {isEmpty ? <Empty title={t.none} text={t.noneText} /> : error ? <Failed error={error} retry={() => Promise.all([scopes.refetch(), runs.refetch()])} /> : <Loading lines={8} />}
      </Sheet>
    </WorkPage>
  );
}
