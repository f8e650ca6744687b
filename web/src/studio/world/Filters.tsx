import { Button, Dialog, DialogTrigger, Popover } from "react-aria-components";

import { Icon } from "../../ui/Icon";
import { Field } from "../../ui/parts";
import { useSpeech } from "../../words";
import { KindSign, kinds } from "../kinds";
import { isAtLeast, useRole } from "../queries";
import { useWords as useStudioWords } from "../words";
import { everything, type Filter, narrowing, type Plane, type ScopeMap } from "./map";
import styles from "./WorldPage.module.css";
import { useWords } from "./words";

const ages = [1, 7, 14, 30, 90];

/** Which kinds are shown, with how many of each there are. */
export function KindChips({ map, filter, onFilter }: { map: ScopeMap | undefined; filter: Filter; onFilter: (filter: Filter) => void }) {
  const t = useWords();
  const studioWords = useStudioWords();
  const s = useSpeech();
  return (
    <span className="row wrap" role="group" aria-label={t.kindsShown}>
      {kinds.map((kind) => {
        const isOn = filter.kinds.includes(kind);
        const chosen = isOn ? filter.kinds.filter((each) => each !== kind) : [...filter.kinds, kind];
        const total = map?.kinds.find((each) => each.kind === kind)?.total;
        return (
          <button
            key={kind}
            className="chip"
            type="button"
            aria-pressed={isOn}
            disabled={isOn && chosen.length === 0}
            onClick={() => onFilter({ ...filter, kinds: kinds.filter((each) => chosen.includes(each)) })}
          >
            <KindSign kind={kind} />
            {studioWords.kinds[kind].many}
            {isOn && total !== undefined && <span className="num">{s.number(total)}</span>}
          </button>
        );
      })}
    </span>
  );
}

/** What else narrows a map. */
export function FilterButton({ map, filter, onFilter }: { map: ScopeMap | undefined; filter: Filter; onFilter: (filter: Filter) => void }) {
  const t = useWords();
  const role = useRole();
  const on = narrowing(filter);
  const select = (label: string, value: string, options: [string, string][], set: (value: string) => Filter) => (
    <Field label={label}>
      {(ids) => (
        <select {...ids} className="in" value={value} onChange={(event) => onFilter(set(event.target.value))}>
          {options.map(([id, text]) => (
            <option key={id} value={id}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  const numberOf = (value: string) => (value === "" ? undefined : Number(value));
  return (
    <DialogTrigger>
      <Button className="btn btn-sm">
        <Icon name="filter" />
        {on === 0 ? t.filters : t.filtersOn(on)}
      </Button>
      <Popover className="popover" placement="bottom end">
        <Dialog className={`menu ${styles["filters"]}`} aria-label={t.filters}>
          {select(
            t.version,
            filter.version === undefined ? "" : String(filter.version),
            [["", t.allVersions], ...versionsOf(map, filter).map(({ content_version, traces }): [string, string] => [String(content_version), t.versionWith(content_version, traces)])],
            (value) => ({ ...filter, version: numberOf(value) }),
          )}
          {select(
            t.age,
            filter.days === undefined ? "" : String(filter.days),
            [["", t.anyAge], ...ages.map((days): [string, string] => [String(days), t.days(days)])],
            (value) => ({ ...filter, days: numberOf(value) }),
          )}
          <Field label={t.votes}>
            {(ids) => (
              <input
                {...ids}
                className="in"
                type="number"
                min={0}
                max={1_000_000}
                value={filter.goodMin}
                onChange={(event) => onFilter({ ...filter, goodMin: Math.max(0, Math.trunc(event.target.valueAsNumber || 0)) })}
              />
            )}
          </Field>
          {isAtLeast(role, "moderator") &&
            select(t.shown, filter.shown, Object.entries(t.shownAs), (value) => ({ ...filter, shown: value as Filter["shown"] }))}
          {select(t.side, filter.plane, Object.entries(t.sides), (value) => ({ ...filter, plane: value as Plane }))}
          {on > 0 && (
            <button className="btn btn-sm" type="button" onClick={() => onFilter({ ...everything, kinds: filter.kinds, plane: filter.plane })}>
              {t.clear}
            </button>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

/** The versions to choose from: the chosen one always. */
function versionsOf(map: ScopeMap | undefined, filter: Filter) {
  const found = map?.versions ?? [];
  const chosen = filter.version;
  if (chosen === undefined || found.some(({ content_version }) => content_version === chosen)) return found;
  return [{ content_version: chosen, traces: 0 }, ...found];
}

/** The legend of the heat; the lines between its colours. */
export function Legend({ map, unit, most }: { map: ScopeMap; unit: string; most: number }) {
  const t = useWords();
  const s = useSpeech();
  const size = `${s.number(Math.round(map.cell_size * 10) / 10)} ${unit}`.trim();
  return (
    <div className={styles["leg"]}>
      <span className="ink2">{t.legend(size)}</span>
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <defs>
          <linearGradient id="heat">
            {[0, 1, 2, 3].map((i) => (
              <stop key={i} offset={i / 3} className={styles[`heat${i}`]} />
            ))}
          </linearGradient>
        </defs>
        <path fill="url(#heat)" d="M0 0h100v6H0z" />
      </svg>
      <span className={`num ${styles["sc"]}`}>
        <span>1</span>
        <span>{s.number(most)}</span>
      </span>
    </div>
  );
}
