// @ts-check
// What this browser keeps: words in localStorage, files that are on their way in IndexedDB. Where the
// browser refuses, both last as long as the page.

/** @type {Record<string, any>} */
const memory = {};

/** @param {string} name @param {any} otherwise */
export function load(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(`caunoi.${name}`) ?? "null") ?? otherwise;
  } catch {
    return memory[name] ?? otherwise;
  }
}

/** @param {string} name @param {any} value null forgets it */
export function save(name, value) {
  memory[name] = value;
  try {
    if (value === null) localStorage.removeItem(`caunoi.${name}`);
    else localStorage.setItem(`caunoi.${name}`, JSON.stringify(value));
  } catch { /* kept in memory */ }
}

/** What was saved under names that begin so: each of its own, because two tabs that write one list overwrite each other.
 * @param {string} beginning @returns {any[]} */
export function loadAll(beginning) {
  return namesOf(beginning).map((name) => load(name, null)).filter((value) => value !== null);
}

/** @param {string} beginning */
function namesOf(beginning) {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(`caunoi.${beginning}`));
    return names.map((name) => name.slice("caunoi.".length));
  } catch {
    return Object.keys(memory).filter((name) => name.startsWith(beginning));
  }
}

/** @type {Map<string, File>} chosen on this page */
const held = new Map();

/** @type {Promise<IDBDatabase | null>} */
const database = new Promise((done) => {
  try {
    const asked = indexedDB.open("caunoi", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("files");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => done(null);
  } catch {
    done(null);
  }
});

/** @param {IDBTransactionMode} mode @param {(files: IDBObjectStore) => IDBRequest} act @returns {Promise<any>} undefined if refused */
async function stored(mode, act) {
  const open = await database;
  return new Promise((done) => {
    if (!open) return done(undefined);
    const work = open.transaction("files", mode), asked = act(work.objectStore("files"));
    work.oncomplete = () => done(asked.result ?? true);
    work.onabort = () => done(undefined);
  });
}

/** @param {string} id @param {File} file @returns whether it outlasts the page */
export function keepFile(id, file) {
  held.set(id, file);
  return stored("readwrite", (files) => files.put(file, id));
}

/** @param {string} id @returns {Promise<File | undefined>} */
export async function keptFile(id) {
  const found = held.get(id) ?? (await stored("readonly", (files) => files.get(id)));
  return found instanceof File ? found : undefined;
}

/** @param {string} id */
export const heldFile = (id) => held.get(id);

/** @param {string} id */
export function dropFile(id) {
  held.delete(id);
  return stored("readwrite", (files) => files.delete(id));
}

export function dropFiles() {
  held.clear();
  return stored("readwrite", (files) => files.clear());
}

/** One tab at a time, where the browser can tell: a message is not sent by two. @param {() => Promise<void>} work */
export async function alone(work) {
  let hasBegun = false;
  const begin = () => { hasBegun = true; return work(); };
  try {
    await navigator.locks.request("caunoi.sending", begin);
  } catch (error) { // no such thing here, or not in a frame
    if (hasBegun) throw error;
    await work();
  }
}
