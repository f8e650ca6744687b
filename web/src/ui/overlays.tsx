/**
 * Menus and dialogs, with the keyboard and the screen reader of React Aria. Closed they are a button or nothing; what an open one needs
 * is fetched when somebody is about to open it.
 */

import { lazy, Suspense, useRef, useState } from "react";

import { Icon, type IconName } from "./Icon";

const menus = () => import("./OpenMenu");
const dialogs = () => import("./OpenDialog");
const OpenMenu = lazy(() => menus().then(({ OpenMenu }) => ({ default: OpenMenu })));
const OpenDialog = lazy(() => dialogs().then(({ OpenDialog }) => ({ default: OpenDialog })));

/** An entry of a menu; `null` in a list of them is a line between groups. */
export interface Action {
  id: string;
  text: string;
  icon?: IconName | React.ReactNode;
  key?: string;
  isBad?: boolean;
  isOff?: boolean;
  act: () => unknown;
}

/** A button that opens a menu. `actions` as a function are only made when it is opened: for the many menus of a list. */
export function MenuButton({
  label,
  actions,
  className = "btn btn-quiet btn-icon btn-sm",
  children,
}: {
  label: string;
  actions: (Action | null)[] | (() => (Action | null)[]);
  className?: string;
  children?: React.ReactNode;
}) {
  const trigger = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const fetchAhead = () => void menus();
  return (
    <>
      <button
        ref={trigger}
        className={className}
        type="button"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onPointerEnter={fetchAhead}
        onFocus={fetchAhead}
        onClick={() => setOpen(!isOpen)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          event.stopPropagation();
          setOpen(true);
        }}
      >
        {children ?? <Icon name="more" />}
      </button>
      {isOpen && (
        <Suspense>
          <OpenMenu label={label} actions={typeof actions === "function" ? actions() : actions} trigger={trigger} close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

/** A dialog over the page; on narrow screens a sheet from below. */
export function Dialog({
  title,
  isOpen,
  close,
  children,
  foot,
  wide = false,
}: {
  title: string;
  isOpen: boolean;
  close: () => void;
  children: React.ReactNode;
  foot?: React.ReactNode;
  wide?: boolean;
}) {
  if (!isOpen) return null;
  return (
    <Suspense>
      <OpenDialog title={title} close={close} foot={foot} wide={wide}>
        {children}
      </OpenDialog>
    </Suspense>
  );
}
