// @ts-check
// For the page of another site: a button that opens the chat in a frame. Everything is in one shadow
// root, so that neither page styles the other; the styles are made here, so that no policy forbids them.
(() => {
  const ID = "caunoi-chat";
  /** @typedef {{origins: string[], words: Record<string, Record<string, string>>}} Given */
  const given = /** @type {Given} */ (/** @type {any} */ ("GIVEN")); // the server writes it in
  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);

  const STYLES = `
    :host { all: initial; }
    * { box-sizing: border-box; font: 600 16px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; }
    button {
      display: inline-flex; align-items: center; gap: 8px; min-width: 44px; min-height: 44px; padding: 0 16px; cursor: pointer;
      color: #fff; background: #163a6b; border: 2px solid transparent; border-radius: 22px;
    }
    button:hover { background: #0f2a50; }
    button:focus-visible { outline: 3px solid #b3580a; outline-offset: 2px; box-shadow: 0 0 0 2px #fff; }
    svg { flex: none; width: 24px; height: 24px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    .launcher {
      position: fixed; inset: auto 16px 16px auto; z-index: 2147483000; min-height: 52px; max-width: calc(100vw - 32px);
      border-radius: 26px; border-color: #fff; box-shadow: 0 2px 12px rgb(0 0 0 / 0.3);
    }
    .news { width: 12px; height: 12px; border-radius: 6px; background: #e9b949; }
    .news:not(.shown) { display: none; }
    dialog {
      position: fixed; inset: auto 16px 84px auto; z-index: 2147483001; margin: 0; padding: 0; overflow: hidden;
      width: min(400px, calc(100vw - 32px)); height: min(640px, calc(100vh - 100px)); max-width: none; max-height: none;
      color: #fff; background: #163a6b; border: 1px solid #163a6b; border-radius: 12px; box-shadow: 0 4px 24px rgb(0 0 0 / 0.3);
    }
    dialog[open] { display: flex; flex-direction: column; animation: appear 0.15s; }
    dialog::backdrop { background: rgb(10 15 25 / 0.6); }
    .bar { flex: none; display: flex; align-items: center; gap: 8px; padding: 4px 4px 4px 16px; }
    h2 { flex: 1; margin: 0; }
    .bar button { padding: 0; justify-content: center; }
    .bar button:focus-visible { outline-color: #e9b949; outline-offset: -3px; box-shadow: none; }
    iframe { flex: 1; width: 100%; min-height: 0; border: 0; background: #fbf8f2; }
    @keyframes appear { from { opacity: 0; transform: translateY(8px); } }
    @media (max-width: 480px), (max-height: 480px) {
      dialog { inset: 0; width: 100%; height: 100%; height: 100dvh; border: 0; border-radius: 0; }
    }
    @media (prefers-reduced-motion: reduce) { dialog[open] { animation: none; } }
    @media (forced-colors: active) { button, dialog { border-color: ButtonText; } .news { background: Highlight; forced-color-adjust: none; } }
    @media print { .launcher, dialog { display: none !important; } }
  `;

  if (!script || document.querySelector(ID)) return;
  if (!given.origins.includes(location.origin)) {
    return console.warn(`Cầu Nối: CAUNOI_EMBED_ORIGINS không có ${location.origin}`);
  }
  const origin = new URL(script.src).origin;
  const wanted = script.dataset.lang || document.documentElement.lang;
  const language = wanted.toLowerCase().startsWith("en") ? "en" : "vi";
  const words = given.words[language];

  /** @template {keyof HTMLElementTagNameMap} T @param {T} tag @param {Record<string, string>} attributes @param {(Node | string)[]} inside */
  function make(tag, attributes, ...inside) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...inside);
    return made;
  }

  /** @param {string} path */
  function icon(path) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    svg.append(document.createElementNS(svg.namespaceURI, "path"));
    svg.firstElementChild?.setAttribute("d", path);
    return svg;
  }

  const label = make("span", {}, words.open), news = make("span", { class: "news" });
  const launcher = make("button", { type: "button", class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false" },
    icon("M4 5h16v11H9l-5 4Z"), label, news);
  const close = make("button", { type: "button", "aria-label": words.close, title: words.close }, icon("M6 6l12 12M18 6 6 18"));
  const title = make("h2", { id: "title" }, words.title);
  const panel = make("dialog", { "aria-labelledby": "title", lang: language }, make("div", { class: "bar" }, title, close));
  const frame = make("iframe", { title: words.title });

  let isReady = false;

  const isNarrow = () => matchMedia("(max-width: 480px), (max-height: 480px)").matches;

  function open() {
    if (panel.open) return shut();
    if (!frame.src) {
      frame.src = `${origin}/embed?lang=${language}`;
      panel.append(frame);
    }
    tellNews(false);
    if (isNarrow()) panel.showModal();
    else panel.show();
    launcher.setAttribute("aria-expanded", "true");
    intoFrame();
  }

  function shut() {
    if (panel.open) panel.close();
  }

  /** Where there are keys, writing can begin at once; on a phone the keyboard would hide the first lines. */
  function intoFrame() {
    if (!isReady || !panel.open || !matchMedia("(pointer: fine)").matches) return;
    frame.focus();
    frame.contentWindow?.postMessage("caunoi.open", origin);
  }

  /** @param {boolean} isNew */
  function tellNews(isNew) {
    news.classList.toggle("shown", isNew);
    label.textContent = isNew ? words.news : words.open;
  }

  /** @param {MessageEvent} event */
  function heard({ source, origin: from, data }) {
    if (source !== frame.contentWindow || from !== origin) return;
    if (data === "caunoi.close") shut();
    if (data === "caunoi.ready") {
      isReady = true;
      intoFrame();
    }
    if (data === "caunoi.news" && !panel.open) tellNews(true);
  }

  function begin() {
    const host = document.createElement(ID), root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    root.adoptedStyleSheets = [sheet];
    root.append(launcher, panel);
    launcher.lang = language;
    launcher.addEventListener("click", open);
    close.addEventListener("click", shut);
    panel.addEventListener("close", () => {
      launcher.setAttribute("aria-expanded", "false");
      launcher.focus();
    });
    root.addEventListener("keydown", (key) => { if (/** @type {KeyboardEvent} */ (key).key === "Escape") shut(); });
    addEventListener("message", heard);
    document.body.append(host);
  }

  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin);
})();
