// The page of a contract: forms that send requests to this stand-in, and the live log.
"use strict";

const prefix = location.pathname.replace(/\/$/, "");

function requestOf(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  const headers = {};
  const credentials = document.querySelector("#credentials");
  const value = credentials ? credentials.value.trim() : "";
  if (value) headers[credentials.dataset.header] = value;

  for (const field of form.querySelectorAll("[data-in]")) {
    if (field.value === "" && field.dataset.in !== "path") continue;
    if (field.dataset.in === "part") continue;
    if (field.dataset.in === "path") {
      path = path.replace(`{${field.name}}`, encodeURIComponent(field.value));
    } else if (field.dataset.in === "query") {
      const values = "list" in field.dataset ? field.value.split(",") : [field.value];
      for (const one of values) query.append(field.name, one);
    } else if (field.dataset.in === "header") {
      headers[field.name] = field.value;
    }
  }

  const options = { method: form.dataset.method, headers };
  const body = form.querySelector("fieldset:not([hidden])");
  if (body) addBody(body, options);
  const suffix = query.size ? `?${query}` : "";
  return { url: location.origin + path + suffix, options };
}

// The body of a form: a text, a file, or the parts of multipart/form-data.
function addBody(fieldset, options) {
  const { kind, type } = fieldset.dataset;
  if (kind === "parts") {
    // The browser writes the Content-Type, with its boundary.
    options.body = new FormData();
    for (const field of fieldset.querySelectorAll("input")) {
      for (const file of field.files ?? []) options.body.append(field.name, file);
      if (!field.files && field.value !== "") options.body.append(field.name, field.value);
    }
    return;
  }

  const field = fieldset.querySelector("textarea, input");
  const value = field.files ? field.files[0] : field.value;
  if (value === undefined || value === "") return;
  options.headers["Content-Type"] = type;
  options.body = value;
}

// The options of curl for a body; a file is read from the folder where curl runs.
function dataOf(body) {
  if (body instanceof FormData) {
    return [...body].flatMap(([name, value]) =>
      value instanceof File ? ["-F", quoted(`${name}=@${value.name}`)] : ["--form-string", quoted(`${name}=${value}`)]);
  }
  return body instanceof File ? ["--data-binary", quoted(`@${body.name}`)] : ["--data-raw", quoted(body)];
}

// What a terminal would obey, or show in another order, is not copied as it is.
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;

function quoted(text) {
  const plain = String(text).replace(CONTROLS, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `'${plain.replaceAll("'", "'\\''")}'`;
}

function curlOf({ url, options }) {
  const parts = ["curl -i -g -X", options.method, quoted(url)];
  for (const [name, value] of Object.entries(options.headers)) {
    parts.push("-H", quoted(`${name}: ${value}`));
  }
  if (options.body !== undefined) parts.push(...dataOf(options.body));
  return parts.join(" ");
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

async function send(form) {
  const answer = form.querySelector("output");
  answer.textContent = "…";
  try {
    const { url, options } = requestOf(form);
    const response = await fetch(url, options);
    const text = await response.text();
    answer.textContent = `${response.status} ${response.statusText}\n${pretty(text)}`.trim();
  } catch (error) {
    answer.textContent = `not sent: ${error.message}`;
  }
  readLog();
}

function wire(part) {
  for (const form of part.querySelectorAll("form")) {
    const curl = form.parentElement.querySelector(".curl");
    const show = () => { curl.textContent = curlOf(requestOf(form)); };
    form.addEventListener("submit", (event) => { event.preventDefault(); send(form); });
    form.addEventListener("input", () => { chooseBody(form); show(); });
    form.closest("details").addEventListener("toggle", show);
  }
}

function chooseBody(form) {
  const chosen = form.querySelector("select");
  if (!chosen) return;
  form.querySelectorAll("fieldset").forEach((one, index) => { one.hidden = index !== chosen.selectedIndex; });
}

// A large contract comes with headings; what is below one comes when it is about to be seen.
async function load(part) {
  const name = part.dataset.part;
  delete part.dataset.part;
  try {
    const response = await fetch(`${prefix}/parts/${name}`);
    if (!response.ok) throw new Error(response.statusText);
    part.innerHTML = await response.text();
    wire(part);
    pinned?.scrollIntoView();
  } catch {
    part.dataset.part = name; // the server ended; it is asked again when the part is seen again
    watcher.observe(part);
  }
}

const watcher = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting || !target.dataset.part) continue;
    watcher.unobserve(target);
    load(target);
  }
}, { rootMargin: "0px 0px 400px 0px" }); // what is above the window would push what is read away

// What a link led to stays in view while parts around it come, until the reader moves.
let pinned = null;

function follow() {
  pinned = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!pinned?.dataset.part) return;
  watcher.unobserve(pinned);
  load(pinned);
}

for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) {
  addEventListener(kind, () => { pinned = null; }, { passive: true });
}

wire(document);
for (const part of document.querySelectorAll("[data-part]")) watcher.observe(part);
addEventListener("hashchange", follow);
follow();

const search = document.querySelector("#search");

function find() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const entry of document.querySelectorAll("nav li")) {
    const fits = words.every((word) => entry.dataset.words.includes(word));
    entry.hidden = !fits || (words.length === 0 && entry.classList.contains("schema"));
    if (!entry.hidden) count += 1;
  }
  document.querySelector("#found").textContent = words.length ? `${count} found` : "";
}

search.addEventListener("input", find);
search.addEventListener("keydown", (event) => {
  if (event.key === "Enter") document.querySelector("nav li:not([hidden]) a")?.click();
});
if (search.value) find(); // the browser kept it over a reload

let last = 0;

async function readLog() {
  const list = document.querySelector("#log");
  if (document.hidden) return;
  try {
    const response = await fetch(`${prefix}/log.json?after=${last}`);
    for (const line of await response.json()) {
      if (line.number <= last) continue;
      last = line.number;
      const item = document.createElement("li");
      item.className = line.is_good ? "good" : "bad";
      item.textContent = `${line.time} ${line.text}`;
      list.prepend(item);
    }
    while (list.children.length > 200) list.lastChild.remove();
  } catch {
    // The server ended; the page stays readable.
  }
}

readLog();
setInterval(readLog, 2000);
