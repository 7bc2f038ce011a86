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
    if (field.dataset.in === "path") {
      path = path.replace(`{${field.name}}`, encodeURIComponent(field.value));
    } else if (field.dataset.in === "query") {
      query.append(field.name, field.value);
    } else if (field.dataset.in === "header") {
      headers[field.name] = field.value;
    }
  }

  const body = form.querySelector("textarea");
  const options = { method: form.dataset.method, headers };
  if (body && body.value !== "") {
    headers["Content-Type"] = body.dataset.type;
    options.body = body.value;
  }
  const suffix = query.size ? `?${query}` : "";
  return { url: location.origin + path + suffix, options };
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
  if (options.body !== undefined) parts.push("--data-raw", quoted(options.body));
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

for (const form of document.querySelectorAll("form")) {
  const curl = form.parentElement.querySelector(".curl");
  const show = () => { curl.textContent = curlOf(requestOf(form)); };
  form.addEventListener("submit", (event) => { event.preventDefault(); send(form); });
  form.addEventListener("input", show);
  form.closest("details").addEventListener("toggle", show);
}

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
