// node check_all.js PROOF.js… < one carried list a line: what the checker says of each, a line each.
const fs = require("fs");
const { check } = new Function(`${process.argv.slice(2).map((part) => fs.readFileSync(part, "utf8")).join("\n")}\nreturn proof;`)();
const lines = fs.readFileSync(0, "utf8").trim().split("\n");
(async () => {
  for (const line of lines) {
    const findings = await check(JSON.parse(line));
    console.log(JSON.stringify(findings.map(({ what, of, ok, wrong, better, bound, is }) => ({ what, of: of?.kind ?? "", ok, wrong, better, bound, is }))));
  }
})();
