import { Outlet } from "@tanstack/react-router";

import { Frame } from "../shell/Frame";

/** The frame of the studio: a rail of its sections at the left, the work beside it. */
export function StudioShell() {
  return (
    <Frame className="studio">
      <Outlet />
    </Frame>
  );
}
