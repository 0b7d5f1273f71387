// @ts-check
// The citizen's chat page. What the person writes waits in this browser until the server has it;
// what the bot says comes over one event stream, and the server can say all of it again.

/**
 * A message of the person. `after` is the newest message of the bot that they had before them.
 * @typedef {{id: string, at: string, after: string, state: "sending" | "sent",
 *   text: string, button?: string, file?: string, unseen?: boolean}} Mine
 * A message of the bot.
 * @typedef {{id: string, at: string, text: string, buttons: {label: string, data: string}[], reply_to: string}} Said
 */

const LONGEST = 4000, COUNT_FROM = 3500, KEEP = 200;
const LARGEST = 10 * 1024 * 1024;
const OFFERED = /\.(jpe?g|png|webp|pdf|docx|xlsx)$/i;
const LINK = /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}»”’…]/gi;
const PATIENCE = 10_000; // milliseconds for an answer, and for each further 200 kB of a file

/** @param {string} id @returns {any} */
const part = (id) => document.getElementById(id);

/** @type {Record<string, string>} */
const words = JSON.parse(part("words").textContent);
/** @type {HTMLTextAreaElement} */
const box = part("box");
/** @type {HTMLElement} */
const log = part("log");
const problem = part("problem"), newest = part("newest"), asking = part("asking");
const language = document.documentElement.lang;

// What this browser keeps

/** @type {Record<string, any>} for a browser that refuses to keep anything */
const memory = {};

/** @param {string} name @param {any} otherwise */
function load(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(`caunoi.${name}`) ?? "null") ?? otherwise;
  } catch {
    return memory[name] ?? otherwise;
  }
}

/** @param {string} name @param {any} value null forgets it */
function save(name, value) {
  memory[name] = value;
  try {
    if (value === null) localStorage.removeItem(`caunoi.${name}`);
    else localStorage.setItem(`caunoi.${name}`, JSON.stringify(value));
  } catch { /* kept in memory */ }
}

/** Another tab may have written meanwhile, so always read, change and write. @param {(mine: Mine[]) => Mine[]} change */
function changeMine(change) {
  const mine = change(load("mine", []));
  save("mine", mine.filter((message, i) => canGo(message) || i >= mine.length - KEEP));
  draw();
}

/** @param {string} a @param {string} b */
const later = (a, b) => (BigInt(a) > BigInt(b) ? a : b);

function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID is missing on plain http
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

// Showing the conversation

/** @template {keyof HTMLElementTagNameMap} T @param {T} tag @param {string} name @param {(Node | string)[]} inside */
function make(tag, name, ...inside) {
  const made = document.createElement(tag);
  made.className = name;
  made.append(...inside);
  return made;
}

/** @param {string} address */
function link(address) {
  const made = make("a", "", address);
  Object.assign(made, { href: address, target: "_blank", rel: "noopener noreferrer" });
  return made;
}

/** @param {string} text @returns {(Node | string)[]} */
function linked(text) {
  const pieces = [];
  let end = 0;
  for (const found of text.matchAll(LINK)) {
    pieces.push(text.slice(end, found.index), link(found[0]));
    end = (found.index ?? 0) + found[0].length;
  }
  return [...pieces, text.slice(end)];
}

/** @param {string} at */
function clock(at) {
  const day = new Date(at), today = day.toDateString() === new Date().toDateString();
  const date = /** @type {const} */ ({ day: "2-digit", month: "2-digit", year: "numeric" });
  const shown = { hour: "2-digit", minute: "2-digit", ...(today ? {} : date) };
  const locale = language === "en" ? "en-GB" : "vi-VN";
  const made = make("time", "", day.toLocaleString(locale, /** @type {Intl.DateTimeFormatOptions} */ (shown)));
  made.dateTime = at;
  return made;
}

/** Ids, not clocks, decide the order: a phone's clock may be wrong. @param {HTMLElement} line @param {(other: string) => boolean} follows */
function place(line, follows) {
  let before = log.lastElementChild;
  while (before instanceof HTMLElement && !follows(before.dataset.after ?? "0")) before = before.previousElementSibling;
  if (before) before.after(line);
  else log.prepend(line);
}

function draw() {
  /** @type {Mine[]} */
  const mine = load("mine", []).filter((/** @type {Mine} */ message) => !message.unseen);
  const ids = new Set(mine.map((message) => `mine-${message.id}`));
  for (const line of log.querySelectorAll(".mine")) if (!ids.has(line.id)) line.remove();
  for (const message of mine) drawState(document.getElementById(`mine-${message.id}`) ?? drawMine(message), message);
}

