// What a list is worth by each priority.
const proofGoals = (() => {
  const { words, add, limitsOf, shortfalls } = proofRules;

  const band = (carried, priority, merit) => { // floor(merit / band), or the numerator itself
    const [p, q] = priority.band;
    return p === 0 ? merit : Math.floor((merit * q) / (carried.denominator * p));
  };

  const ADDITIVE = { // of one application and its award in units; coverage counts groups beside it
    coverage: () => () => 0,
    amount: () => (a, units) => units,
    sharing: ({ columns }) => (a, units) => (units && (columns.partners[a].length || columns.fields[a].length > 1) ? 1 : 0),
    disadvantage: (carried, priority) => (a, units) => (units ? priority.weights[carried.columns.disadvantage[a]] ?? 0 : 0),
    merit: (carried, priority) => {
      const worth = carried.applications.map(([, , merit]) => band(carried, priority, merit));
      return priority.per === "amount" ? (a, units) => worth[a] * units : (a, units) => (units ? worth[a] : 0);
    },
  };

  // A rule that somebody defined for themselves is none that is known here.
  const known = ({ kind }) => kind in ADDITIVE || ["balance", "evenness", "quota"].includes(kind);

  const groupsOf = (carried, priority) => carried.columns[priority.column ?? "district"];

  const covered = (carried, priority, awards) => {
    const cells = groupsOf(carried, priority);
    return new Set(cells.filter((_, a) => awards[a])).size;
  };

  const uneven = (carried, priority, awards) => {
    const cells = carried.columns[priority.column].map(words);
    const counts = new Map(cells.flat().map((kind) => [kind, 0]));
    cells.forEach((kinds, a) => { if (awards[a]) new Set(kinds).forEach((kind) => counts.set(kind, counts.get(kind) + 1)); });
    const all = [...counts.values()];
    return add(all.map((n) => Math.abs(all.length * n - add(all))));
  };

  const ranked = (carried, priority, awards) => { // how many of each merit, from the top down
    const tops = [...new Set(carried.applications.map(([, , merit]) => band(carried, priority, merit)))].sort((x, y) => y - x);
    return tops.map((top) => carried.applications.filter(([, , merit], a) => awards[a] && band(carried, priority, merit) === top).length);
  };

  const evenness = (carried, awards) => { // the least share, as [numerator, denominator]
    const shares = carried.applications.map(([, , , , most], a) => [awards[a], most]).filter(([award]) => award);
    return shares.reduce((least, one) => (one[0] * least[1] < least[0] * one[1] ? one : least), [1, 1]);
  };

  // Compares two lists by one priority: above 0 if the first is better.
  const compared = (carried, priority, one, other) => {
    if (priority.form === "ranked") {
      const [x, y] = [ranked(carried, priority, one), ranked(carried, priority, other)];
      const at = x.findIndex((n, i) => n !== y[i]);
      return at < 0 ? 0 : x[at] - y[at];
    }
    if (priority.kind === "evenness") {
      const [x, y] = [evenness(carried, one), evenness(carried, other)];
      return x[0] * y[1] - y[0] * x[1];
    }
    if (priority.kind === "balance") return uneven(carried, priority, other) - uneven(carried, priority, one);
    if (priority.kind === "quota") return worthOfSoft(carried, priority, one) - worthOfSoft(carried, priority, other);
    return worthOf(carried, priority, one) - worthOf(carried, priority, other);
  };

  const scaleOfSoft = (priority) => limitsOf(priority).reduce((all, [bound]) => all * (bound[1] ?? 1), 1);

  const worthOfSoft = (carried, priority, awards) => {
    const scale = scaleOfSoft(priority);
    return -add(shortfalls(carried, priority, awards).map(({ bound, short }) => (Math.max(0, short) * scale) / (bound[1] ?? 1)));
  };

  const worthOf = (carried, priority, awards) => {
    if (priority.kind === "coverage") return covered(carried, priority, awards);
    const worth = ADDITIVE[priority.kind](carried, priority);
    return add(awards.map((award, a) => worth(a, award / carried.unit)));
  };

  // What a list reaches, as people read it: [numerator, denominator].
  const reached = (carried, priority, awards) => {
    if (priority.form === "ranked") return [awards.filter((award) => award).length, 1];
    if (priority.kind === "evenness") return evenness(carried, awards).map((n, i) => (i ? n : 100 * n));
    if (priority.kind === "balance") return [uneven(carried, priority, awards), 1];
    if (priority.kind === "quota") return [-worthOfSoft(carried, priority, awards), scaleOfSoft(priority)];
    return asRead(carried, priority, worthOf(carried, priority, awards));
  };

  // The worth of a sum over applications, in the unit and on the scale of the page: [numerator, denominator].
  const asRead = (carried, priority, worth) => {
    if (priority.form === "ranked") return [worth, 1];
    if (priority.kind === "amount") return [worth * carried.unit, 1];
    const [p, q] = priority.kind === "merit" ? priority.band : [1, 1];
    const scale = p === 0 ? carried.denominator : 1;
    return priority.per === "amount" ? [worth * carried.unit * (p || 1), scale * q] : [worth, scale];
  };

  return { band, ADDITIVE, known, groupsOf, covered, compared, reached, asRead };
})();
