// The list of awards: rows carried once for both languages, of which only those that are looked at stand in the page.
const list = (() => {
  const listed = JSON.parse(document.getElementById("listed").textContent);
  const [ID, SCHOOL, TITLE, MERIT, RANK, ASKED, MOST, AWARD, STATUS, RESULT, NOTES] = listed.rows[0]?.keys() ?? [];
  const FIRST = 40; // rows that stand until somebody asks for more
  const STEP = 500; // rows that come at a time
  const PRINTED = 2000;
  const money = (amount) => amount.toLocaleString("en-US");

  // Puts a sentence together: what stands between the figures, and the figures.
  const sentence = ([ordinal, ...figures], language) => {
    const [parts, numbers] = [listed.parts[ordinal][language], (figures[language] ?? figures[0]).split(" ")];
    return parts.map((part, i) => (i ? numbers[i - 1] + part : part)).join("");
  };

  const element = (tag, text, name = "") => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (name) made.className = name;
    return made;
  };
  const told = (text) => element("bdi", text);
  const sub = (...inside) => {
    const made = element("span", "", "sub");
    made.append(...inside);
    return made;
  };

  const drawn = (row, language, most, open) => {
    const [name, district, level, code] = listed.schools[row[SCHOOL]];
    const line = element("tr", "", row[STATUS]);
    [line.dataset.id, line.dataset.award] = [row[ID], row[AWARD]];
    const cell = (look, ...inside) => {
      const made = element("td", "", look);
      made.append(...inside);
      line.append(made);
    };
    cell("c id", row[ID]);
    cell("c school", told(name), sub(told(district), `·${level[language]}·${code}`));
    cell("title", told(row[TITLE]));
    cell("n merit", row[MERIT]);
    cell("n rank", String(row[RANK] || ""));
    cell("n asked", money(row[ASKED]), ...(row[RANK] && row[MOST] !== row[ASKED] ? [sub(most + money(row[MOST]))] : []));
    cell("n award", row[AWARD] ? money(row[AWARD]) : "–");
    const opened = element("details", "");
    opened.open = open;
    opened.append(element("summary", listed.results[row[RESULT]][language]));
    for (const note of row[NOTES]) {
      const said = element("p", "");
      said.append(told(sentence(note, language)));
      opened.append(said);
    }
    cell("reason", opened);
    return line;
  };

  const keyOf = (row, key, language) => {
    if (key === SCHOOL) return listed.schools[row[SCHOOL]][0];
    if (key === RESULT) return listed.results[row[RESULT]][language];
    return key === MERIT ? Number(row[MERIT]) : row[key];
  };

  // The list of one language's half of the page.
  const begin = (face, language) => {
    const [table, controls, more, cut] = [".list", ".controls", ".more", ".cut"].map((name) => face.querySelector(name));
    const [words, district, status] = ["input", ".district", ".decision"].map((name) => controls.querySelector(name));
    const output = controls.querySelector("output");
    const body = table.tBodies[0];
    let order = listed.rows;
    let texts = null; // what is searched, worked out when somebody searches
    let found = order;
    let shown = FIRST;

    const searched = (row) => {
      const [name, area, , code] = listed.schools[row[SCHOOL]];
      const said = [row[ID], name, area, code, row[TITLE], listed.results[row[RESULT]][language], ...row[NOTES].map((note) => sentence(note, language))];
      return said.join("\n").toLowerCase();
    };

    const show = (count, open = false) => {
      body.replaceChildren(...found.slice(0, count).map((row) => drawn(row, language, table.dataset.most, open)));
      const rest = Math.min(STEP, found.length - count);
      more.textContent = more.dataset.form.replace("{n}", money(rest));
      more.hidden = rest <= 0;
    };

    const filter = () => {
      const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      if (wanted.length) texts ??= new Map(listed.rows.map((row) => [row, searched(row)]));
      found = order.filter((row) => (!district.value || listed.schools[row[SCHOOL]][1] === district.value)
        && (!status.value || row[STATUS] === status.value)
        && wanted.every((word) => texts.get(row).includes(word)));
      shown = FIRST;
      output.textContent = (found.length === 1 ? output.dataset.one : output.dataset.form).replace("{n}", money(found.length))
        .replace("{sum}", money(found.reduce((sum, row) => sum + row[AWARD], 0)));
      show(shown);
    };

    const sort = (header) => {
      const [key, down] = [Number(header.dataset.key), header.getAttribute("aria-sort") === "ascending"];
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      header.setAttribute("aria-sort", down ? "descending" : "ascending");
      const { compare } = new Intl.Collator(face.lang);
      const keys = new Map(order.map((row) => [row, keyOf(row, key, language)]));
      const none = (value) => (key === RANK && value === 0) || value === "";
      order = order.toSorted((one, other) => {
        const [x, y] = [keys.get(one), keys.get(other)];
        if (none(x) || none(y)) return none(x) - none(y); // last, whichever way
        const sign = typeof x === "number" ? x - y : compare(x, y);
        return down ? -sign : sign;
      });
      filter();
    };

    for (const header of table.tHead.rows[0].cells) {
      const button = element("button", header.textContent);
      button.type = "button";
      button.addEventListener("click", () => sort(header));
      header.replaceChildren(button);
    }
    for (const field of [words, district, status]) field.addEventListener("input", filter);
    more.addEventListener("click", () => {
      shown += STEP;
      show(shown);
    });
    addEventListener("beforeprint", () => {
      show(PRINTED, true);
      cut.textContent = cut.dataset.form.replace("{n}", money(PRINTED));
      cut.hidden = found.length <= PRINTED;
    });
    addEventListener("afterprint", () => {
      show(shown);
      cut.hidden = true;
    });
    cut.hidden = true;
    controls.hidden = false;
    filter();

    // What a reader has looked for, in what order, and which rows stand open: the other half takes it over.
    const fields = [words, district, status];
    const sorted = () => table.tHead.querySelector("[aria-sort]");
    const state = () => ({
      values: fields.map(({ value }) => value), key: sorted()?.dataset.key, down: sorted()?.getAttribute("aria-sort") === "descending", shown,
      open: Array.from(body.querySelectorAll("details[open]"), (one) => one.closest("tr").dataset.id),
    });
    const take = (seen) => {
      fields.forEach((field, i) => { field.value = seen.values[i]; });
      for (const header of table.tHead.rows[0].cells) header.removeAttribute("aria-sort");
      order = listed.rows;
      filter();
      const header = seen.key && table.tHead.querySelector(`[data-key="${seen.key}"]`);
      if (header) for (let i = 0; i <= Number(seen.down); i += 1) sort(header);
      show(shown = seen.shown);
      for (const row of body.rows) if (seen.open.includes(row.dataset.id)) row.querySelector("details").open = true;
    };
    return { state, take };
  };

  return { begin, listed };
})();
