import { Fragment } from "react";

/** A sentence with things in it: `<Fill text="{by} finished {game}" parts={{ by: <b>Ann</b>, game: <Link … /> }} />`. */
export function Fill({ text, parts }: { text: string; parts: Record<string, React.ReactNode> }) {
  return text.split(/(\{\w+\})/).map((piece, i) => {
    const name = /^\{(\w+)\}$/.exec(piece)?.[1];
    return <Fragment key={i}>{name === undefined ? piece : parts[name]}</Fragment>;
  });
}