/** @param {Mine} message */
function drawMine(message) {
  const bubble = make("div", "bubble", ...preview(message), ...linked(message.text));
  const line = make("div", "line mine", make("span", "unseen", words.you), bubble, make("p", "about"));
  line.id = `mine-${message.id}`;
  line.dataset.after = message.after;
  place(line, (other) => BigInt(other) <= BigInt(message.after));
  return line;
}

/** @param {HTMLElement} line @param {Mine} message */
function drawState(line, message) {
  const state = message.state === "sent" || canGo(message) ? message.state : "lost";
  if (line.dataset.state === state) return;
  line.dataset.state = state;
  const said = { sending: words.sending, sent: words.sent, lost: words.file_lost }[state];
  line.querySelector(".about")?.replaceChildren(clock(message.at), ` · ${said}`);
}

/** @param {Mine} message a picture chosen just now; after a reload only its name is left */
function preview(message) {
  const file = files.get(message.id);
  if (!file?.type.startsWith("image/")) return [];
  const picture = make("img", "");
  picture.alt = "";
  picture.src = URL.createObjectURL(file);
  picture.onload = () => { URL.revokeObjectURL(picture.src); reveal(); };
  picture.onerror = () => picture.remove();
  return [picture];
}

/** @param {Said} said */
function drawSaid(said) {
  const bubble = make("div", "bubble", ...linked(said.text));
  const about = make("p", "about", `${words.name} · `, clock(said.at));
  const line = make("div", "line said", make("span", "unseen", `${words.name}: `), bubble, ...choices(said), about);
  line.id = `said-${said.id}`;
  line.dataset.after = said.id;
  place(line, (other) => BigInt(other) < BigInt(said.id));
  quote(line, said.reply_to);
  markLatest();
}

function markLatest() {
  let last = log.lastElementChild;
  while (last && !last.matches(".said")) last = last.previousElementSibling;
  log.querySelector(".latest")?.classList.remove("latest");
  last?.classList.add("latest");
}

/** @param {Said} said */
function choices(said) {
  if (!said.buttons.length) return [];
  const buttons = said.buttons.map(({ label, data }) => {
    const button = make("button", "", label);
    button.type = "button";
    button.addEventListener("click", (click) => { if (click.detail < 2) press(data, label); });
    return button;
  });
  return [make("div", "choices", ...buttons)];
}

/** Repeats the person's words when other words stand between them and this answer. @param {HTMLElement} line @param {string} id */
function quote(line, id) {
  let before = line.previousElementSibling;
  while (before && !before.matches(".mine")) before = before.previousElementSibling;
  const asked = id && document.getElementById(`mine-${id}`);
  if (!asked || asked === before) return;
  const text = asked.querySelector(".bubble")?.textContent ?? "";
  line.querySelector(".bubble")?.prepend(make("p", "quote", make("span", "unseen", `${words.answers} `), text));
}

const bottom = () => document.documentElement.scrollHeight - innerHeight;
const isAtEnd = () => scrollY >= bottom() - 80;

/** Down to the end, but not past the person's own last words: an answer is read from its beginning.
 * Who has not written yet stays at the top, where the page says what it is. */
function reveal() {
  const last = [...log.querySelectorAll(".mine")].pop();
  const above = last ? last.getBoundingClientRect().top + scrollY - part("top").offsetHeight - 12 : 0;
  scrollTo(0, Math.max(scrollY, Math.min(above, bottom())));
}

// Sending: one after the other, each until the server has it

/** @type {Map<string, File>} files that are on their way */
const files = new Map();
let isSending = false;

/** @param {Pick<Mine, "text"> & Partial<Mine>} what */
function send(what) {
  const now = { id: uuid(), at: new Date().toISOString(), after: load("seen", "0"), ...what };
  changeMine((mine) => [...mine, { ...now, state: "sending" }]);
  reveal();
  sendAll();
}

/** @param {string} data @param {string} label */
function press(data, label) {
  const waits = load("mine", []).some((/** @type {Mine} */ message) => message.state === "sending" && message.button === data);
  if (!waits) send({ text: label, button: data });
}

async function sendAll() {
  if (isSending || load("forgetting", false)) return;
  isSending = true;
  for (let next; (next = load("mine", []).find(canGo)); ) await deliver(next);
  isSending = false;
}

/** After a reload the bytes of a file are gone. @param {Mine} message */
const canGo = (message) => message.state === "sending" && (!message.file || files.has(message.id));

