// @ts-check
// The citizen's chat page. What the person writes waits in this browser until the server has it;
// what the bot says comes over one event stream, and the server can say all of it again.

import { ask, hurry, insist, isKnown, pause, upload } from "./ask.js";
import { alone, dropFile, dropFiles, heldFile, keepFile, keptFile, load, loadAll, save } from "./keep.js";

/**
 * A message of the person. `after` is the newest message of the bot that they had before them, `nth` its
 * place among those of one millisecond.
 * @typedef {{id: string, at: string, nth: number, after: string, state: "sending" | "sent" | "lost",
 *   text: string, button?: string, file?: string, unseen?: boolean}} Mine
 * A message of the bot.
 * @typedef {{id: string, at: string, text: string, buttons: {label: string, data: string}[], reply_to: string}} Said
 */

const LONGEST = 4000, COUNT_FROM = 3500, KEEP = 200;
const LARGEST = 10 * 1024 * 1024;
const OFFERED = /\.(jpe?g|png|webp|pdf|docx|xlsx)$/i;
const LINK = /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}»”’…]/gi;
const FORGOTTEN = 30 * 24 * 3600 * 1000; // milliseconds until the server forgets a conversation, and this browser with it
const GREETING = "00000000-0000-4000-8000-000000000000"; // two tabs of a new person are greeted once
const REST = 60_000; // milliseconds out of sight until the line is given up: a browser has few

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

const isFramed = parent !== window;

/** What the person wrote here, in any tab, oldest first. @returns {Mine[]} */
const allMine = () => loadAll("mine.").sort((a, b) => (moment(a) < moment(b) ? -1 : 1));

/** When it was written, for comparing. @param {Mine} message */
const moment = ({ at, nth, id }) => `${at} ${String(nth).padStart(6, "0")} ${id}`;

/** @param {string} id @returns {Mine | null} */
const loadMine = (id) => load(`mine.${id}`, null);

/** @param {string} id @param {Mine | null} message null forgets it */
function saveMine(id, message) {
  save(`mine.${id}`, message);
  draw();
}

function forgetOld() {
  const mine = allMine(), oldest = Date.now() - FORGOTTEN;
  const kept = mine.filter((message, i) => isWaiting(message) || (i >= mine.length - KEEP && Date.parse(message.at) > oldest));
  for (const message of mine) if (!kept.includes(message)) save(`mine.${message.id}`, null);
}

/** An earlier version of this page kept one list. */
function takeOverOldList() {
  load("mine", []).forEach((/** @type {Mine} */ message, /** @type {number} */ nth) => save(`mine.${message.id}`, { ...message, nth }));
  save("mine", null);
}

/** @param {Mine} message */
const isWaiting = (message) => message.state === "sending";

