"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const places = new Map();
let offset = 0;

function make(tag, name = "", text = "") {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text) element.textContent = text;
  return element;
}

async function act(given) {
  const answer = await fetch("acts", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(given),
  }).catch(() => null);
  if (!answer) return "Mất liên lạc với bản mô phỏng.";
  return answer.ok ? "" : (await answer.json().catch(() => ({}))).error || `Lỗi ${answer.status}.`;
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve({ name: file.name, content: reader.result.split(",")[1] || "" });
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

/* Keep what is the same, so that focus and scrolling survive. */
function reconcile(list, items, build) {
  const old = new Map([...list.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, index) => {
    const wanted = JSON.stringify(item);
    let element = old.get(item.key);
    if (!element || element.dataset.shown !== wanted) {
      const fresh = build(item);
      fresh.dataset.key = item.key;
      fresh.dataset.shown = wanted;
      if (element) element.replaceWith(fresh);
      element = fresh;
    }
    old.delete(item.key);
    if (list.children[index] !== element) list.insertBefore(element, list.children[index] || null);
  });
  old.forEach((element) => element.remove());
}

class Place {
  constructor(shown) {
    this.id = shown.id;
    this.root = $("#place").content.firstElementChild.cloneNode(true);
    this.root.id = `place-${this.id}`;
    this.root.setAttribute("aria-label", shown.title);
    this.log = $(".log", this.root);
    this.log.setAttribute("aria-label", `Cuộc trò chuyện, ${shown.title}`);
    this.box = $("textarea", this.root);
    this.box.setAttribute("aria-label", `Tin nhắn, ${shown.title}`);
    this.pick = $("input[type=file]", this.root);
    this.person = shown.people[0].id;
    this.chat = "";
    this.topic = {};
    this.about = null;
    this.popups = {};
    this.begin(shown);
    this.listen();
  }

  begin(shown) {
    $("h2", this.root).textContent = shown.title;
    $(".of", this.root).textContent = shown.note;
    const select = $("select", this.root);
    shown.people.forEach((one) => select.append(new Option(one.name, one.id)));
    const menu = $(".more div", this.root);
    shown.deeds.forEach((deed) => {
      const button = make("button", "", deed.label);
      button.type = "button";
      button.addEventListener("click", () => this.does(deed));
      menu.append(button);
    });
    const hint = $(".hint", this.root);
    hint.textContent = shown.hint;
    hint.hidden = !shown.hint;
    $(".troubles", this.root).hidden = !shown.troubles.length;
    $(".counts", this.root).hidden = !shown.counts.length;
  }

