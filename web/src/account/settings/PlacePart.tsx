import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { api, ok, type Schema } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Icon } from "../../ui/Icon";
import { Answer, Failed, Field } from "../../ui/parts";
import { toast, toastProblem } from "../../ui/toasts";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import { SubmitButton } from "../PasswordField";
import styles from "./AccountPage.module.css";
import { Part } from "./sections";
import { useWords } from "./words";

type Place = Schema<"Place">;
type Area = Schema<"Area">;
const areas = ["small", "medium", "large"] as const satisfies readonly Area[];
const audiences = ["public", "friends", "private"] as const satisfies readonly Schema<"Audience">[];

/** One's own place as the server knows it: an area; `null` where there is none. */
export const placeQuery = queryOptions({
  queryKey: ["place"],
  queryFn: async (): Promise<Place | null> => {
    try {
      return await ok(api.GET("/api/people/place"));
    } catch (error) {
      if (asProblem(error).status === 404) return null;
      throw error;
    }
  },
});

/** Where one is: an area that is chosen here, and who may learn how far it is. */
export function PlacePart({ isFound }: { isFound: boolean }) {
  const t = useWords();
  const place = useQuery(placeQuery);
  return (
    <Part title={t.place} lead={t.placeLead}>
      <Answer query={place}>
        {(place) => (
          <>
            {place && <Known place={place} isFound={isFound} />}
            <PlaceForm place={place} />
          </>
        )}
      </Answer>
    </Part>
  );
}

function Known({ place, isFound }: { place: Place; isFound: boolean }) {
  const t = useWords();
  const common = useCommon();
  const queries = useQueryClient();
  const forget = async () => {
    try {
      await ok(api.DELETE("/api/people/place"));
      queries.setQueryData(placeQuery.queryKey, null);
      toast(t.placeForgotten);
    } catch (error) {
      toastProblem(error);
    }
  };
  const isCoarser = place.shown_cell !== place.cell;
  return (
    <div className={`card ${styles["seen"]}`}>
      <Rings />
      <div className="stack-1">
        <b>{t.areaKnown(t.areas[place.area])}</b>
        <span className="sm ink2">
          {isFound ? t.placeSeen(common.audiences[place.audience]) : t.placeUnseen} {isCoarser && t.placeCoarser}
        </span>
        <div>
          <button className="btn btn-sm" type="button" onClick={() => void forget()}>
            {t.forgetPlace}
          </button>
        </div>
      </div>
    </div>
  );
}

function Rings() {
  return (
    <svg viewBox="0 0 48 48" width="48" height="48" aria-hidden="true" fill="none" stroke="currentColor">
      <circle cx="24" cy="24" r="7" />
      <circle cx="24" cy="24" r="14" opacity=".6" />
      <circle cx="24" cy="24" r="21" opacity=".35" />
    </svg>
  );
}

function PlaceForm({ place }: { place: Place | null }) {
  const t = useWords();
  const s = useSpeech();
  const common = useCommon();
  const queries = useQueryClient();
  const [point, setPoint] = useState({ latitude: "", longitude: "" });
  const [refusal, setRefusal] = useState<string>();
  const settling = useMutation({
    mutationFn: (body: Schema<"PlaceContent">) => ok(api.PUT("/api/people/place", { body })),
    onSuccess: (now) => {
      queries.setQueryData(placeQuery.queryKey, now);
      setPoint({ latitude: "", longitude: "" });
      toast(t.placeSet);
    },
  });
  const problem = settling.error ? asProblem(settling.error) : undefined;
  const faults = { latitude: problem?.fault("latitude"), longitude: problem?.fault("longitude") };
  const locate = () => {
    setRefusal(undefined);
    if (!("geolocation" in navigator)) return setRefusal(t.noGeolocation);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => setPoint({ latitude: coords.latitude.toFixed(2), longitude: coords.longitude.toFixed(2) }),
      () => setRefusal(t.noGeolocation),
      { maximumAge: 3_600_000, timeout: 20_000 },
    );
  };
  const waits = place && new Date(place.changes_at) > new Date() ? place.changes_at : undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        settling.mutate({
          latitude: Number(point.latitude.replace(",", ".")),
          longitude: Number(point.longitude.replace(",", ".")),
          area: form.get("area") as Area,
          audience: form.get("audience") as Schema<"Audience">,
        });
      }}
    >
      {problem && !faults.latitude && !faults.longitude && <Failed error={problem} />}
      {waits && <p className="hint">{t.placeWaits(s.dateTime(waits))}</p>}
      <div className="row wrap">
        <button className="btn" type="button" onClick={locate}>
          <Icon name="pin" />
          {t.useLocation}
        </button>
        <span className="hint grow">{t.useLocationHint}</span>
      </div>
      {refusal && (
        <p className="note" role="alert">
          <Icon name="info" />
          <span>{refusal}</span>
        </p>
      )}
      <div className={styles["pair"]}>
        {(["latitude", "longitude"] as const).map((axis) => (
          <Field key={axis} label={t[axis]} error={faults[axis]}>
            {(ids) => (
              <input
                {...ids}
                className="in mono"
                inputMode="decimal"
                required
                pattern="-?\d{1,3}([.,]\d+)?"
                placeholder={axis === "latitude" ? "46.77" : "23.62"}
                value={point[axis]}
                onChange={(event) => setPoint({ ...point, [axis]: event.target.value })}
              />
            )}
          </Field>
        ))}
        <Field label={t.areaSize}>
          {(ids) => (
            <select {...ids} className="in" name="area" defaultValue={place?.area ?? "medium"}>
              {areas.map((area) => (
                <option key={area} value={area}>
                  {t.areas[area]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t.placeAudience}>
          {(ids) => (
            <select {...ids} className="in" name="audience" defaultValue={place?.audience ?? "friends"}>
              {audiences.map((audience) => (
                <option key={audience} value={audience}>
                  {common.audiences[audience]}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <p className="hint">{t.pointForgotten}</p>
      <div>
        <SubmitButton isBusy={settling.isPending}>{place ? t.changePlace : t.setPlace}</SubmitButton>
      </div>
    </form>
  );
}
