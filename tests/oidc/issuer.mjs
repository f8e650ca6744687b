// An issuer of OpenID Connect (npm oidc-provider) on a port of its own, for the tests. Prints its address. Whoever comes to sign in is
// the person that `POST /person` has named last: no form is shown, no consent is asked for.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";

import Provider from "oidc-provider";

const callbacks = process.argv.slice(2);
const people = new Map();
let present = null;

const jwk = (type, options, extra) => ({
  ...generateKeyPairSync(type, options).privateKey.export({ format: "jwk" }),
  use: "sig",
  ...extra,
});

const client = (client_id, more) => ({
  client_id,
  redirect_uris: callbacks,
  grant_types: ["authorization_code"],
  response_types: ["code"],
  ...more,
});

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      client("rsa", { client_secret: "a secret/with+odd:characters%" }),
      client("ec", { client_secret: "another", id_token_signed_response_alg: "ES256", token_endpoint_auth_method: "client_secret_post" }),
      client("public", { token_endpoint_auth_method: "none" }),
    ],
    jwks: {
      keys: [
        jwk("rsa", { modulusLength: 2048 }, { kid: "rsa", alg: "RS256" }),
        jwk("ec", { namedCurve: "P-256" }, { kid: "ec", alg: "ES256" }),
      ],
    },
    cookies: { keys: ["of a test"] },
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, id) => ({ accountId: id, claims: () => people.get(id) }),
    loadExistingGrant: (context) => {
      const { clientId } = context.oidc.client;
      const grant = new context.oidc.provider.Grant({ clientId, accountId: context.oidc.session.accountId });
      grant.addOIDCScope("openid email");
      return grant.save().then(() => grant);
    },
  });
  const handle = provider.callback();
  server.on("request", async (request, response) => {
    const url = new URL(request.url, issuer);
    if (request.method === "POST" && url.pathname === "/person") {
      const [sub, email] = [url.searchParams.get("sub"), url.searchParams.get("email")];
      people.set(sub, { sub, email, email_verified: url.searchParams.get("verified") !== "false" });
      present = sub;
      response.writeHead(204).end();
    } else if (url.pathname.startsWith("/interaction/")) {
      const refused = { error: "access_denied", error_description: "the person said no" };
      const result = present === "nobody" ? refused : { login: { accountId: present } };
      await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    } else {
      handle(request, response);
    }
  });
  console.log(issuer);
});
