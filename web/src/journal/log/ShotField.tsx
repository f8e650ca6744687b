import { useEffect, useRef, useState } from "react";

import { Icon } from "../../ui/Icon";
import { Field } from "../../ui/parts";
import { useCommon } from "../../ui/words";
import style from "./QuickLog.module.css";
import type { Shot } from "./useShot";
import { useWords } from "./words";

/** A screenshot or clip: chosen, dropped or pasted, with how much of it is sent, and what it shows. */
export function ShotField({ shot, describe, hasGame }: { shot: Shot; describe: { text: string; set: (text: string) => void }; hasGame: boolean }) {
  const t = useWords();
  const common = useCommon();
  const chooser = useRef<HTMLInputElement>(null);
  const { file, refusal } = shot;
  if (!file) {
    return (
      <div className={style["drop"]}>
        <button className="btn btn-sm" type="button" onClick={() => chooser.current?.click()}>
          <Icon name="image" />
          {t.addShot}
        </button>
        <span className="hint">{t.shotHint}</span>
        <input
          ref={chooser}
          className="vh"
          type="file"
          tabIndex={-1}
          aria-label={t.addShot}
          accept="image/*,video/mp4,video/webm"
          onChange={({ target }) => {
            shot.take(target.files?.[0]);
            target.value = "";
          }}
        />
      </div>
    );
  }
  return (
    <>
      <div className={style["shot"]}>
        <Preview file={file} />
        <div className="stack-1">
          <span className="sm trunc">{t.shotFile(file.name, file.size)}</span>
          {refusal ? (
            <span className={style["refused"]} role="alert">
              {t.refusals[refusal]}
            </span>
          ) : hasGame ? (
            <>
              <progress max={1} value={shot.sent ? 1 : shot.share} aria-label={t.shot} />
              <span className="hint">{shot.sent ? t.arrived : t.sent(shot.share)}</span>
            </>
          ) : (
            <span className="hint">{t.pickFirst}</span>
          )}
        </div>
        <button className="btn btn-quiet btn-icon btn-sm" type="button" aria-label={common.remove} onClick={() => shot.take(undefined)}>
          <Icon name="x" />
        </button>
      </div>
      {!refusal && (
        <Field label={t.describe}>
          {(ids) => <input {...ids} className="in" maxLength={500} value={describe.text} onChange={(e) => describe.set(e.target.value)} />}
        </Field>
      )}
    </>
  );
}

/** The picture itself, drawn small; the pages' policy has no room for addresses of files. */
function Preview({ file }: { file: File }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [isPicture, setPicture] = useState(true);
  useEffect(() => {
    let isCurrent = true;
    createImageBitmap(file).then(
      (picture) => {
        const place = canvas.current;
        if (!isCurrent || !place) return;
        const scale = Math.max(place.width / picture.width, place.height / picture.height);
        const [width, height] = [picture.width * scale, picture.height * scale];
        place.getContext("2d")?.drawImage(picture, (place.width - width) / 2, (place.height - height) / 2, width, height);
      },
      () => isCurrent && setPicture(false),
    );
    return () => {
      isCurrent = false;
    };
  }, [file]);
  return isPicture ? (
    <canvas className={style["preview"]} ref={canvas} width={160} height={90} aria-hidden="true" />
  ) : (
    <span className={style["preview"]} aria-hidden="true">
      <Icon name="play" />
    </span>
  );
}
