/** The path of a run as a thin tube, which can be drawn up to any time. */

import { BufferGeometry, Float32BufferAttribute, Vector3 } from "three";

import { frame, type Run } from "./runs";

const SIDES = 5;

/** The tube of a run. Points nearer to each other than `least` are left out. */
export function tube(run: Run, radius: number, least: number): BufferGeometry {
  const positions: number[] = [];
  const faces: number[] = [];
  const ends: number[] = [];
  let last: Vector3 | undefined;
  let ring = -1;
  run.times.forEach((time, i) => {
    const at = new Vector3(...frame(run.places, i));
    at.y += radius;
    const isJump = run.jumps.has(i);
    const isLast = i === run.times.length - 1;
    if (last && !isJump && !isLast && last.distanceTo(at) < least) return;
    const next = i + 1 < run.times.length ? new Vector3(...frame(run.places, i + 1)) : at;
    addRing(positions, at, direction(last, at, next), radius);
    if (last && !isJump) {
      join(faces, ring * SIDES, (ring + 1) * SIDES);
      ends.push(time);
    }
    ring += 1;
    last = at;
  });
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new Float32BufferAttribute(positions, 3));
  geometry.setIndex(faces);
  geometry.userData["ends"] = Float64Array.from(ends);
  geometry.userData["each"] = SIDES * 6;
  return geometry;
}

function direction(last: Vector3 | undefined, at: Vector3, next: Vector3): Vector3 {
  const along = next.clone().sub(last ?? at);
  return along.lengthSq() < 1e-12 ? new Vector3(1, 0, 0) : along.normalize();
}

function addRing(positions: number[], at: Vector3, along: Vector3, radius: number) {
  const up = Math.abs(along.y) > 0.9 ? new Vector3(1, 0, 0) : new Vector3(0, 1, 0);
  const side = new Vector3().crossVectors(along, up).normalize();
  const top = new Vector3().crossVectors(side, along).normalize();
  for (let i = 0; i < SIDES; i++) {
    const angle = (i / SIDES) * Math.PI * 2;
    const point = at
      .clone()
      .addScaledVector(side, Math.cos(angle) * radius)
      .addScaledVector(top, Math.sin(angle) * radius);
    positions.push(point.x, point.y, point.z);
  }
}

function join(faces: number[], from: number, to: number) {
  for (let i = 0; i < SIDES; i++) {
    const j = (i + 1) % SIDES;
    faces.push(from + i, to + i, from + j, from + j, to + i, to + j);
  }
}
