// Shows what the registry has, by its own API. Texts of others go into the page as text only.
"use strict";

const base = location.pathname.replace(/\/ui\/[^/]*$/, "");
const manifestTypes = [
  "application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json", "application/vnd.docker.distribution.manifest.v2+json"];
const content = document.getElementById("content");
const login = document.getElementById("login");
let settings = {deletes: false};
let basic = "";
const tokens = new Map();

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function link(hash, text) {
  return element("a", {href: "#/" + hash}, text);
}

function problem(text) {
  const place = document.getElementById("problem");
  place.textContent = text;
  place.hidden = text === "";
}

function size(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (bytes >= 1000 && unit < units.length - 1) {
    bytes /= 1000;
    unit++;
  }
  return (unit === 0 || bytes >= 100 ? Math.round(bytes) : bytes.toFixed(1)) + " " + units[unit];
}

// What a challenge such as: Bearer realm="…",service="…",scope="…" asks for.
function parameters(challenge) {
  return Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(match => [match[1], match[2]]));
}

async function token(challenge) {
  const asked = parameters(challenge);
  const query = new URLSearchParams({service: asked.service || ""});
  if (asked.scope) {
    query.set("scope", asked.scope);
  }
  const answer = await fetch(asked.realm + "?" + query, {headers: basic ? {Authorization: basic} : {}});
  if (!answer.ok) {
    return null;
  }
  const given = await answer.json();
  return given.token || given.access_token;
}

// Asks the registry, with a token or a password if it wants one.
async function ask(path, options = {}) {
  const method = options.method || "GET";
  const key = method + path.split("?")[0];
  const headers = {Accept: manifestTypes.join(", "), ...options.headers};
  const send = authorization => fetch(base + path, {
    ...options, credentials: "omit", headers: authorization ? {...headers, Authorization: authorization} : headers});
  let answer = await send(tokens.get(key) || basic);
  const challenge = answer.headers.get("WWW-Authenticate") || "";
  if (answer.status === 401 && challenge.startsWith("Bearer ")) {
    const given = await token(challenge);
    if (given !== null) {
      tokens.set(key, "Bearer " + given);
      answer = await send("Bearer " + given);
    }
  }
  login.hidden = answer.status !== 401 && answer.status !== 403;
  if (!answer.ok) {
    let why = answer.status + " " + answer.statusText;
    try {
      why = (await answer.json()).errors[0].message;
    } catch (e) {
      // no document that explains it
    }
    throw new Error(why);
  }
  return answer;
}

// A list that comes in pages, with a button for the next one.
async function list(first, members, row, ...heads) {
  const body = element("tbody");
  const more = element("button", {type: "button", textContent: "More"});
  const table = element("table", {}, element("thead", {}, element("tr", {}, ...heads.map(h => element("th", {}, h)))), body);
  let next = first;
  const load = async () => {
    const answer = await ask(next);
    const page = await answer.json();
    body.append(...(page[members] || []).map(row));
    const following = /<([^>]*)>/.exec(answer.headers.get("Link") || "");
    next = following ? following[1].slice(base.length) : "";
    more.hidden = next === "";
  };
  more.onclick = () => guarded(load);
  await load();
  return [table, more];
}

function deletion(what, path, then) {
  if (!settings.deletes) {
    return "";
  }
  const button = element("button", {type: "button", className: "delete", textContent: "Delete"});
  button.onclick = () => guarded(async () => {
    if (confirm("Delete " + what + "?")) {
      await ask(path, {method: "DELETE"});
      if (location.hash === then) {
        await show();
      } else {
        location.hash = then;
      }
    }
  });
  return button;
}

async function repositories() {
  return list("/v2/_catalog?n=100", "repositories", name => element("tr", {},
    element("td", {}, link("tags/" + name, name)),
    element("td", {}, deletion("the repository " + name, "/v2/" + name + "/", "#/"))), "Repository", "");
}

