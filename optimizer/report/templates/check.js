// The button that works the report out again, and what it says, in both halves of the page.
(() => {
  let carried = null; // read when somebody asks for the check
  const number = (value) => (typeof value === "number" ? value.toLocaleString("en-US", { maximumFractionDigits: 6 }) : String(value));

  // Speaks one of the two languages.
  const speaker = (language) => {
    const say = (name, figures = {}) => carried.words[name][language].replace(/\{(\w+)\}/g, (_, key) => (key in figures ? number(figures[key]) : ""));
    const name = (code) => carried.words[`of_${code}`]?.[language] ?? code;
    const sentence = ({ what, of, ok, wrong = [], place, field, said, is, bound, ways }) => {
      const words = { title: of?.title?.[language] ?? "", sentence: of?.sentence?.[language] ?? "", said, bound, n: ways };
      const who = wrong.map((pair) => pair.filter((one) => one !== "").map(number).join(" ")).join(language ? ", " : "、");
      if (what === "rule") return say(ok === null ? "unread" : ok ? "held" : "broken", { ...words, wrong: who });
      if (what === "cell") return say("cell", { place: name(place), field: name(field), said, is });
      if (what === "page") return say("page", { n: is });
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

  const halves = Array.from(document.querySelectorAll(".face"), (face) => {
    const [panel, verdict, findings] = [".check-it", ".verdict", ".findings"].map((name) => face.querySelector(name));
    return { panel, verdict, findings, button: panel.querySelector("button"), bar: panel.querySelector("progress"), ...speaker(face.lang === "en" ? 1 : 0) };
  });

  const unproved = ({ what, ok }) => ok === null && (what === "best" || what === "draw");

  const show = (found) => {
    const loud = found.filter(unproved).length;
    const [bad, open] = [false, null].map((value) => found.filter(({ ok }) => ok === value).length);
    for (const { verdict, findings, say, sentence } of halves) {
      findings.replaceChildren(...found.map((finding) => {
        const line = document.createElement("li");
        line.className = finding.ok === null ? (unproved(finding) ? "unproved" : "unchecked") : finding.ok ? "yes" : "no";
        line.textContent = sentence(finding);
        return line;
      }));
      const n = found.length - bad - open;
      verdict.className = `verdict ${bad ? "no" : loud ? "unproved" : "yes"}`;
      verdict.textContent = (bad ? say("wrong", { n: bad }) : say(open ? "partly" : "right", { n, open })) + (loud && !bad ? say("loud", { n: loud }) : "");
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
      const page = shown.check(carried, list.listed);
      if (page.some(({ ok }) => !ok)) show(page); // it stays, whatever becomes of the proof
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