/** @param {Mine} message */
async function deliver(message) {
  const answer = await insist(() => post(message));
  if (!answer.ok) return giveBack(message, answer);
  files.delete(message.id);
  changeMine((mine) => mine.map((other) => (other.id === message.id ? { ...other, state: "sent" } : other)));
}

/** @param {Mine} message */
function post({ id, text, button }) {
  const file = files.get(id);
  if (!file) return ask("/chat/messages", JSON.stringify(button ? { id, button, label: text } : { id, text }));
  const form = new FormData();
  form.append("file", file);
  return ask(`/chat/files?id=${id}`, form, PATIENCE * (1 + file.size / 200_000));
}

/** @param {string} path @param {string | FormData} body */
function ask(path, body, patience = PATIENCE) {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), patience);
  /** @type {Record<string, string>} */
  const headers = { "X-Caunoi": "chat" };
  if (typeof body === "string") headers["Content-Type"] = "application/json";
  return fetch(path, { method: "POST", headers, body, signal: stop.signal });
}

/** Asks again until somebody answers. The id stays the same, so nothing is doubled. @param {() => Promise<Response>} request */
async function insist(request) {
  for (let tries = 0; ; tries++) {
    const answer = await request().catch(() => null);
    isStuck = !answer || answer.status >= 500;
    tell();
    if (answer && !isStuck) return answer;
    await pause(tries);
  }
}

/** @param {number} tries @returns {Promise<void>} */
function pause(tries) {
  const wait = Math.min(30_000, 1000 * 2 ** tries) * (0.75 + Math.random() / 2);
  return new Promise((done) => {
    setTimeout(done, wait);
    addEventListener("online", () => done(), { once: true });
  });
}

/** The server said no: say why, and put the words or the file back where they came from. @param {Mine} message @param {Response} answer */
async function giveBack({ id, text, button }, answer) {
  const body = await answer.json().catch(() => ({}));
  changeMine((mine) => mine.filter((other) => other.id !== id));
  const file = files.get(id);
  files.delete(id);
  if (file) pickUp([...picked, file]);
  else if (!button) write([text, box.value].filter(Boolean).join("\n"));
  problem.textContent = body.error || words.refused;
}

// Hearing

/** @type {EventSource | undefined} */
let stream;
let heard = load("after", "0"); // the newest message on this page
let hasOpened = false, isStuck = false, isRepeating = true, isShowing = false, losses = 0, settling = 0;

function connect() {
  stream?.close();
  stream = new EventSource(`/chat/stream?after=${heard}`);
  stream.addEventListener("open", opened);
  stream.addEventListener("message", (event) => hear(JSON.parse(event.data)));
  stream.addEventListener("error", lost);
}

function opened() {
  hasOpened = true;
  losses = 0;
  tell();
  settle();
}

async function lost() {
  tell();
  if (stream?.readyState !== EventSource.CLOSED) return; // else the browser has given up
  await pause(losses++);
  if (stream.readyState === EventSource.CLOSED) connect();
}

/** @param {Said} said */
function hear(said) {
  if (document.getElementById(`said-${said.id}`)) return;
  drawSaid(said);
  heard = later(heard, said.id);
  save("seen", later(load("seen", "0"), said.id));
  settle();
  if (isShowing) return;
  isShowing = true;
  requestAnimationFrame(showHeard); // once for many: measuring the page is slow
}

function showHeard() {
  isShowing = false;
  if (newest.hidden || isRepeating) reveal();
  showNewest();
}

/** The way down; in words when the newest message is out of sight altogether. */
function showNewest() {
  const last = log.lastElementChild, foot = part("foot").getBoundingClientRect().top;
  newest.hidden = isAtEnd();
  newest.classList.toggle("fresh", !!last && last.getBoundingClientRect().top > foot);
}

/** What is said again at the beginning is not read aloud. */
function settle() {
  clearTimeout(settling);
  settling = setTimeout(readAloud, 500);
}

function readAloud() {
  isRepeating = false;
  log.setAttribute("aria-busy", "false");
}

function tell() {
  const isOpen = stream?.readyState === EventSource.OPEN && !isStuck;
  part("state").textContent = isOpen ? "" : hasOpened || isStuck ? words.reconnecting : words.connecting;
  if (newest.hidden) reveal();
}

// Writing

/** @type {File[]} chosen, but not sent yet */
let picked = [];

/** @param {string} sentence @param {Record<string, string>} values */
const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

/** @param {number} value */
const number = (value) => value.toLocaleString(language, { maximumFractionDigits: 1 });

const excess = () => [...box.value].length - LONGEST;

