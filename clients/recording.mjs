#!/usr/bin/env node
// Reads packed recordings of Cairn (docs/recording-format.md). The only dependency is zlib: that of Node; in a browser
// `new DecompressionStream("deflate")` does the same.
//
//     recording.mjs FILE.cairn...      prints the columns of each file as one line of JSON
//
// It expects the bytes to come from a server. All integers stay below 2^53, so numbers are exact; those of columns exceed 32
// bits, so divisions are used in place of shifts.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { inflateSync } from "node:zlib";

/** Reads integers of variable length (LEB128). */
class Reader {
  constructor(content) {
    this.content = content;
    this.at = 0;
  }

  take() {
    let integer = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.content[this.at++];
      integer += (byte & 0x7f) * scale;
      if (byte < 0x80) return integer;
    }
  }

  signed() {
    const code = this.take();
    return code % 2 === 0 ? code / 2 : -(code + 1) / 2;
  }

  text(length) {
    this.at += length;
    return new TextDecoder().decode(this.content.subarray(this.at - length, this.at));
  }

  /** Values that are stored as the difference from the one before. */
  differences(count) {
    let last = 0;
    return Array.from({ length: count }, () => (last += this.signed()));
  }

  /** Values that are stored as the difference from their prediction. */
  column(factors) {
    let last = 0, delta = 0;
    return factors[this.take()].map((factor) => {
      const value = last + Math.floor((delta * factor + 2048) / 4096) + this.signed();
      delta = value - last;
      return (last = value);
    });
  }
}

/** For each of the three predictors the factor of each frame, in 4096ths. */
function predictionFactors(times, cuts) {
  const none = times.map(() => 0);
  const line = times.map(() => 4096);
  const timed = times.map((time, at) => {
    const step = time - times[at - 1], before = times[at - 1] - times[at - 2];
    return at > 1 && step <= before * 16 ? Math.floor((step * 4096) / before) : 0;
  });
  for (const cut of [0, ...cuts]) {
    for (const at of [cut, cut + 1]) {
      if (at < times.length) line[at] = timed[at] = 0;
    }
  }
  return [none, line, timed];
}

/** Quaternions, of each of which one component was left out. */
function rotations(reader, times) {
  const perOne = reader.take();
  const leftOut = new Map();
  let frame = 0;
  for (let left = reader.take(); left > 0; left--) {
    frame += reader.take();
    leftOut.set(frame, reader.take());
  }
  const factors = predictionFactors(times, [...leftOut.keys()].filter((at) => at > 0));
  const components = [reader.column(factors), reader.column(factors), reader.column(factors)];
  const numbers = [];
  let before = [0, 0, 0, 0], component = 0;
  times.forEach((_, at) => {
    component = leftOut.get(at) ?? component;
    const steps = components.map((column) => column[at]);
    const rest = steps.reduce((rest, step) => rest - step * step, perOne * perOne);
    let quaternion = steps.map((step) => step / perOne);
    quaternion.splice(component, 0, Math.sqrt(rest) / perOne);
    // A quaternion and its negation are the same rotation; take the one that is nearer to the quaternion before.
    const dot = quaternion.reduce((sum, number, at) => sum + number * before[at], 0);
    if (dot < 0) quaternion = quaternion.map((number) => 0 - number);
    numbers.push(...quaternion);
    before = quaternion;
  });
  return numbers;
}

/** The columns of a packed recording (a Uint8Array). */
export function decode(packed) {
  const header = new DataView(packed.buffer, packed.byteOffset, 12);
  if (header.getUint32(0) !== 0xca524543 || header.getUint8(4) !== 1) throw new Error("not a recording of version 1");
  const content = inflateSync(packed.subarray(12));
  if (content.length !== header.getUint32(8, true)) throw new Error("damaged");
  const reader = new Reader(content);
  const flags = reader.take();
  const content_version = reader.take();
  const look = reader.text(reader.take());
  let time = 0;
  const t_ms = Array.from({ length: reader.take() }, () => (time += reader.take()));
  let frame = 0;
  const teleports = Array.from({ length: reader.take() }, () => (frame += reader.take()));
  const perUnit = reader.take();
  const factors = predictionFactors(t_ms, teleports);
  const axes = [reader.column(factors), reader.column(factors), reader.column(factors)];
  const pos = t_ms.flatMap((_, at) => axes.map((axis) => axis[at] / perUnit));
  const rot = flags & 2 ? rotations(reader, t_ms) : [];
  const state = flags & 4 ? reader.differences(t_ms.length) : [];
  const events = reader.take();
  const [event_ms, event_code, event_arg] = [1, 2, 3].map(() => reader.differences(events));
  const columns = { content_version, complete: (flags & 1) === 1, look, t_ms, pos, rot, state, teleports, event_ms, event_code, event_arg };
  // Empty columns are left out.
  const always = ["content_version", "complete", "t_ms", "pos"];
  return Object.fromEntries(Object.entries(columns).filter(([name, value]) => always.includes(name) || value.length > 0));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const path of process.argv.slice(2)) console.log(JSON.stringify(decode(readFileSync(path))));
}
