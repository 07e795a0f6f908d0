// What a reader sees must be what is checked: every cell of the page that follows from what is carried is worked
// out from that, apart from the program that wrote it and from the script that draws the list.
const shown = (() => {
  const money = (amount) => String(amount).replace(/\B(?=(\d{3})+$)/g, ",");
  const add = (numbers) => numbers.reduce((sum, one) => sum + one, 0);
  const all = (selector, place = document) => Array.from(place.querySelectorAll(selector));
  const text = (place, selector) => (selector ? place.querySelector(selector) : place)?.textContent.trim() ?? "";
  const same = (one, other) => String(one).replace(/\s+/g, " ").trim() === String(other).replace(/\s+/g, " ").trim();

  const own = (one) => Array.from(one.childNodes).filter(({ nodeName }) => nodeName === "#text").map(({ textContent }) => textContent).join("").trim();

  // A number to the hundredth: a half goes away from zero, or to the even neighbour.
  const hundredths = (n, d, even) => {
    const [p, q] = [BigInt(n), BigInt(d)];
    const [size, twice] = [p < 0n ? -p : p, 2n * q];
    const [whole, rest] = [(200n * size + q) / twice, (200n * size + q) % twice];
    const units = even && rest === 0n && whole % 2n === 1n ? whole - 1n : whole;
    return [p < 0n && units ? "-" : "", units / 100n, String(units % 100n).padStart(2, "0")];
  };
  const points = (n, d) => { const [sign, whole, part] = hundredths(n, d, false); return `${sign}${whole}.${part}`; };
  const figure = (n, d) => { const [sign, whole, part] = hundredths(n, d, true); return `${sign}${money(whole)}.${part}`.replace(/\.?0+$/, ""); };

  // The cells of one row of the list, as they can be read.
  const cellsOf = (row) => ({
    school: text(row, ".school bdi"), place: text(row, ".school .sub"), title: text(row, ".title"), merit: text(row, ".merit"),
    rank: text(row, ".rank"), requested: text(row, ".asked"), award: text(row, "td.award"), result: text(row, "summary"), status: row.className,
  });
  // Whether a row itself is kept from being seen; that a table's half of the page or its details are folded is no matter.
  const unseen = (row) => {
    const { display, visibility, opacity, fontSize } = getComputedStyle(row);
    return row.hidden || row.hasAttribute("style") || display === "none" || visibility !== "visible" || Number(opacity) === 0 || parseFloat(fontSize) === 0;
  };
  const PARTS = [
    ...["header", "main", "footer", "annex", "awards", "scores", "districts", "disadvantage", "kinds", "figures", "rules"],
    ...["screening", "inversions", "waiting", "priorities", "check", "draw", "reviewers", "sources"],
  ];
  const hiddenAtFirst = all(".list tbody tr").filter((row) => row.hidden || row.hasAttribute("style")).length;
  const idOf = (row) => text(row, ".id");
  const served = all(".list tbody tr").map((row) => [idOf(row), cellsOf(row), row.closest(".face").lang === "en" ? 1 : 0]); // before any row is drawn

  // Everybody as the carried data have them.
  const everyone = ({ page, applications, denominator }) => {
    const eligible = new Map(applications.map((one) => [one[0], one]));
    const better = applications.map((one) => one[2]).sort((x, y) => y - x);
    const ranks = new Map();
    better.forEach((merit, i) => { if (!ranks.has(merit)) ranks.set(merit, i + 1); });
    return page.rows.map(([id, at, title, marks, requested, admissible, status, result, kind, poor]) => {
      const [, school = at, merit, , most = admissible, award = 0] = eligible.get(id) ?? [];
      const inside = eligible.has(id);
      const fits = inside ? status === (award ? "funded" : "not_funded") : !["funded", "not_funded"].includes(status);
      const said = inside ? points(merit, denominator) : marks;
      return { id, school, title, merit: said, rank: ranks.get(merit) ?? 0, requested, admissible, award, status, fits, result, kind, poor, inside, most };
    });
  };

  const check = (carried, listed) => {
    const { page, words } = carried;
    const wrong = new Map();
    const hold = (place, field, said, is) => {
      const key = `${place} ${field}`;
      if (!same(said, is) && !wrong.has(key)) wrong.set(key, { what: "cell", ok: false, place, field, said, is });
    };
    const people = everyone(carried);
    const named = new Map(people.map((one) => [one.id, one]));

    const cells = (one, language, most) => {
      const [name, district, level, code] = page.schools[one.school];
      const least = one.rank && one.admissible !== one.requested ? most + money(one.admissible) : "";
      return {
        school: name, place: `${district}·${level[language]}·${code}`, title: one.title, merit: one.merit, rank: one.rank || "",
        requested: money(one.requested) + least, award: one.award ? money(one.award) : "–", result: page.results[one.result][language], status: one.status,
      };
    };
    const mosts = new Map(all(".list").map((table) => [table.closest(".face").lang === "en" ? 1 : 0, table.dataset.most]));
    const holdRow = (id, said, language) => {
      if (!named.has(id)) hold(id, "row", words.there[language], words.missing[language]);
      else for (const [field, is] of Object.entries(cells(named.get(id), language, mosts.get(language)))) hold(id, field, said[field], is);
    };

    // Nothing is added to the parts that are known, none is there twice, and no row is kept from being seen.
    const holdFrame = (face, language) => {
      const parts = [...face.children, ...(face.querySelector("main")?.children ?? [])];
      const known = parts.map((one) => (one.localName === "section" && one.parentElement.localName === "main" ? one.classList[0] ?? "?" : one.localName));
      const extra = known.filter((name, i) => !PARTS.includes(name) || known.indexOf(name) !== i);
      hold("page", "parts", extra.join(", "), "");
      const headings = all("main h2", face).length;
      hold("page", "headings", headings, known.length - 3); // header, main and footer have none
      const heads = all(".list thead th", face).map((cell) => text(cell)).join(" | ");
      hold("list", "column heads", heads, words.list_heads[language]);
      for (const section of all("main section", face)) {
        const hidden = all("tr", section).filter((row) => unseen(row)).length;
        hold(section.classList[0] ?? "page", "hidden rows", hidden, 0);
      }
    };
    hold("list", "hidden rows", hiddenAtFirst, 0);

    // The list: as it was served, as it stands, and all rows that are still to be drawn.
    const standing = all(".list tbody tr").map((row) => [idOf(row), cellsOf(row), row.closest(".face").lang === "en" ? 1 : 0]);
    for (const row of [...served, ...standing]) holdRow(...row);
    const count = Math.min(page.served, people.length);
    if (new Set(served.map(([id]) => id)).size !== count || served.length !== count) hold("list", "rows", served.length, count);
    const raw = new Map(listed.rows.map((row) => [row[0], row]));
    if (listed.rows.length !== people.length) hold("list", "rows", listed.rows.length, people.length);
    for (const one of people) {
      if (!one.fits) wrong.set(`${one.id} torn`, { what: one.inside ? "torn" : "torn_outside", ok: false, place: one.id, said: one.status, is: money(one.award) });
      hold(one.id, "admissible", money(one.admissible), money(one.most));
      const row = raw.get(one.id);
      if (!row) { hold(one.id, "row", words.missing[0], words.there[0]); continue; }
      const [, school, title, merit, rank, requested, admissible, award, status, result] = row;
      const [[name, district, level, code], is] = [listed.schools[school], page.schools[one.school]];
      hold(one.id, "school", name, is[0]);
      hold(one.id, "place", `${district}·${level.join("/")}·${code}`, `${is[1]}·${is[2].join("/")}·${is[3]}`);
      hold(one.id, "result", listed.results[result].join(" / "), page.results[one.result].join(" / "));
      for (const [field, said] of Object.entries({ title, merit, rank, requested, admissible, award, status })) hold(one.id, field, said, one[field]);
    }

    // The column of districts says what the page says: each name stands for one, and each for one name.
    const [toCode, toName] = [new Map(), new Map()];
    carried.applications.forEach(([id, school], a) => {
      const [name, code] = [page.schools[school]?.[1] ?? "", carried.columns.district[a]];
      for (const [map, key, value] of [[toCode, name, code], [toName, code, name]]) {
        if (!map.has(key)) map.set(key, value);
        hold(id, "district", map.get(key), value);
      }
    });

    // Sums over groups of them: [count, eligible, funded, requested, awarded].
    const sums = (some) => [some.length, some.filter(({ inside }) => inside).length, some.filter(({ award }) => award).length, add(some.map(({ requested }) => requested)), add(some.map(({ award }) => award))];
    const HEADS = ["pool", "spent", "left", "funded", "districts_covered"];
    const SUMS = ["applications", "eligible", "funded", "requested", "award"];
    const holdSums = (place, said, is) => is.forEach((one, i) => hold(place, SUMS[i], said[i] ?? "", money(one)));
    const districtOf = ({ school }) => page.schools[school][1];
    const byDistrict = new Map(page.districts.map((name) => [name, sums(people.filter((one) => districtOf(one) === name))]));
    const states = [...byDistrict.values()].map(([, eligible, funded]) => (funded ? "yes" : eligible ? "no" : "uncoverable"));
    const total = sums(people);
    const comesAt = new Map(page.waiting);
    const covered = states.filter((one) => one === "yes").length;

    all(".face").forEach((face) => {
      const language = face.lang === "en" ? 1 : 0;
      const state = carried.settled ? 0 : carried.priorities.every(({ proved }) => proved) ? 1 : 2;
      hold("head", "badge", text(face, ".badge"), page.badges[state]?.[language] ?? words.blank[language]);
      hold("check", "unit", text(face, '[data-is="unit"]'), money(carried.unit));
      holdFrame(face, language);
      const spent = add(people.map(({ award }) => award));
      const available = carried.pool - page.contingency;
      const used = available && Math.min((100 * spent) / available, spent < available ? 99.9 : 100); // 100.0 is all of it
      const heads = [
        [carried.pool, ...(page.contingency ? [page.contingency] : [])], [spent, ...(available ? [used] : [])],
        [available - page.paid - spent, ...(page.paid ? [page.paid] : [])], [total[2], total[1], total[0]],
        [covered, page.districts.length, ...(states.includes("uncoverable") ? [states.filter((one) => one === "uncoverable").length] : [])],
      ];
      const figures = all(".figures-row > div", face);
      heads.forEach((is, i) => {
        const box = figures[i];
        const said = (all("dd, dd *", box).map(own).join(" ").replaceAll("NT$", "").match(/-?\d[\d,]*(\.\d+)?/g) ?? []).map((one) => Number(one.replaceAll(",", "")));
        const fits = said.length === is.length && said.every((one, k) => Math.abs(one - is[k]) < (Number.isInteger(is[k]) ? 0.001 : 0.0501));
        if (!fits) hold("head", HEADS[i], said.map((one) => one.toLocaleString("en-US")).join(" / "), is.map((one) => one.toLocaleString("en-US", { maximumFractionDigits: 1 })).join(" / "));
      });
      hold("head", "available", money(carried.available), money(available - page.paid));

      const rows = all(".districts table tr", face).slice(1);
      hold("districts", "rows", rows.length - 1, page.districts.length);
      rows.slice(0, -1).forEach((row, i) => {
        const [name, schools, ...said] = Array.from(row.cells, (cell) => text(cell));
        const at = page.districts[i] ?? "";
        hold(at, "district", name, at);
        if (!byDistrict.has(at)) return;
        hold(at, "schools", schools, page.schools.filter(([, district]) => district === at).length);
        holdSums(at, said, byDistrict.get(at));
        hold(at, "covered", text(row.cells[8], ".no") || said[6], page.covered[states[i]][language]);
      });
      const [, schools, ...said] = Array.from(rows.at(-1)?.cells ?? [], (cell) => text(cell));
      hold("total", "schools", schools, page.schools.length);
      holdSums("total", said, total);
      hold("total", "covered", said[6], `${covered} / ${page.districts.length}`);

      for (const [section, key] of [["kinds", "kind"], ["disadvantage", "poor"]]) {
        const groups = all(`.${section} table tbody tr`, face);
        hold(section, "rows", groups.length, new Set(people.map((one) => one[key])).size);
        page[section].forEach((title, ordinal) => {
          const row = groups.find((one) => text(one, "th") === title[language].trim());
          if (row) holdSums(title, all("td", row).map((cell) => text(cell)), sums(people.filter((one) => one[key] === ordinal)));
          else hold(section, "row", words.missing[language], title[language]);
        });
      }

      // Those that are named again: passed over, and waiting.
      for (const row of all(":is(.scores, .waiting) table tbody tr", face)) {
        const [id, name, merit, ...more] = Array.from(row.cells, (cell) => text(cell));
        const one = named.get(id);
        if (!one) { hold(id, "row", words.there[language], words.missing[language]); continue; }
        const passed = row.closest(".scores");
        hold(id, "school", name.replace(/\s+/g, ""), (page.schools[one.school][0] + one.title).replace(/\s+/g, ""));
        hold(id, "merit", merit, one.merit);
        if (passed) hold(id, "rank", more[0], one.rank);
        hold(id, "admissible", more[passed ? 1 : 0], money(one.admissible));
        if (passed) hold(id, "result", text(row, "summary"), page.results[one.result][language]);
        else hold(id, "comes_at", more[1], money(comesAt.get(id) ?? ""));
      }
      for (const [section, is] of [["waiting", [...comesAt.keys()]], ["screening", page.screening]]) {
        const ids = all(`.${section} table tbody tr`, face).map((row) => text(row.cells[0]));
        const at = Array.from({ length: Math.max(ids.length, is.length) }, (_, i) => i).find((i) => ids[i] !== is[i]);
        if (at !== undefined) hold(section, "row", ids[at] ?? words.missing[language], is[at] ?? words.missing[language]);
      }
      for (const row of all(".screening table tbody tr", face)) {
        const one = named.get(text(row.cells[0]));
        if (one) hold(one.id, "school", text(row.cells[1]), page.schools[one.school][0]);
      }

      // Rules and priorities: that all are carried, in their order, and say what stands here.
      const stated = (section, carriedRules, said) => {
        hold(section, "rows", said.length, carriedRules.length);
        for (let i = 0; i < Math.max(said.length, carriedRules.length); i += 1) {
          const [one, is] = [said[i] ?? [], carriedRules[i]];
          const whole = is ? [is.title[language], is.sentence[language], is.kind, is.reference || "–"] : [words.missing[language], "", "", ""];
          const place = is?.title ?? one[0];
          ["rule", "sentence", "kind", "reference"].forEach((field, k) => { if (is || k === 0) hold(place, field, one[k] ?? words.missing[language], whole[k]); });
        }
      };
      stated("rules", carried.rules, all(".rules tbody tr", face).map((row) => [text(row.cells[0]), text(row.cells[1]), row.dataset.kind, text(row.cells[2])]));
      const goals = all(".priorities tr[data-kind]", face);
      const states_ = carried.priorities.filter((one) => one.goals);
      stated("priorities", states_, goals.map((row) => [own(row.cells[1]), text(row.cells[1], ".sub"), row.dataset.kind, text(row.cells[6])]));
      states_.forEach((is, i) => {
        const row = goals[i];
        if (!row || is.goals !== 1) return;
        hold(is.title, "reached", own(row.cells[2]), figure(...is.reached));
        if (is.proved) hold(is.title, "bound", own(row.cells[3]), figure(...is.reached));
        hold(is.title, "proof", text(row.cells[5], "span"), words[is.proved ? "proved" : "unproved"][language]);
      });
      hold("draw", "seed", text(face, ".draw code"), carried.seed.trim() || words.blank[language]);
    });
    return wrong.size ? [...wrong.values()] : [{ what: "page", ok: true, is: people.length }];
  };

  return { check, figure };
})();
