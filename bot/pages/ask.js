// @ts-check
// Requests to the server, each tried until somebody answers.

const PATIENCE = 10_000; // milliseconds for an answer
const SILENCE = 30_000; // milliseconds without any progress of a file
const HEADERS = { "X-Caunoi": "chat" };
const language = `lang=${document.documentElement.lang}`; // of the sentences that refuse

/** @param {string} path @param {object} body */
export function ask(path, body) {
  const headers = { ...HEADERS, "Content-Type": "application/json" };
  const signal = AbortSignal.timeout?.(PATIENCE);
  return fetch(`${path}?${language}`, { method: "POST", headers, body: JSON.stringify(body), signal });
}

export const isKnown = () => fetch("/chat/known", { headers: HEADERS, cache: "no-store" });

/** @param {string} id @param {File} file @param {(share: number) => void} progressed @returns {Promise<Response>} */
export function upload(id, file, progressed) {
  const form = new FormData(), request = new XMLHttpRequest(); // fetch does not tell how far it is
  form.append("file", file);
  return new Promise((done, failed) => {
    let patience = setTimeout(() => request.abort(), SILENCE);
    const goesOn = () => {
      clearTimeout(patience);
      patience = setTimeout(() => request.abort(), SILENCE);
    };
    request.upload.onprogress = ({ loaded, total }) => { goesOn(); progressed(loaded / total); };
    request.onload = () => done(new Response(request.responseText, { status: request.status }));
    request.onerror = request.onabort = () => failed(new Error("no answer"));
    request.onloadend = () => clearTimeout(patience);
    request.open("POST", `/chat/files?id=${id}&${language}`);
    request.setRequestHeader("X-Caunoi", "chat");
    request.send(form);
  });
}

/** Asks again until somebody answers, or nobody needs it any more. Ids stay the same, so nothing is doubled.
 * @param {() => Promise<Response>} request @param {(isStuck: boolean) => void} told @param {() => boolean} isNeeded */
export async function insist(request, told, isNeeded = () => true) {
  for (let tries = 0; isNeeded(); tries++) {
    const answer = await request().catch(() => null);
    const isStuck = !answer || answer.status >= 500 || answer.status === 408;
    told(isStuck);
    if (answer && !isStuck) return answer;
    await pause(tries);
  }
  return null;
}

/** @type {Set<() => void>} */
const waiting = new Set();

/** @param {number} tries @returns {Promise<void>} */
export function pause(tries) {
  const wait = Math.min(30_000, 1000 * 2 ** tries) * (0.75 + Math.random() / 2);
  return new Promise((done) => {
    const goOn = () => {
      clearTimeout(timer);
      waiting.delete(goOn);
      done();
    };
    const timer = setTimeout(goOn, wait);
    waiting.add(goOn);
  });
}

/** The server is there again: whoever pauses tries at once. */
export const hurry = () => waiting.forEach((goOn) => goOn());

addEventListener("online", hurry);
