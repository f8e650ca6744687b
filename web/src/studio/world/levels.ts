/**
 * Pictures of levels, with where they lie. The API has no place for them: they are kept in this browser, and only there.
 */

/** A picture of a level, seen from above. */
export interface Level {
  image: Blob;
  /** Where its upper left corner lies, in the game's units on the map's two axes. */
  x: number;
  y: number;
  /** How wide it is, in the game's units; its height follows. */
  width: number;
  /** By how much it is turned about that corner, in degrees. */
  turn: number;
}

const DATABASE = "cairn-studio";
const STORE = "levels";

function database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error ?? new Error("no storage"));
  });
}

async function inStore<T>(mode: IDBTransactionMode, use: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const opened = await database();
  try {
    return await new Promise((resolve, reject) => {
      const request = use(opened.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error("no storage"));
    });
  } finally {
    opened.close();
  }
}

const keyOf = (world: string, scope: string) => `${world} ${scope}`;

/** Keeps the picture of a scope. */
export async function keepLevel(world: string, scope: string, level: Level): Promise<void> {
  await inStore("readwrite", (store) => store.put(level, keyOf(world, scope)));
}

/** The picture of a scope, if there is one. */
export async function levelOf(world: string, scope: string): Promise<Level | null> {
  return (await inStore<Level | undefined>("readonly", (store) => store.get(keyOf(world, scope)))) ?? null;
}

/** Forgets the picture of a scope. */
export async function forgetLevel(world: string, scope: string): Promise<void> {
  await inStore("readwrite", (store) => store.delete(keyOf(world, scope)));
}
