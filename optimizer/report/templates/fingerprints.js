// Whether the page is as it was made: the SHA-256 of what it carries, of its styles, of each of its sections and of the
// frame around them, as it was served, against those that it states. Read before any script draws or moves something.
const fingerprints = (() => {
  const AMP = { "&": "&amp;", "<": "&lt;", '"': "&quot;" };
  const escaped = (text, those) => text.replace(those, (one) => AMP[one]);
  const tagOf = ({ localName, attributes }) => {
    const said = Array.from(attributes, ({ name, value }) => ` ${name.toLowerCase()}="${escaped(value, /[&"]/g)}"`);
    return `<${localName.toLowerCase()}${said.sort().join("")}>`;
  };

  // The head that a bureau puts above: paragraphs, tables, its logo; first in the head of a half, and the same in both.
  const TAGS = "div p h2 h3 span strong b em i u ul ol li small table thead tbody tr th td br hr img".split(" ");
  const CLASSES = ["letterhead", "agency", "centre", "right"];
  const ATTRIBUTES = {
    ...Object.fromEntries(["lang", "alt", "colspan", "rowspan", "scope"].map((name) => [name, () => true])),
    class: (value) => value.split(/\s+/).every((one) => !one || CLASSES.includes(one)),
    src: (value) => /^data:image\/(png|jpeg);base64,[\w+/=]*$/.test(value),
  };
  const harmless = (node) => node.nodeName === "#text" || (node instanceof HTMLElement && TAGS.includes(node.localName)
    && Array.from(node.attributes).every(({ name, value }) => ATTRIBUTES[name]?.(value)) && Array.from(node.childNodes).every(harmless));
  const marks = ({ nodeName, data }, word) => nodeName === "#comment" && data === word;
  const aboveOf = (header) => {
    const nodes = Array.from(header.childNodes);
    const [first, last] = [nodes.findIndex(({ nodeName, data }) => nodeName !== "#text" || data.trim()), nodes.findIndex((one) => marks(one, "/letterhead"))];
    const own = first >= 0 && marks(nodes[first], "letterhead") ? nodes.slice(first + 1, Math.max(last, first + 1)) : [];
    return own.every(harmless) ? own : [];
  };
  const wordsOf = (node) => (node.nodeName === "#text" ? node.data : `${node.alt ?? ""} ${Array.from(node.childNodes, wordsOf).join("")} `);

  const partOf = (node) => { // the name of the part that an element is, or nothing
    const place = node.parentElement;
    const face = place?.localName === "main" ? place.parentElement : place;
    if (face?.className !== "face" || face.parentElement !== document.body) return "";
    const name = face === place ? ["header", "footer"].includes(node.localName) && node.localName : node.localName === "section" && node.className.match(/^\w+/)?.[0];
    return name ? `${face.lang.match(/^\w*/)[0]} ${name}` : "";
  };

  const partsOf = () => {
    const parts = new Map();
    const put = (name, text) => parts.has(name) ? parts.get(name).push(text) : parts.set(name, [text]);
    const heads = Array.from(document.querySelectorAll(".face > header"), aboveOf);
    const [above, ...others] = heads.map((nodes) => nodes.map((one) => one.outerHTML ?? one.data).join(""));
    const free = new Set(others.every((one) => one === above) ? heads.flat() : []);
    const read = (node, part) => {
      if (free.has(node)) return;
      if (node.nodeName === "#text") {
        const around = [document.documentElement, document.head, document.body].includes(node.parentNode);
        if (!around || /[^ \t\n\f]/.test(node.data)) put(part, escaped(node.data, /[&<]/g));
      } else if (node.nodeName === "#comment") put(part, `<!--${node.data}-->`);
      else if (node instanceof DocumentType) put(part, `<!${["DOCTYPE", node.name, node.publicId, node.systemId].filter(Boolean).join(" ")}>`);
      else {
        const own = partOf(node);
        if (own) put(part, `<#${own}>`);
        put(own || part, tagOf(node));
        if (!["script", "style"].includes(node.localName)) for (const one of node.childNodes) read(one, own || part);
        put(own || part, `</${node.localName.toLowerCase()}>`);
      }
    };
    for (const one of document.childNodes) read(one, "frame");
    for (const { id, textContent } of document.querySelectorAll("script[id]")) if (id !== "fingerprints") parts.set(id, [textContent]);
    parts.set("style", [Array.from(document.querySelectorAll("style"), ({ textContent }) => textContent).join("\0")]);
    return [new Map(Array.from(parts, ([name, texts]) => [name, texts.join("")])), heads.flat().length ? heads[0].map(wordsOf).join("").replace(/\s+/g, " ").trim() || "–" : null];
  };

  // A template can put another tree in the shadow of an element: it is what is seen, and stands among no child nodes.
  // An element that has none yet takes one of ours, which shows its children as they are; one that has refuses.
  const HOSTS = "article, aside, blockquote, body, div, footer, h1, h2, h3, h4, h5, h6, header, main, nav, p, section, span";
  const ours = new WeakSet();
  const shaded = (host) => {
    if (ours.has(host)) return false;
    if (host.shadowRoot) return true;
    try {
      host.attachShadow({ mode: "open" }).append(document.createElement("slot"));
    } catch {
      return true;
    }
    ours.add(host);
    return false;
  };
  const partAround = (node) => (node ? partOf(node) || partAround(node.parentElement) : "frame");

  const [parts, letterhead] = partsOf();
  const whole = () => [document.documentElement, document.body].map(tagOf).join("");
  const [program, begun] = [document.currentScript, whole()];
  let late = false; // whether something stands behind this program
  addEventListener("DOMContentLoaded", () => {
    for (let node = program.nextSibling; node; node = node.nextSibling) late ||= node.nodeName !== "#text" || /[^ \t\n\f]/.test(node.data);
    late ||= whole() !== begun;
  });

  const digest = async (text) => {
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  // Yields findings: which parts are not those that were made, and what is held by nothing.
  const check = async () => {
    const above = letterhead === null ? [] : [{ what: "letterhead", ok: null, said: letterhead }];
    if (!globalThis.crypto?.subtle) return [{ what: "unprinted", ok: null }, ...above]; // a page from an insecure address
    const stated = document.getElementById("fingerprints").textContent;
    const made = JSON.parse(stated);
    const is = Object.fromEntries(await Promise.all(Array.from(parts, async ([name, text]) => [name, await digest(text)])));
    const wrong = [...new Set([...Object.keys(made), ...Object.keys(is)])].filter((name) => made[name] !== is[name]);
    if (late) wrong.push("frame");
    wrong.push(...Array.from(document.querySelectorAll(HOSTS)).filter(shaded).map(partAround));
    if (wrong.length) return [...[...new Set(wrong)].map((name) => ({ what: "altered", ok: false, part: name.split(" ") })), ...above];
    return [{ what: "printed", ok: true, is: await digest(stated) }, ...above];
  };

  return { check, parts };
})();
