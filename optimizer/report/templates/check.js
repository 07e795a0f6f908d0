// The button that works the report out again, and what it says, in both halves of the page.
(() => {
  let carried = null; // read when somebody asks for the check
  const number = (value) => (typeof value === "number" ? value.toLocaleString("en-US", { maximumFractionDigits: 6 }) : String(value));

  // Speaks one of the two languages.
  const speaker = (language) => {
    const say = (name, figures = {}) => carried.words[name][language].replace(/\{(\w+)\}/g, (_, key) => (key in figures ? number(figures[key]) : ""));
    const sentence = ({ what, of, ok, wrong = [], said, is, bound, ways }) => {
      const words = { title: of?.title?.[language] ?? "", sentence: of?.sentence?.[language] ?? "", said, bound, n: ways };
      const who = wrong.map((pair) => pair.filter((one) => one !== "").map(number).join(" ")).join(language ? ", " : "、");
      if (what === "rule") return say(ok === null ? "unread" : ok ? "held" : "broken", { ...words, wrong: who });
      if (what === "row" || what === "head") return say(what, { id: of, said, is });
      if (what === "rows") return say("rows", { n: is });
      if (what === "districts") return say("districts") + (ok ? "" : language ? ` (${who})` : `（${who}）`);
      if (what === "value") return say("value", { ...words, is: is[0] / is[1] });
      if (what === "draw") return say(ok === null ? "undrawn" : !ok ? "not_drawn" : ways === 1 ? "one" : "drawn", words);
      if (what !== "best") return say(what, { ...words, is });
      if (ok) return say("best", words);
      if (bound === undefined) return say(ok === null ? "later" : "improved", words);
      return say(ok === null ? "bound" : "worse", { ...words, is });
    };
    return { say, sentence };
  };

  const digits = (text) => Number(text.replace(/[^\d-]/g, "") || 0);

  // What a reader sees must be what is checked: the list, as served, as carried and as it stands; the figures at the top.
  const shown = () => {
    const awards = new Map(carried.applications.map((one) => [one[0], one[5]]));
    const standing = Array.from(document.querySelectorAll(".list tr[data-id]"), (row) =>
      [row.dataset.id, row.querySelector(".award").textContent, row.dataset.award]);
    const wrong = new Map();
    const hold = ([id, ...figures]) => {
      const is = awards.get(id) ?? 0;
      const said = figures.map(digits).find((one) => one !== is);
      if (said !== undefined) wrong.set(id, { what: "row", of: id, ok: false, said, is });
    };
    for (const row of [...list.served, ...list.rows(), ...standing]) hold(row);
    const there = new Set(list.rows().map(([id]) => id));
    for (const [id, is] of awards) if (!there.has(id)) wrong.set(id, { what: "row", of: id, ok: false, said: 0, is });
    const sums = { spent: 0, funded: 0, pool: carried.pool };
    for (const award of awards.values()) [sums.spent, sums.funded] = [sums.spent + award, sums.funded + (award ? 1 : 0)];
    const heads = Array.from(document.querySelectorAll("[data-is]"), (one) => ({ said: digits(one.textContent), is: sums[one.dataset.is], of: one.dataset.is }))
      .filter(({ said, is }) => said !== is).map((one) => ({ what: "head", ok: false, ...one }));
    return [...heads, ...(wrong.size ? wrong.values() : [{ what: "rows", ok: true, is: there.size }])];
  };

  const halves = Array.from(document.querySelectorAll(".face"), (face) => {
    const [panel, verdict, findings] = [".check-it", ".verdict", ".findings"].map((name) => face.querySelector(name));
    return { panel, verdict, findings, button: panel.querySelector("button"), bar: panel.querySelector("progress"), ...speaker(face.lang === "en" ? 1 : 0) };
  });

  const show = (found) => {
    const [bad, open] = [false, null].map((value) => found.filter(({ ok }) => ok === value).length);
    for (const { verdict, findings, say, sentence } of halves) {
      findings.replaceChildren(...found.map((finding) => {
        const line = document.createElement("li");
        line.className = finding.ok === null ? "unchecked" : finding.ok ? "yes" : "no";
        line.textContent = sentence(finding);
        return line;
      }));
      const n = found.length - bad - open;
      verdict.className = `verdict ${bad ? "no" : "yes"}`;
      verdict.textContent = bad ? say("wrong", { n: bad }) : say(open ? "partly" : "right", { n, open });
    }
  };

  let rested = 0;
  const tell = async (share) => { // now and then, let the page breathe
    if (performance.now() - rested < 50) return;
    for (const { bar } of halves) bar.value = share;
    await new Promise((resolve) => { setTimeout(resolve); });
    rested = performance.now();
  };

  const work = async () => {
    for (const { button, bar } of halves) [button.disabled, bar.hidden, bar.value] = [true, false, 0];
    try {
      carried ??= JSON.parse(document.getElementById("evidence").textContent);
      show([...shown(), ...await proof.check(carried, tell)]);
    } catch {
      for (const { verdict } of halves) [verdict.className, verdict.textContent] = ["verdict no", verdict.dataset.failed];
    }
    for (const { button, bar } of halves) [button.disabled, bar.hidden] = [false, true];
  };
  for (const { button, panel } of halves) {
    button.addEventListener("click", work);
    panel.hidden = false;
  }
})();