  listen() {
    const form = $("form", this.root);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.says();
    });
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.says();
      }
      if (event.key === "Escape") this.givesUp();
    });
    $("select", this.root).addEventListener("change", (event) => {
      this.person = event.target.value;
      this.forget();
      this.show(this.shown);
      this.log.scrollTop = this.log.scrollHeight;
    });
    $(".about button", this.root).addEventListener("click", () => this.givesUp());
    $(".opening", this.root).addEventListener("click", () => this.does(this.shown.opening));
    $(".unblock", this.root).addEventListener("click", () => this.acts({ name: "unblock" }));
    this.pick.addEventListener("change", () => this.sends());
    const more = $(".more", this.root);
    document.addEventListener("click", (event) => {
      if (!more.contains(event.target)) more.open = false;
    });
    more.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        more.open = false;
        $("summary", more).focus();
      }
    });
  }

  async acts(given) {
    const about = { place: this.id, person: this.person, chat: this.chat };
    const problem = await act({ ...about, ...given });
    $(".problem", this.root).textContent = problem;
    return !problem;
  }

  async says() {
    const text = this.box.value;
    if (!text.trim()) return;
    const about = this.about ? { name: this.about.does, message: this.about.message } : { name: "say" };
    this.box.value = "";
    this.box.focus();
    if (await this.acts({ ...about, text })) this.forget();
    else if (!this.box.value) this.box.value = text;
  }

  async does(deed) {
    $(".more", this.root).open = false;
    if (deed.needs === "file") {
      this.sending = deed.name;
      this.pick.accept = deed.name === "photo" ? "image/*" : "";
      this.pick.click();
      return;
    }
    const text = deed.needs === "text" ? this.box.value : "";
    if (await this.acts({ name: deed.name, text }) && text) this.box.value = "";
  }

  async sends() {
    const files = await Promise.all([...this.pick.files].map(base64));
    this.pick.value = "";
    if (files.length && await this.acts({ name: this.sending, files, text: this.box.value })) this.box.value = "";
  }

  /* The next text is about a message: an answer to it, or its new wording. */
  remember(does, line) {
    this.about = { does, message: line.id };
    const what = does === "edit" ? "Sửa" : "Trả lời";
    $(".about span", this.root).textContent = `${what}: ${line.text.slice(0, 60) || "ảnh hoặc tệp"}`;
    $(".about", this.root).hidden = false;
    if (does === "edit") this.box.value = line.text;
    this.box.focus();
  }

  givesUp() {
    if (this.about && this.about.does === "edit") this.box.value = "";
    this.forget();
  }

  forget() {
    this.about = null;
    $(".about", this.root).hidden = true;
  }

  show(shown) {
    this.shown = shown;
    const open = shown.chats.filter((chat) => !chat.of || chat.of === this.person);
    const isPhone = shown.chats.some((chat) => chat.id === this.person);
    this.chat = isPhone ? this.person : this.topic[this.person] || open[0].id;
    const chat = open.find((one) => one.id === this.chat) || open[0];
    this.chat = chat.id;
    this.showTopics(isPhone ? [] : open);
    $(".state", this.root).textContent = chat.state;
    this.showLines(chat);
    this.showPopup(shown.people.find((one) => one.id === this.person));
    $(".unblock", this.root).hidden = !chat.is_blocked;
    $(".row", this.root).hidden = chat.is_blocked;
    const opening = $(".opening", this.root);
    opening.hidden = !(shown.opening && chat.is_new && !chat.is_blocked);
    opening.textContent = shown.opening ? shown.opening.label : "";
    this.showTroubles(shown.troubles);
    this.showCounts(shown.counts);
  }

  showTopics(chats) {
    const list = $(".topics", this.root);
    list.hidden = !chats.length;
    const items = chats.map((one) => ({ key: one.id, name: one.name, on: one.id === this.chat, count: one.lines.length }));
    reconcile(list, items, (item) => {
      const tab = make("button", "", item.name);
      tab.type = "button";
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-selected", item.on);
      if (item.count) tab.append(make("small", "", item.count));
      tab.addEventListener("click", () => {
        this.topic[this.person] = item.key;
        this.forget();
        this.show(this.shown);
        this.log.scrollTop = this.log.scrollHeight;
      });
      return tab;
    });
  }

  showLines(chat) {
    const isAtEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60;
    const lines = chat.lines.map((line) => ({
      key: `${chat.id} ${line.id}`,
      mine: line.by === "person" && (!line.owner || line.owner === this.person),
      ...line,
    }));
    const last = lines.length && lines[lines.length - 1].key;
    reconcile(this.log, lines, (line) => this.line(line));
    if (isAtEnd || last !== this.last) this.log.scrollTop = this.log.scrollHeight;
    this.last = last;
  }

  line(line) {
    const item = make("li", `line ${line.by}${line.mine ? " mine" : ""}`);
    if (line.by === "note") {
      item.textContent = line.text;
      return item;
    }
    const bubble = make("div", "bubble");
    if (line.author && !line.mine && line.by !== "bot") bubble.append(make("p", "author", line.author));
    if (line.quote) bubble.append(make("p", "quote", line.quote));
    line.files.forEach((file) => bubble.append(this.file(file)));
    if (line.text) bubble.append(make("p", /^\p{Extended_Pictographic}+$/u.test(line.text) ? "big" : "", line.text));
    item.append(bubble);
    if (line.buttons.length) item.append(this.buttons(line));
    item.append(this.foot(line));
    return item;
  }

  file(file) {
    const link = make("a", file.is_image ? "image" : "file");
    link.href = `files/${this.id}/${encodeURIComponent(file.key)}`;
    link.target = "_blank";
    link.rel = "noopener";
    if (!file.is_image) {
      link.textContent = file.name;
      return link;
    }
    const image = make("img");
    image.src = link.href;
    image.alt = file.name;
    link.append(image);
    return link;
  }

  buttons(line) {
    const row = make("div", "buttons");
    line.buttons.forEach((one) => {
      const button = make(one.opens ? "a" : "button", "", one.label);
      if (one.opens) {
        button.href = /^https?:/.test(one.opens) ? one.opens : "#";
        button.target = "_blank";
        button.rel = "noopener";
      } else {
        button.type = "button";
        button.addEventListener("click", () => this.acts({ name: "press", message: line.id, data: one.data }));
      }
      row.append(button);
    });
    return row;
  }

  foot(line) {
    const foot = make("p", "foot");
    const time = line.at ? new Date(line.at * 1000).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" }) : "";
    foot.append([time, ...line.marks].filter(Boolean).join(" · "));
    if (!this.shown.can_edit) return foot;
    const can = [["Trả lời", () => this.remember("say", line)]];
    if (line.mine && line.text && !line.buttons.length) can.push(["Sửa", () => this.remember("edit", line)]);
    if (line.mine) can.push(["Thu hồi", () => this.acts({ name: "withdraw", message: line.id })]);
    can.forEach(([label, does]) => {
      const button = make("button", "", label);
      button.type = "button";
      button.addEventListener("click", does);
      foot.append(button);
    });
    return foot;
  }

  showPopup(person) {
    const before = this.popups[person.id] ?? person.popups;
    this.popups[person.id] = person.popups;
    if (person.popups <= before) return;
    const popup = $(".popup", this.root);
    popup.textContent = person.popup;
    popup.hidden = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { popup.hidden = true; }, 4000);
  }

  showTroubles(troubles) {
    reconcile($(".troubles div", this.root), troubles.map((one) => ({ key: one.name, ...one })), (one) => {
      const button = make("button", one.is_lasting ? "lasting" : "", one.label);
      button.type = "button";
      if (one.is_lasting) button.setAttribute("aria-pressed", one.is_on);
      if (one.waiting) button.append(make("b", "", `chờ ${one.waiting}`));
      button.addEventListener("click", () => this.acts({ name: one.name, on: !one.is_on }));
      return button;
    });
  }

  showCounts(counts) {
    reconcile($(".counts dl", this.root), counts.map((one) => ({ key: one.label, ...one })), (one) => {
      const row = make("div", one.is_bad ? "bad" : "");
      row.append(make("dt", "", one.label), make("dd", "", String(one.value)));
      return row;
    });
  }
}