function typed() {
  const over = excess();
  save("draft", box.value || null);
  problem.textContent = "";
  box.setAttribute("aria-invalid", String(over > 0));
  part("counter").hidden = over <= COUNT_FROM - LONGEST;
  part("counter").textContent = fill(over > 0 ? words.over : words.left, { count: number(Math.abs(over)) });
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
}

/** @param {string} text */
function write(text) {
  box.value = text;
  typed();
}

/** @param {Event} event */
function submitted(event) {
  event.preventDefault();
  box.focus();
  if (excess() > 0) return void (problem.textContent = fill(words.too_long, { count: number(LONGEST) }));
  const text = box.value.trim();
  write("");
  if (text) send({ text });
  for (const file of picked) sendFile(file);
  pickUp([]);
}

/** @param {File} file */
function sendFile(file) {
  const id = uuid();
  files.set(id, file);
  send({ id, text: named(file), file: file.name });
}

/** @param {File} file */
const named = (file) => `${file.name} (${number(Math.max(0.1, file.size / 2 ** 20))} MB)`;

function choose() {
  /** @type {File[]} */
  const offered = [...part("pick").files];
  part("pick").value = "";
  pickUp([...picked, ...offered.filter((file) => !wrong(file))]);
  problem.textContent = offered.map(wrong).filter(Boolean).join(" ");
}

/** @param {File} file */
function wrong(file) {
  const sentence = !OFFERED.test(file.name) ? words.file_kind
    : file.size > LARGEST ? words.file_large
    : file.size === 0 ? words.file_empty : "";
  return fill(sentence, { name: file.name });
}

/** @param {File[]} files */
function pickUp(files) {
  picked = files;
  part("files").replaceChildren(...picked.map(drawPicked));
}

/** @param {File} file */
function drawPicked(file) {
  const remove = make("button", "", words.remove, make("span", "unseen", ` ${file.name}`));
  remove.type = "button";
  remove.addEventListener("click", () => {
    pickUp(picked.filter((other) => other !== file));
    box.focus();
  });
  return make("li", "", named(file), remove);
}

// Forgetting: at once on this machine, then the server is told until it answers

async function forget() {
  if (asking.returnValue !== "forget") return;
  save("after", load("seen", "0"));
  save("forgetting", true);
  save("mine", null);
  save("draft", null);
  files.clear();
  clear();
  await tellForgotten().catch(() => null); // the page that comes next goes on trying
  location.reload();
}

function clear() {
  stream?.close();
  log.replaceChildren();
}

async function tellForgotten() {
  const answer = await ask("/chat/forget", "{}");
  if (answer.status < 500) save("forgetting", null);
  return answer;
}

// Beginning

/** @param {StorageEvent} event what another tab wrote */
function synchronise({ key, newValue }) {
  if (key !== "caunoi.forgetting") draw();
  else if (newValue) clear();
  else location.reload();
}

function listen() {
  part("composer").addEventListener("submit", submitted);
  part("forget").addEventListener("click", () => { asking.returnValue = ""; asking.showModal(); });
  asking.addEventListener("close", forget);
  newest.addEventListener("click", () => scrollTo(0, bottom()));
  part("pick").addEventListener("change", choose);
  box.addEventListener("input", typed);
  box.addEventListener("keydown", (key) => {
    const isComposing = key.isComposing || key.keyCode === 229; // an input method ends a word with Enter, too
    if (key.key === "Enter" && !key.shiftKey && !isComposing) submitted(key);
  });
}

function watch() {
  let left = Date.now();
  addEventListener("scroll", showNewest, { passive: true });
  addEventListener("resize", () => { if (newest.hidden) scrollTo(0, bottom()); }); // the on-screen keyboard
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) left = Date.now();
    else if (Date.now() - left > 60_000) connect(); // a phone that slept may hold a dead line
  });
  addEventListener("online", connect);
  addEventListener("storage", synchronise);
  addEventListener("beforeunload", (event) => { if (files.size) event.preventDefault(); });
}

async function begin() {
  history.scrollRestoration = "manual";
  for (const id of ["foot", "forget"]) part(id).hidden = false;
  draw();
  write(load("draft", ""));
  listen();
  setTimeout(tell, 1000);
  if (load("forgetting", false)) await insist(tellForgotten);
  watch();
  connect();
  if (!load("mine", []).length) greet();
  sendAll();
}

/** Without a history, ask the bot to speak first, in the language of the page. */
function greet() {
  readAloud();
  send({ text: words.start, button: language === "en" ? "menu:english" : "menu:start", unseen: true });
}

begin();