async function tags(name) {
  return list("/v2/" + name + "/tags/list?n=100", "tags", tag => element("tr", {},
    element("td", {}, link("image/" + name + "@" + tag, tag)),
    element("td", {}, deletion("the tag " + tag, "/v2/" + name + "/manifests/" + tag, "#/tags/" + name))), "Tag", "");
}

function row(head, ...value) {
  return element("tr", {}, element("th", {}, head), element("td", {}, ...value));
}

function platform(of) {
  return of ? [of.os, of.architecture, of.variant].filter(Boolean).join("/") : "";
}

async function image(name, reference) {
  const answer = await ask("/v2/" + name + "/manifests/" + reference);
  const manifest = await answer.json();
  const digest = answer.headers.get("Docker-Content-Digest");
  const facts = element("table", {}, row("Digest", element("code", {}, digest)),
    row("Type", manifest.mediaType || answer.headers.get("Content-Type")));
  const parts = [element("h1", {}, name + (reference.includes(":") ? "" : ":" + reference)), facts];
  if (manifest.manifests) {
    parts.push(element("table", {}, element("thead", {}, element("tr", {},
      element("th", {}, "Platform"), element("th", {}, "Manifest"), element("th", {className: "number"}, "Size"))),
    element("tbody", {}, ...manifest.manifests.map(of => element("tr", {},
      element("td", {}, platform(of.platform)),
      element("td", {}, link("image/" + name + "@" + of.digest, element("code", {}, of.digest))),
      element("td", {className: "number"}, size(of.size)))))));
  } else {
    await layers(name, manifest, facts, parts);
  }
  parts.push(deletion("the image with all its tags", "/v2/" + name + "/manifests/" + digest, "#/tags/" + name));
  return parts;
}

async function layers(name, manifest, facts, parts) {
  const all = manifest.layers || [];
  facts.append(row("Size", size(all.reduce((sum, layer) => sum + layer.size, 0))));
  if (manifest.artifactType) {
    facts.append(row("Artifact", manifest.artifactType));
  }
  if (manifest.config && /image/.test(manifest.config.mediaType)) {
    const config = await (await ask("/v2/" + name + "/blobs/" + manifest.config.digest)).json();
    facts.append(row("Platform", platform(config)));
    if (config.created) {
      facts.append(row("Created", config.created));
    }
  }
  parts.push(element("table", {}, element("thead", {}, element("tr", {},
    element("th", {}, "Layer"), element("th", {}, "Type"), element("th", {className: "number"}, "Size"))),
  element("tbody", {}, ...all.map(layer => element("tr", {},
    element("td", {}, element("code", {}, layer.digest)),
    element("td", {}, layer.mediaType),
    element("td", {className: "number"}, size(layer.size)))))));
}

async function guarded(work) {
  try {
    problem("");
    await work();
  } catch (e) {
    problem(e.message);
  }
}

// The part of the address behind "#/" says what is shown.
async function show() {
  content.setAttribute("aria-busy", "true");
  content.replaceChildren();
  const path = document.getElementById("path");
  path.replaceChildren();
  await guarded(async () => {
    const [, kind, name, reference] = /^#\/(?:(tags|image)\/([^@]+)(?:@(.+))?)?$/.exec(location.hash || "#/") || [];
    if (name) {
      path.append(link("tags/" + name, name));
    }
    const parts = kind === "image" ? await image(name, reference) : kind === "tags" ? await tags(name) : await repositories();
    content.replaceChildren(...parts);
  });
  content.setAttribute("aria-busy", "false");
}

login.onsubmit = event => {
  event.preventDefault();
  const pair = new TextEncoder().encode(document.getElementById("user").value + ":" + document.getElementById("password").value);
  basic = "Basic " + btoa(String.fromCharCode(...pair));
  tokens.clear();
  show();
};

window.onhashchange = show;
guarded(async () => {
  settings = await (await fetch("settings.json")).json();
  await show();
});