/** @param {string} id @param {Mine["state"]} state */
function mark(id, state) {
  const message = loadMine(id);
  if (message) saveMine(id, { ...message, state });
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

/** Ids, not clocks, decide the order, for a phone's clock may be wrong; between two messages of the person their own
 * clock does, so that all tabs show the same. @param {HTMLElement} line @param {(after: bigint, when: string) => boolean} follows */
function place(line, follows) {
  let before = log.lastElementChild;
  while (before instanceof HTMLElement && !follows(BigInt(before.dataset.after ?? "0"), before.dataset.when ?? "")) before = before.previousElementSibling;
  if (before) before.after(line);
  else log.prepend(line);
}

function draw() {
  const mine = allMine().filter((message) => !message.unseen);
  const ids = new Set(mine.map((message) => `mine-${message.id}`));
  for (const line of log.querySelectorAll(".mine")) if (!ids.has(line.id)) line.remove();
  for (const message of mine) drawState(document.getElementById(`mine-${message.id}`) ?? drawMine(message), message);
}

/** @param {Mine} message */
function drawMine(message) {
  const bubble = make("div", "bubble", ...preview(message), ...linked(message.text));
  const line = make("div", "line mine", make("span", "unseen", words.you), bubble, make("p", "about"));
  line.id = `mine-${message.id}`;
  line.setAttribute("aria-live", "off"); // who wrote it knows it
  const mine = BigInt(message.after), written = moment(message);
  Object.assign(line.dataset, { after: message.after, when: written });
  place(line, (after, when) => after < mine || (after === mine && when <= written));
  return line;
}

/** @param {HTMLElement} line @param {Mine} message */
function drawState(line, message) {
  if (line.dataset.state === message.state) return;
  line.dataset.state = message.state;
  const said = { sending: words.sending, sent: words.sent, lost: words.file_lost }[message.state];
  line.querySelector(".about")?.replaceChildren(clock(message.at), ` · ${said}`);
}

/** @param {Mine} message a picture chosen just now; after a reload only its name is left */
function preview(message) {
  const file = heldFile(message.id);
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
  place(line, (after) => after < BigInt(said.id));
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

let isSending = false, count = 0;

/** @param {Pick<Mine, "text"> & Partial<Mine>} what */
function send(what) {
  const now = { id: uuid(), at: new Date().toISOString(), nth: count++, after: load("seen", "0"), ...what };
  forgetOld();
  saveMine(now.id, { ...now, state: "sending" });
  reveal();
  sendAll();
}

/** @param {string} data @param {string} label */
function press(data, label) {
  const waits = allMine().some((message) => isWaiting(message) && message.button === data);
  if (!waits) send({ text: label, button: data });
}

async function sendAll() {
  if (isSending || load("forgetting", false)) return;
  isSending = true;
  await alone(async () => {
    for (let next; (next = allMine().find(isWaiting)); ) await deliver(next);
    isSending = false;
  });
}

/** @param {Mine} message */
async function deliver(message) {
  const { id, text, button } = message, file = message.file && (await keptFile(id));
  if (message.file && !file) return mark(id, "lost");
  const request = file ? () => upload(id, file, (share) => drawProgress(id, share))
    : () => ask("/chat/messages", button ? { id, button, label: text } : { id, text });
  const answer = await insist(request, told, () => loadMine(id) !== null);
  if (answer?.ok) mark(id, "sent");
  else if (answer) await giveBack(message, file || null, answer);
  dropFile(id);
}

/** @param {string} id @param {number} share */
function drawProgress(id, share) {
  const about = document.getElementById(`mine-${id}`)?.querySelector(".about");
  if (about && !about.querySelector("progress")) about.append(make("progress", ""));
  const bar = about?.querySelector("progress");
  if (!bar) return;
  bar.value = share;
  bar.setAttribute("aria-label", words.uploading);
}

/** The server said no: say why, and put the words or the file back where they came from.
 * @param {Mine} message @param {File | null} file @param {Response} answer */
async function giveBack({ id, text, button }, file, answer) {
  const body = await answer.json().catch(() => ({}));
  saveMine(id, null);
  if (file) pickUp([...picked, file]);
  else if (!button) write([text, box.value].filter(Boolean).join("\n"));
  problem.textContent = (file ? `${file.name}: ` : "") + (body.error || words.refused);
}

// Hearing

/** @type {EventSource | undefined} */
let stream;
let heard = load("after", "0"); // the newest message on this page
let hasOpened = false, isStuck = false, isResting = false, isRepeating = true, isShowing = false, losses = 0, settling = 0;

function connect() {
  isResting = false;
  stream?.close();
  stream = new EventSource(`/chat/stream?after=${heard}`);
  stream.addEventListener("open", opened);
  stream.addEventListener("message", (event) => hear(JSON.parse(event.data)));
  stream.addEventListener("error", lost);
}

function opened() {
  hasOpened = true;
  losses = 0;
  hurry();
  tell();
  settle();
}

async function lost() {
  tell();
  if (stream?.readyState !== EventSource.CLOSED) return; // else the browser has given up
  await pause(losses++);
  if (stream.readyState === EventSource.CLOSED && !isResting) connect();
}

/** @param {Said} said */
function hear(said) {
  if (document.getElementById(`said-${said.id}`)) return;
  drawSaid(said);
  heard = later(heard, said.id);
  save("seen", later(load("seen", "0"), said.id));
  if (!isRepeating) tellFrame("news");
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
  log.setAttribute("aria-live", "polite");
  log.setAttribute("aria-busy", "false");
}

/** @param {boolean} isItStuck */
function told(isItStuck) {
  isStuck = isItStuck;
  tell();
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
async function submitted(event) {
  event.preventDefault();
  box.focus();
  if (excess() > 0) return void (problem.textContent = fill(words.too_long, { count: number(LONGEST) }));
  const text = box.value.trim(), files = picked;
  write("");
  pickUp([]);
  if (text) send({ text });
  for (const file of files) await sendFile(file);
}

/** @param {File} file */
async function sendFile(file) {
  const id = uuid();
  await keepFile(id, file);
  send({ id, text: named(file), file: file.name });
}

/** @param {File} file */
const named = (file) => `${file.name} (${number(Math.max(0.1, file.size / 2 ** 20))} MB)`;

/** @param {Event} event */
function chosen(event) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  offer([...(input.files ?? [])]);
  input.value = "";
}

/** @param {File[]} offered chosen, photographed, pasted or dropped */
function offer(offered) {
  pickUp([...picked, ...offered.filter((file) => !wrong(file))]);
  problem.textContent = offered.map(wrong).filter(Boolean).join(" ");
}

/** @param {ClipboardEvent | DragEvent} event */
function brought(event) {
  const data = event instanceof DragEvent ? event.dataTransfer : event.clipboardData;
  if (!data?.files.length) return;
  event.preventDefault();
  offer([...data.files]);
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
  for (const { id } of allMine()) save(`mine.${id}`, null);
  save("draft", null);
  clear();
  await dropFiles();
  await tellForgotten().catch(() => null); // the page that comes next goes on trying
  location.reload();
}

function clear() {
  stream?.close();
  log.replaceChildren();
}

async function tellForgotten() {
  const answer = await ask("/chat/forget", {});
  if (answer.status === 429) throw new Error("not yet");
  if (answer.ok) for (const name of ["after", "seen"]) save(name, null); // another conversation counts anew
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
  newest.addEventListener("click", (/** @type {MouseEvent} */ click) => {
    if (!click.detail) box.focus(); // pressed by a key: the button goes, and the focus must not go with it
    scrollTo(0, bottom());
  });
  for (const id of ["pick", "photo"]) part(id).addEventListener("change", chosen);
  box.addEventListener("paste", brought);
  addEventListener("dragover", (event) => event.preventDefault()); // else the browser opens the file and leaves
  addEventListener("drop", brought);
  box.addEventListener("input", typed);
  box.addEventListener("keydown", (key) => {
    const isComposing = key.isComposing || key.keyCode === 229; // an input method ends a word with Enter, too
    if (key.key === "Enter" && !key.shiftKey && !isComposing) submitted(key);
  });
}

function watch() {
  let resting = 0;
  addEventListener("scroll", showNewest, { passive: true });
  addEventListener("resize", () => { if (newest.hidden) scrollTo(0, bottom()); }); // the on-screen keyboard
  document.addEventListener("visibilitychange", () => {
    clearTimeout(resting);
    if (document.hidden) resting = setTimeout(rest, REST);
    else if (isResting || stream?.readyState !== EventSource.OPEN) connect();
  });
  addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
  addEventListener("online", connect);
  addEventListener("storage", synchronise);
  if (isFramed) watchFrame();
}

function rest() {
  isResting = true;
  stream?.close();
}

// Inside a page of another site

/** @param {string} what no more than that something happened: any page may be around us */
function tellFrame(what) {
  if (isFramed) parent.postMessage(`caunoi.${what}`, "*");
}

function watchFrame() {
  addEventListener("keydown", (key) => {
    if (key.key === "Escape" && !key.isComposing && !asking.open) tellFrame("close");
  });
  addEventListener("message", (event) => {
    if (event.source === parent && event.data === "caunoi.open") box.focus();
  });
}

async function begin() {
  history.scrollRestoration = "manual";
  takeOverOldList();
  forgetOld();
  draw();
  for (const id of ["foot", "forget"]) part(id).hidden = false;
  write(load("draft", ""));
  listen();
  setTimeout(tell, 1000);
  if (!(await insist(isKnown, told))?.ok) return block();
  if (load("forgetting", false)) await insist(tellForgotten, told);
  watch();
  connect();
  tellFrame("ready");
  if (!allMine().length) greet();
  sendAll();
}

/** The browser does not bring our cookie back: nobody could be answered. */
function block() {
  for (const id of ["foot", "forget"]) part(id).hidden = true;
  part("blocked").hidden = false;
}

/** Without a history, ask the bot to speak first, in the language of the page. */
function greet() {
  readAloud();
  send({ id: GREETING, text: words.start, button: language === "en" ? "menu:english" : "menu:start", unseen: true });
}

begin();
