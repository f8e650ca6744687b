import { useState } from "react";

import { toastProblem } from "../../ui/toasts";
import { Dialog } from "../../ui/overlays";
import { Field } from "../../ui/parts";
import { useCommon } from "../../ui/words";
import type { Box } from "../canvas/view";
import type { Level } from "./levels";
import styles from "./WorldPage.module.css";
import { useWords } from "./words";

type Place = Omit<Level, "image">;

/** Chooses the picture that lies under a map, and where it lies. */
export function LevelDialog({
  level,
  fit,
  keep,
  forget,
  close,
}: {
  level: Level | undefined;
  /** The part that is seen: where a new picture is put. */
  fit: Box;
  keep: (level: Level) => Promise<void>;
  forget: () => Promise<void>;
  close: () => void;
}) {
  const t = useWords();
  const common = useCommon();
  const round = (value: number) => Math.round(value * 100) / 100;
  const [image, setImage] = useState(level?.image);
  const [place, setPlace] = useState<Place>({
    x: level?.x ?? round(fit[0]),
    y: level?.y ?? round(fit[1]),
    width: level?.width ?? round(fit[2] - fit[0]),
    turn: level?.turn ?? 0,
  });
  const save = async () => {
    if (!image) return;
    try {
      await keep({ image, ...place });
      close();
    } catch (error) {
      toastProblem(error);
    }
  };
  return (
    <Dialog
      title={t.imageTitle}
      isOpen
      close={close}
      foot={
        <>
          {level && (
            <button className="btn btn-bad" type="button" onClick={() => void forget().then(close, toastProblem)}>
              {t.imageRemove}
            </button>
          )}
          <button className="btn" type="button" onClick={close}>
            {common.cancel}
          </button>
          <button className="btn btn-lit" type="submit" form="level">
            {common.save}
          </button>
        </>
      }
    >
      <form
        id="level"
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <p className="ink2">{t.imageText}</p>
        <Field label={t.imageFile}>
          {(ids) => (
            <input
              {...ids}
              className="in"
              type="file"
              accept="image/png,image/jpeg,image/webp,image/avif"
              required={!image}
              onChange={(event) => setImage(event.target.files?.[0] ?? image)}
            />
          )}
        </Field>
        <PlaceFields place={place} onPlace={setPlace} />
        <p>
          <button
            className="btn btn-sm"
            type="button"
            onClick={() => setPlace({ x: round(fit[0]), y: round(fit[1]), width: round(fit[2] - fit[0]), turn: 0 })}
          >
            {t.imageFit}
          </button>
        </p>
      </form>
    </Dialog>
  );
}

/** Where the picture lies, how wide it is, by how much it is turned. */
function PlaceFields({ place, onPlace }: { place: Place; onPlace: (place: Place) => void }) {
  const t = useWords();
  const labels: Record<keyof Place, string> = { x: t.imageX, y: t.imageY, width: t.imageWidth, turn: t.imageTurn };
  return (
    <div className={styles["fields"]}>
      {(["x", "y", "width", "turn"] as const).map((name) => (
        <Field key={name} label={labels[name]}>
          {(ids) => (
            <input
              {...ids}
              className="in mono"
              type="number"
              step="any"
              min={name === "width" ? 0.01 : undefined}
              required
              value={place[name]}
              onChange={(event) => onPlace({ ...place, [name]: event.target.valueAsNumber })}
            />
          )}
        </Field>
      ))}
    </div>
  );
}
