/** The icons: one drawing each of 24 by 24, in the colour of the text beside it. */

const drawings = {
  search: <><circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/></>,
  plus: <><path d="M12 5v14M5 12h14"/></>,
  bell: <><path d="M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.5h4"/></>,
  theme: <><circle cx="12" cy="12" r="7.5"/><path d="M12 4.5v15a7.5 7.5 0 0 0 0-15z" fill="currentColor"/></>,
  filter: <><path d="M4 6h16M7 12h10M10 18h4"/></>,
  grid: <><path d="M4 4h4v16H4zM10 4h4v11h-4zM16 4h4v7h-4z"/></>,
  list: <><path d="M4 6h16M4 12h16M4 18h16"/></>,
  cal: <><path d="M4 6h16v14H4zM4 10h16M8 3v4M16 3v4"/></>,
  people: <><circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c.5-4.5 3-6.5 6.5-6.500s6 2 6.5 6.500M16 5a3.5 3.5 0 0 1 0 6.500M18 14c2 .8 3.2 2.8 3.5 6"/></>,
  book: <><path d="M5 4h5v16H5zM10 4h4v16h-4zM14.5 5l4-1 3 15-4 1z"/></>,
  home: <><path d="m4 11 8-7 8 7v9h-5v-6H9v6H4z"/></>,
  clock: <><circle cx="12" cy="12" r="8"/><path d="M12 7v5l3.5 2"/></>,
  map: <><path d="m3 6 6-2 6 2 6-2v14l-6 2-6-2-6 2zM9 4v14M15 6v14"/></>,
  ghost: <><path d="M6 21V11a6 6 0 0 1 12 0v10l-3-2-3 2-3-2zM10 11v.5M14 11v.5"/></>,
  shield: <><path d="M12 3 5 6v6c0 4.5 3 7.5 7 9 4-1.5 7-4.5 7-9V6z"/></>,
  key: <><circle cx="8" cy="15" r="4"/><path d="m11 12 8-8M16 7l3 3M14 9l2 2"/></>,
  live: <><path d="M3 12h4l3-7 4 14 3-7h4"/></>,
  gear: <><circle cx="12" cy="12" r="3"/><path d="M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.600l2.1 2.100M16.3 16.300l2.1 2.100M5.6 18.400l2.1-2.100M16.3 7.700l2.1-2.1"/></>,
  hide: <><path d="M3 12c2-4 5-6 9-6s7 2 9 6c-2 4-5 6-9 6s-7-2-9-6zM4 4l16 16"/></>,
  eye: <><path d="M3 12c2-4 5-6 9-6s7 2 9 6c-2 4-5 6-9 6s-7-2-9-6z"/><circle cx="12" cy="12" r="2.5"/></>,
  down: <><path d="m6 9 6 6 6-6"/></>,
  check: <><path d="m5 12.5 4.5 4.500L19 7.5"/></>,
  x: <><path d="M6 6l12 12M18 6 6 18"/></>,
  copy: <><path d="M8 8h12v12H8zM16 8V4H4v12h4"/></>,
  play: <><path d="M7 4.500v15l12-7.500z" fill="currentColor"/></>,
  pause: <><path d="M8 5v14M16 5v14" strokeWidth="3"/></>,
  step: <><path d="M6 5v14l9-7zM18 5v14"/></>,
  back: <><path d="M18 5v14l-9-7zM6 5v14"/></>,
  image: <><path d="M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4"/><circle cx="15.5" cy="9" r="1.3"/></>,
  pin: <><path d="M12 21c-4.5-5-6.5-8-6.5-11a6.5 6.5 0 0 1 13 0c0 3-2 6-6.5 11z"/><circle cx="12" cy="10" r="2.3"/></>,
  note: <><path d="M4 5h16v11h-9l-5 4v-4H4z"/></>,
  lasso: <><path d="M12 4c5 0 8.5 2.3 8.5 5.500S17 15 12 15 3.5 12.7 3.5 9.5 7 4 12 4zM8 14.500c-2 1-2 3 0 3.500s1 2.5-1 3" strokeDasharray="3 2.2"/></>,
  layers: <><path d="m12 4 9 5-9 5-9-5zM3 14l9 5 9-5"/></>,
  get: <><path d="M12 4v11M7 11l5 5 5-5M5 20h14"/></>,
  more: <><path d="M5 12h.01M12 12h.01M19 12h.01" strokeWidth="3"/></>,
  info: <><circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 7.800v.2"/></>,
  warn: <><path d="M12 4 3 20h18zM12 10v5M12 17.300v.2"/></>,
  pad: <><path d="M7 8h10c3 0 4.5 10 2 10-1.5 0-2-3-4-3H9c-2 0-2.5 3-4 3-2.5 0-1-10 2-10zM8.5 10.500v3M7 12h3M15.5 11.500h.01M17 13h.01"/></>,
  tv: <><path d="M3 6h18v11H3zM8 20h8"/></>,
  laptop: <><path d="M5 5h14v10H5zM2.5 19h19"/></>,
  lock: <><path d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3"/></>,
  ban: <><circle cx="12" cy="12" r="8.5"/><path d="m6 6 12 12"/></>,
  grab: <><path d="M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01" strokeWidth="2.6"/></>,
  minus: <><path d="M5 12h14"/></>,
  up: <><path d="M12 19V6M6 11l6-6 6 6"/></>,
  tick: <><circle cx="12" cy="12" r="8.5"/><path d="m8 12.5 3 3 5-6"/></>,
};

/** The name of an icon. */
export type IconName = keyof typeof drawings;

/** An icon that only decorates: what it means is said by the text or the label beside it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="i" viewBox="0 0 24 24" aria-hidden="true">
      {drawings[name]}
    </svg>
  );
}
