/** Reads the codes that the server sends by email, which it writes to a folder when it has no mail server. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

/** A variable of the environment. */
export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

/** Waits for the email and returns its code. */
export async function codeFromMail(to: string, subject: string): Promise<string> {
  const folder = variable("CAIRN_MAIL");
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".eml")) : [];
    for (const name of files) {
      const text = readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n");
      const code = /^ {4}([0-9a-f]{32})$/m.exec(text)?.[1];
      if (code && text.includes(`To: ${to}\n`) && text.includes(`Subject: ${subject}\n`)) return code;
    }
    await setTimeout(20);
  }
  throw new Error(`no email to ${to}: ${subject}`);
}
