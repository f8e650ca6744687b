// Shops and exchange rates that a test decides, in the place of CheapShark and Frankfurter.
import { createServer } from "node:http";
import { once } from "node:events";

const DAY_MS = 86_400_000;
const RATES = { EUR: 0.86, RON: 4.38 };
const stores = [["1", "Lanternshop"], ["7", "Own page"], ["11", "Keyhouse"]];

/** Starts them. `games` has the dollars that each shop asks, by name: `{ "Pilgrim Engine": ["14.99", "17.99"] }`. */
export async function startShops(games) {
  const names = Object.keys(games);
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://shops");
    const found = answer(url, names, games);
    response.writeHead(found === undefined ? 404 : 200, { "Content-Type": "application/json" });
    response.end(found === undefined ? "" : JSON.stringify(found));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const base = `http://127.0.0.1:${server.address().port}`;
  const settings = {
    CAIRN_PRICES: "true",
    CAIRN_OUTBOUND_PRIVATE: "true",
    CAIRN_CHEAPSHARK_URL: `${base}/api/1.0`,
    CAIRN_FRANKFURTER_URL: `${base}/v1`,
  };
  return { settings, stop: () => server.close() };
}

function answer({ pathname, searchParams }, names, games) {
  if (pathname === "/v1/latest") {
    return { amount: 1, base: "USD", date: new Date(Date.now() - DAY_MS).toISOString().slice(0, 10), rates: RATES };
  }
  if (pathname === "/api/1.0/stores") return stores.map(([storeID, storeName]) => ({ storeID, storeName, isActive: 1, images: {} }));
  if (pathname !== "/api/1.0/games") return undefined;
  const id = searchParams.get("id");
  if (id === null) {
    const title = searchParams.get("title")?.toLowerCase();
    return names.flatMap((name, i) =>
      name.toLowerCase() === title
        ? [{ gameID: String(i + 1), steamAppID: null, cheapest: "1.00", cheapestDealID: "x%3D", external: name, internalName: name.toUpperCase(), thumb: "" }]
        : [],
    );
  }
  const name = names[Number(id) - 1];
  if (name === undefined) return undefined;
  const deals = games[name].map((price, i) => {
    const retailPrice = (Number(price) + (i === 0 ? 5 : 0)).toFixed(2);
    return { storeID: stores[i][0], dealID: `deal${i}%3D`, price, retailPrice, savings: "10.000000" };
  });
  const cheapestPriceEver = { price: "7.49", date: Math.floor(Date.now() / 1000) - 90 * 86_400 };
  return { info: { title: name, steamAppID: null, thumb: "" }, cheapestPriceEver, deals };
}
