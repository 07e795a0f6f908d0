// The button that works the report out again, and what it says, in both halves of the page.
(() => {
  let carried = null; // read when somebody asks for the check
  const number = (value) => { // as the page writes it: [numerator, denominator] to the hundredth
    if (Array.isArray(value)) return shown.figure(...value);
    return typeof value === "number" ? value.toLocaleString("en-US", { maximumFractionDigits: 2 }) : String(value);
  };

  // Speaks one of the two languages.
  const speaker = (language) => {
    const say = (name, figures = {}) => carried.words[name][language].replace(/\{(\w+)\}/g, (_, key) => (key in figures ? number(figures[key]) : ""));
    const name = (code) => carried.words[`of_${code}`]?.[language] ?? code;
    const column_ = (code) => carried.words[`column_${code}`]?.[language] ?? name(code);
    const valued = (code) => carried.words[`value_${code}`]?.[language] ?? code;
    const status = (code) => carried.words[`of_is_${code}`]?.[language] ?? code;
    const listed = (items) => items.join(language ? ", " : "、");
    // What was checked, in words of this check and with the figures that it read.
    const phrase = ([key, figures]) => {
      const { column, measure, values, who, n, share } = figures;
      const said = {
        ...figures, ...(column ? { column: column_(column) } : {}), ...(measure ? { measure: column_(measure) } : {}),
        ...(values ? { values: listed(values.map(valued)) } : {}), ...(who ? { who: listed(who) } : {}), ...(share ? { n: `${number([100 * n[0], n[1]])}%` } : {}),
      };
      return say(`of_checked_${key}`, said);
    };
    const sentence = ({ what, of, ok, wrong = [], checked = {}, better, place, field, said, is, bound, ways, part = [] }) => {
      const phrases = Object.entries(checked).map(phrase).join(language ? "; " : "；");
      const words = { title: of?.title?.[language] ?? "", sentence: of?.sentence?.[language] ?? "", checked: phrases, said, bound, is, n: ways };
      const who = listed(wrong.map((pair) => pair.filter((one) => one !== "").map(number).join(" ")));
      const grouped = listed(wrong.map(([about, ...more]) => [of?.kind === "quota" ? valued(about) : about, ...more].filter((one) => one !== "").map(number).join(" ")));
      if (what === "rule") return say(ok === null ? "unread" : ok ? "held" : "broken", { ...words, wrong: grouped });
      if (what === "unsaid" || what === "uncarried") return say(what, { ...words, wrong: who });
      if (what === "cell") return say("cell", { place: Array.isArray(place) ? place[language] : name(place), field: name(field), ...(field === "status" ? { said: status(said), is: status(is) } : { said, is }) });
      if (what === "torn" || what === "torn_outside") return say(what, { place, said: status(said), is });
      if (what === "altered") return say("altered", { place: part.map((one, i) => name(part.length > 1 && i === 0 ? `half_${one}` : one)).join("") });
      if (what === "page") return say("page", { n: is });
      if (what === "districts") return say(ok ? "districts" : "not_districts", { wrong: who });
      if (what === "draw") return say(ok ? (ways === 1 ? "one" : "drawn") : ok === false ? "not_drawn" : better ? "other_draw" : carried.settled ? "undrawn" : "open_draw", words);
      if (what !== "best") return say(what, words);
      if (ok) return say("best", words);
      const claimed = of.proved !== false;
      if (better) return say(claimed ? "worse" : "open_worse", words);
      return say(`${claimed ? "" : "open_"}${bound === undefined ? "later" : "bound"}`, words);
    };
    return { say, sentence };
  };

  const halves = Array.from(document.querySelectorAll(".face"), (face) => {
    const [panel, verdict, findings] = [".check-it", ".verdict", ".findings"].map((name) => face.querySelector(name));
    return { panel, verdict, findings, button: panel.querySelector("button"), bar: panel.querySelector("progress"), ...speaker(face.lang === "en" ? 1 : 0) };
  });

  const unproved = ({ what, ok }) => ok === null && (what === "best" || what === "draw");

  const show = (found) => {
    const loud = found.filter(unproved).length;
    const open_ = found.filter((one) => unproved(one) && (one.what === "draw" ? !carried.settled : one.of.proved === false)).length; // nor said to be proved
    const drawAlone = found.filter(unproved).every(({ what }) => what === "draw");
    const [bad, open] = [false, null].map((value) => found.filter(({ ok }) => ok === value).length);
    const counts = { unproved: loud, unchecked: open - loud }; // as each is marked
    for (const { verdict, findings, say, sentence } of halves) {
      findings.replaceChildren(...found.map((finding) => {
        const line = document.createElement("li");
        line.className = finding.ok === null ? (unproved(finding) ? "unproved" : "unchecked") : finding.ok ? "yes" : "no";
        line.textContent = sentence(finding);
        return line;
      }));
      const n = found.length - bad - open;
      verdict.className = `verdict ${bad ? "no" : loud ? "unproved" : "yes"}`;
      const rest = Object.entries(counts).map(([mark, some]) => (some ? say(`rest_${mark}`, { n: some }) : "")).join("");
      verdict.textContent = bad ? say("wrong", { n: bad }) : say(open ? "partly" : "right", { n, rest })
        + (open_ ? say(drawAlone ? "open_draw_alone" : "open", { n: open_ }) : "") + (loud > open_ ? say(drawAlone ? "loud_draw" : "loud", { n: loud - open_ }) : "");
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
      const page = [...await fingerprints.check(), ...shown.check(carried, list.listed)];
      if (page.some(({ ok }) => ok === false)) show(page); // it stays, whatever becomes of the proof
      show([...page, ...await proof.check(carried, tell)]);
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
