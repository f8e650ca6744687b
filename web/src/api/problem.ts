/** A refusal of the API: the one type of error that pages meet. */

import { faultText } from "./faults";
import type { components } from "./schema";

/** What the API answers when it refuses. */
export type ProblemBody = components["schemas"]["Problem"] & { current?: unknown };

/** A refusal, or that the server did not answer at all (then its status is 0 and its code `away`). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly body: ProblemBody | undefined;
  /** When to try again, in seconds. */
  readonly retryAfter: number;

  constructor(response: Pick<Response, "status" | "headers">, body?: ProblemBody) {
    super(body?.detail ?? `HTTP ${response.status}`);
    this.name = "Problem";
    this.status = response.status;
    this.code = body?.code ?? "unknown";
    this.body = body;
    this.retryAfter = Number(response.headers.get("Retry-After") ?? 0);
  }

  /** The server did not answer. */
  static away(cause: unknown): Problem {
    const body = { type: "about:blank", title: "", status: 0, code: "away", detail: String(cause), request_id: "" };
    return new Problem({ status: 0, headers: new Headers() }, body);
  }

  /** What is wrong with a field of what was sent, as a sentence, if something is: `fault("email")`. */
  fault(field: string): string | undefined {
    const found = this.body?.errors?.find(({ pointer }) => pointer === `/${field}` || pointer === `?${field}`);
    return found && faultText(found.detail);
  }
}

/** Any error as a problem. */
export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : Problem.away(error);
}
