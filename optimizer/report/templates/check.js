// The button that works the report out again, and what it says.
(() => {
  const carried = JSON.parse(document.getElementById("evidence").textContent);
  const [panel, verdict, list] = ["check-it", "verdict", "findings"].map((id) => document.getElementById(id));
  const [button, bar] = [panel.querySelector("button"), panel.querySelector("progress")];
  const number = (value) => (typeof value === "number" ? value.toLocaleString("en-US", { maximumFractionDigits: 6 }) : String(value));
  const say = (name, figures = {}) => carried.words[name].replace(/\{(\w+)\}/g, (_, key) => (key in figures ? number(figures[key]) : ""));

  const sentence = ({ what, of, ok, wrong = [], said, is, bound, ways }) => {
    const words = { title: of?.title ?? "", sentence: of?.sentence ?? "", said, bound, n: ways };
    const who = wrong.map((pair) => pair.filter((one) => one !== "").map(number).join(" ")).join("、");
    if (what === "rule") return say(ok === null ? "unread" : ok ? "held" : "broken", { ...words, wrong: who });
    if (what === "row") return say("row", { id: of, said, is });
    if (what === "rows") return say("rows", { n: is });
    if (what === "districts") return say("districts") + (ok ? "" : `（${who}）`);
    if (what === "value") return say("value", { ...words, is: is[0] / is[1] });
    if (what === "draw") return say(ok === null ? "undrawn" : !ok ? "not_drawn" : ways === 1 ? "one" : "drawn", words);
    if (what !== "best") return say(what, { ...words, is });
    if (ok) return say("best", words);
    if (bound === undefined) return say(ok === null ? "later" : "improved", words);
    return say(ok === null ? "bound" : "worse", { ...words, is });
  };

  const digits = (text) => Number(text.replace(/[^\d-]/g, "") || 0);

  // What a reader sees must be what is checked.
  const shown = () => {
    const awards = new Map(carried.applications.map((one) => [one[0], one[5]]));
    const rows = Array.from(document.querySelectorAll("#awards-table tr[data-id]"));
    const wrong = rows.flatMap((row) => {
      const [id, is] = [row.dataset.id, awards.get(row.dataset.id) ?? 0];
      const said = [digits(row.querySelector(".award").textContent), Number(row.dataset.award)];
      return said.every((one) => one === is) ? [] : [{ what: "row", of: id, ok: false, said: said[0] === is ? said[1] : said[0], is }];
    });
    return wrong.length ? wrong : [{ what: "rows", ok: true, is: rows.length }];
  };

  const show = (findings) => {
    list.replaceChildren(...findings.map((finding) => {
      const line = document.createElement("li");
      line.className = finding.ok === null ? "unchecked" : finding.ok ? "yes" : "no";
      line.textContent = sentence(finding);
      return line;
    }));
    const [bad, open] = [false, null].map((value) => findings.filter(({ ok }) => ok === value).length);
    const n = findings.length - bad - open;
    verdict.className = bad ? "no" : "yes";
    verdict.textContent = bad ? say("wrong", { n: bad }) : say(open ? "partly" : "right", { n, open });
  };

  let rested = 0;
  const tell = async (share) => { // now and then, let the page breathe
    if (performance.now() - rested < 50) return;
    bar.value = share;
    await new Promise((resolve) => { setTimeout(resolve); });
    rested = performance.now();
  };

  button.addEventListener("click", async () => {
    [button.disabled, bar.hidden, bar.value] = [true, false, 0];
    try {
      show([...shown(), ...await proof.check(carried, tell)]);
    } catch {
      [verdict.className, verdict.textContent] = ["no", say("failed")];
    }
    [button.disabled, bar.hidden] = [false, true];
  });
  panel.hidden = false;
})();
