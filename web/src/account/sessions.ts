/** Signing out. */

import { useNavigate } from "@tanstack/react-router";

import { api, ok } from "../api/client";
import { toastProblem } from "../ui/toasts";
import { useForgetAll } from "./me";

/** Ends this session and goes to the sign-in page. */
export function useSignOut(): () => Promise<void> {
  const forgetAll = useForgetAll();
  const navigate = useNavigate();
  return async () => {
    try {
      await ok(api.DELETE("/v1/account/sessions/current"));
    } catch (error) {
      toastProblem(error);
      return;
    }
    forgetAll();
    await navigate({ to: "/account/sign-in" });
  };
}
