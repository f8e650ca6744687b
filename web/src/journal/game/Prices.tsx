import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useMe } from "../../account/me";
import type { Schema } from "../../api/client";
import { Answer, Field } from "../../ui/parts";
import { useSpeech } from "../../words";
import style from "./GamePage.module.css";
import { type Entry, type FullGame, pricesQuery, useChangeEntry } from "./queries";
import { useWords } from "./words";

type Amount = Schema<"PriceAmount">;
type Currency = Schema<"PriceCurrency">;

const currencies = ["EUR", "RON", "USD"] as const satisfies readonly Currency[];
const SHOWN = 4;
const DAY_MS = 86_400_000;

/** What shops ask for the game, by which rate, how old that is; and from which price on its owner is told. */
export function Prices({ game, entry }: { game: FullGame; entry: Entry | null }) {
  const t = useWords();
  const prices = useQuery(pricesQuery(game.id));
  return (
    <section className="card pad stack-2" aria-labelledby="prices">
      <h2 id="prices">{t.price}</h2>
      <Answer query={prices} lines={2}>
        {(prices) => (
          <>
            {prices.state !== "current" && <p className="sm ink2">{t.priceStates[prices.state]}</p>}
            {prices.offers.length > 0 && <Offers prices={prices} />}
          </>
        )}
      </Answer>
      {entry?.state === "wishlist" && <Target game={game} entry={entry} />}
    </section>
  );
}

function Offers({ prices }: { prices: Schema<"GamePrices"> }) {
  const t = useWords();
  const speech = useSpeech();
  const [isWhole, setWhole] = useState(false);
  const own = useOwnCurrency();
  const offers = isWhole ? prices.offers : prices.offers.slice(0, SHOWN);
  const left = prices.offers.length - offers.length;
  return (
    <>
      <table className={style["price"]}>
        <thead className="vh">
          <tr>
            <th>{t.shop}</th>
            <th>{t.price}</th>
          </tr>
        </thead>
        <tbody>
          {offers.map(({ store, price, regular, giveaway, link }) => (
            <tr key={`${store} ${link}`}>
              <td>
                <a href={link} rel="noreferrer" target="_blank">
                  {store}
                </a>
                {regular && !giveaway && amountIn(regular, own) !== amountIn(price, own) && (
                  <span className="xs ink3">{t.regular(speech.money(amountIn(regular, own), known(regular, own)))}</span>
                )}
              </td>
              <td className="n">{giveaway ? <span className="tag tag-ok">{t.free}</span> : <Price price={price} own={own} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 && (
        <button className="btn btn-quiet btn-sm" type="button" onClick={() => setWhole(true)}>
          {t.morePrices(left)}
        </button>
      )}
      <Origin prices={prices} own={own} />
    </>
  );
}

/** An amount in one's own currency, and as the shop says it. */
function Price({ price, own }: { price: Amount[]; own: Currency }) {
  const speech = useSpeech();
  const shown = known(price, own);
  const [shops] = price;
  return (
    <>
      {speech.money(amountIn(price, own), shown)}
      {shops && shops.currency !== shown && <span className="xs ink2">{speech.money(shops.minor, shops.currency)}</span>}
    </>
  );
}

function Origin({ prices, own }: { prices: Schema<"GamePrices">; own: Currency }) {
  const t = useWords();
  const speech = useSpeech();
  const converted = prices.offers.flatMap(({ price }) => price).find(({ currency, rate }) => currency === own && rate !== undefined);
  const lowest = prices.lowest_ever;
  return (
    <p className="hint">
      {lowest && t.lowest(speech.money(amountIn(lowest.price, own), known(lowest.price, own)), speech.date(lowest.at))}{" "}
      {converted?.rate_of && (
        <>{t.rateOf(speech.partialDate(converted.rate_of), t.ageOfRate(daysSince(converted.rate_of)), `1 USD = ${converted.rate} ${own}`)} </>
      )}
      {prices.checked_at && t.asked(speech.ago(prices.checked_at))}{" "}
      {prices.sources.map(({ name, url }, i) => (
        <span key={name}>
          {i > 0 && ", "}
          <a href={url} rel="noreferrer" target="_blank">
            {name}
          </a>
        </span>
      ))}
    </p>
  );
}

/** The currency that somebody has chosen, else euros. */
function useOwnCurrency(): Currency {
  const { preferences } = useMe();
  return currencies.find((currency) => currency === preferences.currency) ?? "EUR";
}

function known(amounts: Amount[], own: Currency): Currency {
  return amounts.some(({ currency }) => currency === own) ? own : (amounts[0]?.currency ?? "USD");
}

function amountIn(amounts: Amount[], own: Currency): number {
  const shown = known(amounts, own);
  return amounts.find(({ currency }) => currency === shown)?.minor ?? 0;
}

function daysSince(day: string): number {
  return Math.floor((Date.now() - new Date(`${day}T00:00:00Z`).getTime()) / DAY_MS);
}

/** From which price on somebody wants to be told. */
function Target({ game, entry }: { game: FullGame; entry: Entry }) {
  const t = useWords();
  const speech = useSpeech();
  const own = useOwnCurrency();
  const change = useChangeEntry(game, entry);
  const [text, setText] = useState(entry.target ? (entry.target.minor / 100).toFixed(2) : "");
  const [currency, setCurrency] = useState<string>(entry.target?.currency ?? own);
  const [isTried, setTried] = useState(false);
  const minor = /^\d{1,6}([.,]\d{1,2})?$/.test(text.trim()) ? Math.round(Number(text.trim().replace(",", ".")) * 100) : undefined;
  const isGone = text.trim() === "";
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (isGone) change.mutate({ change: { target: null }, say: t.targetGone });
        else if (minor !== undefined) change.mutate({ change: { target: { minor, currency } }, say: t.targetSet(speech.money(minor, currency)) });
      }}
    >
      <Field label={t.target} error={isTried && !isGone && minor === undefined ? t.targetFault : undefined}>
        {(ids) => (
          <div className="row">
            <input {...ids} className="in" inputMode="decimal" maxLength={9} value={text} onChange={(e) => setText(e.target.value)} />
            <select className={`in ${style["currency"]}`} aria-label={t.currency} value={currency} onChange={(e) => setCurrency(e.target.value)}>
              {currencies.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
            <button className="btn" type="submit">
              {t.set}
            </button>
          </div>
        )}
      </Field>
    </form>
  );
}
