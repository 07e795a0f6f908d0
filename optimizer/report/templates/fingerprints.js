// Whether the page is as it was made: the SHA-256 of what it carries, of its styles and of each of its sections, as it was
// served, against those that it states. Read before any script draws or moves something.
const fingerprints = (() => {
  const FONT = /@font-face\{font-family:"Report";src:url\(data:font\/woff;base64,[\w+/=]*\) format\('woff'\)\}/g;
  const tagOf = ({ localName, attributes }) => {
    const said = Array.from(attributes, ({ name, value }) => (value === "" ? ` ${name}` : ` ${name}="${value}"`)).join("");
    return localName === "tbody" && !said ? "\x02" : `\x01${localName}${said}\x02`;
  };

  // Tags and texts, one behind the other; of drawings the texts alone, of a bureau's own head nothing.
  const read = (node) => {
    if (node.nodeName === "#text") return `\x02${node.data}\x02`;
    if (!(node instanceof Element)) return "\x02";
    const tag = node instanceof SVGElement ? "\x02" : tagOf(node);
    return ["script", "style", "noscript"].includes(node.localName) ? tag : tag + inside(node);
  };
  const inside = (node) => {
    let letterhead = false;
    return Array.from(node.childNodes, (one) => {
      if (one.nodeName === "#comment" && node.matches(".face > header")) letterhead = one.data === "letterhead";
      return letterhead ? "" : read(one);
    }).join("");
  };
  const calm = (text) => text.replace(/[ \t\r\n\f]+/g, " ").replace(/[ \x02]*\x02[ \x02]*/g, "\x02")
    .replace(/\x02(?=\x01|$)/g, "").replaceAll(" \x01", "\x01").replace(/^[ \x02]+|[ \x02]+$/g, "");

  const partsOf = () => {
    const parts = new Map();
    for (const { id, textContent } of document.querySelectorAll("script[id]")) if (id !== "fingerprints") parts.set(id, textContent);
    parts.set("style", Array.from(document.querySelectorAll("style"), ({ textContent }) => textContent.replace(FONT, "")).join("\x02"));
    let language = "";
    for (const part of calm(read(document.documentElement)).split(/(?=\x01(?:section|header|footer|div class="face"))/)) {
      language = part.match(/^\x01div class="face" lang="(\w+)/)?.[1] ?? language;
      const [, section, other] = part.match(/^\x01(?:section class="(\w+)|(header|footer))/) ?? [];
      const name = [language, section ?? other ?? "page"].filter(Boolean).join(" ");
      parts.set(name, (parts.get(name) ?? "") + part);
    }
    return parts;
  };

  const parts = partsOf();
  const whole = () => [document.documentElement, document.body].map(tagOf).join("");
  const [program, begun] = [document.currentScript, whole()];
  let late = ""; // what stands behind this program
  addEventListener("DOMContentLoaded", () => {
    for (let node = program.nextSibling; node; node = node.nextSibling) late += calm(read(node));
    if (whole() !== begun) late += whole();
  });

  const digest = async (text) => {
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  // Yields findings: which parts are not those that were made.
  const check = async () => {
    if (!globalThis.crypto?.subtle) return [{ what: "unprinted", ok: null }]; // a page from an insecure address
    const stated = document.getElementById("fingerprints").textContent;
    const made = JSON.parse(stated);
    const is = Object.fromEntries(await Promise.all(Array.from(parts, async ([name, text]) => [name, await digest(text)])));
    const wrong = [...new Set([...Object.keys(made), ...Object.keys(is)])].filter((name) => made[name] !== is[name]);
    if (late) wrong.push("page");
    if (wrong.length) return [...new Set(wrong)].map((name) => ({ what: "altered", ok: false, part: name.split(" ") }));
    return [{ what: "printed", ok: true, is: await digest(stated) }];
  };

  return { check, partsOf };
})();
