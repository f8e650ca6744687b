/** The stage on which ghosts run, in 3D. In a file of its own, since three.js comes only with this page. */

import {
  AmbientLight,
  CapsuleGeometry,
  type Color,
  DirectionalLight,
  Group,
  HemisphereLight,
  Mesh,
  MeshBasicMaterial,
  MeshLambertMaterial,
  PerspectiveCamera,
  Scene,
  SphereGeometry,
  Sprite,
  SpriteMaterial,
  Vector3,
  WebGLRenderer,
} from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";

import type { Colours } from "../canvas/colours";
import type { Ground } from "./ground";
import { colourOf, picture, release } from "./paint";
import { placeAt, type Run, type Spot, type Vec } from "./runs";
import { land, type PlacedPicture, spotMarks } from "./scenery";
import { tube } from "./tube";

/** From where one looks. */
export type Camera = "orbit" | "follow" | "above";

/** What the stage shows. */
export interface Staging {
  runs: Run[];
  followed: string | undefined;
  spots: Spot[];
  ground: Ground | undefined;
  picture: PlacedPicture | undefined;
  showsPaths: boolean;
  showsDeaths: boolean;
}

interface Ghost {
  run: Run;
  body: Group;
  played: Mesh | undefined;
  echoes: Mesh[];
}

const ECHOES = 4;
const ECHO_MS = 450;

/** The stage: say what is on it, then at which time. */
export class Stage {
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera = new PerspectiveCamera(42, 1, 0.05, 20_000);
  readonly #controls: OrbitControls;
  readonly #colours: Colours;
  readonly #onLook: () => void;
  #content = new Group();
  #ghosts: Ghost[] = [];
  #followed: string | undefined;
  #size = 10;
  #middle = new Vector3();
  #view: Camera = "orbit";
  #time = 0;

  /** Fails where the browser draws no 3D. `onLook` is called when the look at the stage has changed. */
  constructor(canvas: HTMLCanvasElement, colours: Colours, onLook: () => void) {
    this.#renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
    this.#colours = colours;
    this.#onLook = onLook;
    this.#controls = new OrbitControls(this.#camera, canvas);
    this.#controls.maxPolarAngle = Math.PI * 0.49;
    this.#controls.addEventListener("change", onLook);
    const sun = new DirectionalLight(0xffffff, 1.5);
    sun.position.set(-0.6, 1, 0.5);
    this.#scene.add(new HemisphereLight(0xffffff, this.#colour("ground"), 1.1), new AmbientLight(0xffffff, 0.35), sun, this.#content);
  }

  #colour(role: string): Color {
    return colourOf(this.#colours(role));
  }