function showWeb(web) {
  if ($("#place-web")) return;
  const root = $("#web").content.firstElementChild.cloneNode(true);
  $("a", root).href = web.page;
  $("iframe", root).src = web.frame;
  $("#places").append(root);
}

function showDesks(desks) {
  reconcile($("#desks"), desks.map((one) => ({ key: one.id, ...one })), (one) => {
    const item = make("li");
    const link = make("a", "", one.name);
    link.href = `desk/${encodeURIComponent(one.id)}`;
    link.target = "_blank";
    link.rel = "noopener";
    item.append(link);
    return item;
  });
}

/* On a narrow screen one place is seen at a time. */
function showTabs() {
  const all = [...document.querySelectorAll(".place")];
  const tabs = $("#tabs");
  if (tabs.children.length === all.length) return;
  tabs.replaceChildren(...all.map((place) => {
    const tab = make("button", "", $("h2", place).textContent);
    tab.type = "button";
    tab.addEventListener("click", () => choose(place.id));
    tab.dataset.place = place.id;
    return tab;
  }));
  choose(all[0].id);
}

function choose(id) {
  document.querySelectorAll(".place").forEach((place) => place.classList.toggle("chosen", place.id === id));
  const log = $(`#${id} .log`);
  if (log) log.scrollTop = log.scrollHeight;
  document.querySelectorAll("#tabs button").forEach((tab) => tab.setAttribute("aria-pressed", tab.dataset.place === id));
}

function showClock() {
  const now = new Date(Date.now() + offset);
  $("#clock").textContent = now.toLocaleString("vi-VN", {
    weekday: "short", day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit",
    timeZone: "Asia/Ho_Chi_Minh",
  });
}

function show(scene) {
  offset = scene.now * 1000 - Date.now();
  showClock();
  const days = Math.floor(scene.ahead / 24), hours = scene.ahead % 24;
  const ahead = [days && `${days} ngày`, hours && `${hours} giờ`].filter(Boolean).join(" ");
  $("#ahead").textContent = ahead ? `(đi trước ${ahead})` : "";
  showDesks(scene.desks);
  const group = scene.places.filter((place) => place.id === "group");
  const phones = scene.places.filter((place) => place.id !== "group");
  phones.forEach(showPlace);
  showWeb(scene.web);
  group.forEach(showPlace);
  showTabs();
}

function showPlace(shown) {
  if (!places.has(shown.id)) {
    places.set(shown.id, new Place(shown));
    $("#places").append(places.get(shown.id).root);
  }
  places.get(shown.id).show(shown);
}

document.querySelectorAll("[data-hours]").forEach((button) => {
  button.addEventListener("click", () => act({ name: "time", hours: Number(button.dataset.hours) }));
});
setInterval(showClock, 10_000);

function connect() {
  const stream = new EventSource("stream");
  stream.addEventListener("message", (event) => {
    $("#lost").hidden = true;
    show(JSON.parse(event.data));
  });
  stream.addEventListener("error", () => {
    $("#lost").hidden = false;
    if (stream.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
  });
}
connect();