  /** Gives back what the graphics card holds. */
  close() {
    this.#controls.dispose();
    release(this.#content);
    this.#renderer.dispose();
  }

  /** The canvas has another size, in CSS pixels. */
  resize(width: number, height: number) {
    this.#renderer.setPixelRatio(Math.min(2, devicePixelRatio || 1));
    this.#renderer.setSize(width, height, false);
    this.#camera.aspect = width / Math.max(1, height);
    this.#camera.updateProjectionMatrix();
  }

  /** Puts other things on the stage; where one looks stays. */
  set(staging: Staging) {
    const isFirst = this.#ghosts.length === 0;
    release(this.#content);
    this.#scene.remove(this.#content);
    this.#content = new Group();
    this.#scene.add(this.#content);
    this.#followed = staging.followed;
    this.#measure(staging.runs);
    if (staging.ground) this.#content.add(...land(staging.ground, staging.picture, this.#colours));
    for (const spot of staging.showsDeaths ? staging.spots : []) {
      this.#content.add(...spotMarks(spot, staging.ground, this.#size, this.#colours));
    }
    this.#ghosts = staging.runs.map((run) => this.#addGhost(run, staging.showsPaths));
    if (isFirst && staging.runs.length > 0) this.look(this.#view);
  }

  #measure(runs: Run[]) {
    const low = new Vector3(Infinity, Infinity, Infinity);
    const high = new Vector3(-Infinity, -Infinity, -Infinity);
    for (const { places } of runs) {
      for (let i = 0; i < places.length; i += 3) {
        const at = new Vector3(places[i], places[i + 1], places[i + 2]);
        low.min(at);
        high.max(at);
      }
    }
    if (runs.length === 0) return;
    this.#middle = low.clone().add(high).multiplyScalar(0.5);
    this.#size = Math.max(4, high.x - low.x, high.z - low.z, high.y - low.y);
  }

  /** Looks from there. */
  look(view: Camera) {
    this.#view = view;
    this.#controls.enabled = view !== "follow";
    this.#controls.enableRotate = view === "orbit";
    const away = this.#size * 0.86;
    if (view === "above") this.#camera.position.copy(this.#middle).add(new Vector3(0, away * 1.15, away * 0.001));
    if (view === "orbit") this.#camera.position.copy(this.#middle).add(new Vector3(-away * 0.28, away * 0.62, away * 0.78));
    this.#controls.target.copy(this.#middle);
    this.#controls.update();
    this.draw(this.#time);
  }

  /** Looks at a spot from near. */
  lookAt([x, y, z]: Vec) {
    const target = new Vector3(x, y, z);
    this.#controls.target.copy(target);
    this.#camera.position.copy(target).add(new Vector3(-this.#size * 0.12, this.#size * 0.2, this.#size * 0.26));
    this.#controls.update();
    this.#onLook();
  }

  /** Draws everything as it is at a time. */
  draw(ms: number) {
    this.#time = ms;
    for (const { run, body, played, echoes } of this.#ghosts) {
      body.position.set(...placeAt(run, ms));
      body.rotation.y = headingAt(run, ms);
      body.visible = ms <= run.durationMs + 4000;
      played?.geometry.setDrawRange(0, playedIndices(ms, played));
      echoes.forEach((echo, i) => {
        const then = ms - (i + 1) * ECHO_MS;
        echo.visible = then > 0 && ms < run.durationMs;
        echo.position.set(...placeAt(run, Math.max(0, then)));
        echo.position.y += this.#figure() * 0.5;
      });
    }
    if (this.#view === "follow") this.#follow(ms);
    this.#renderer.render(this.#scene, this.#camera);
  }

  #figure(): number {
    return Math.max(1.7, this.#size / 44);
  }

  #follow(ms: number) {
    const ghost = this.#ghosts.find(({ run }) => run.id === this.#followed) ?? this.#ghosts[0];
    if (!ghost) return;
    const at = new Vector3(...placeAt(ghost.run, ms));
    const heading = headingAt(ghost.run, ms);
    const back = this.#figure() * 6;
    this.#camera.position.copy(at).add(new Vector3(-Math.sin(heading) * back, back * 0.62, -Math.cos(heading) * back));
    this.#camera.lookAt(at.x, at.y + this.#figure() * 0.6, at.z);
  }

  #addGhost(run: Run, showsPath: boolean): Ghost {
    const isFollowed = run.id === this.#followed;
    const colour = this.#colour(isFollowed ? "glow" : "k-ghost");
    const height = this.#figure() * (isFollowed ? 1.15 : 1);
    const body = new Group();
    const skin = new MeshLambertMaterial({ color: colour, emissive: colour, emissiveIntensity: 0.35 });
    const trunk = new Mesh(new CapsuleGeometry(height * 0.16, height * 0.42, 4, 12), skin);
    trunk.position.y = height * 0.38;
    const head = new Mesh(new SphereGeometry(height * 0.17, 16, 12), skin);
    head.position.y = height * 0.92;
    body.add(trunk, head);
    if (isFollowed) body.add(this.#glow(height));
    this.#content.add(body);
    let played: Mesh | undefined;
    if (showsPath) {
      const radius = this.#size / (isFollowed ? 420 : 640);
      const geometry = tube(run, radius, this.#size / 900);
      const ahead = new Mesh(geometry, new MeshBasicMaterial({ color: colour, transparent: true, opacity: 0.3, depthWrite: false }));
      played = new Mesh(geometry.clone(), new MeshBasicMaterial({ color: colour }));
      this.#content.add(ahead, played);
    }
    const echoes = Array.from({ length: ECHOES }, (_, i) => {
      const material = new MeshBasicMaterial({ color: colour, transparent: true, opacity: 0.26 - i * 0.055, depthWrite: false });
      const echo = new Mesh(new CapsuleGeometry(height * 0.14, height * 0.5, 3, 8), material);
      this.#content.add(echo);
      return echo;
    });
    return { run, body, played, echoes };
  }

  #glow(height: number): Sprite {
    const light = this.#colours("glow");
    const map = picture(128, (g) => {
      const shade = g.createRadialGradient(64, 64, 0, 64, 64, 64);
      shade.addColorStop(0, `rgba(${light.join(",")}, .55)`);
      shade.addColorStop(0.35, `rgba(${light.join(",")}, .2)`);
      shade.addColorStop(1, `rgba(${light.join(",")}, 0)`);
      g.fillStyle = shade;
      g.fillRect(0, 0, 128, 128);
    });
    const glow = new Sprite(new SpriteMaterial({ map, depthWrite: false, transparent: true }));
    glow.scale.setScalar(height * 6);
    glow.position.y = height * 0.6;
    return glow;
  }

}

/** Which way a run is heading at a time: where it comes to in the next moments. */
function headingAt(run: Run, ms: number): number {
  const [from, to] = [placeAt(run, ms - 200), placeAt(run, ms + 300)];
  return Math.atan2(to[0] - from[0], to[2] - from[2]);
}

/** How many indices of a path's geometry were passed at a time. */
function playedIndices(ms: number, path: Mesh): number {
  const ends = path.geometry.userData["ends"] as Float64Array | undefined;
  const index = path.geometry.index;
  if (!ends || !index) return 0;
  let passed = 0;
  while (passed < ends.length && (ends[passed] ?? 0) <= ms) passed++;
  return passed * (path.geometry.userData["each"] as number);
}
