"use strict";
// Works a list out again from what the report carries, apart from the program that made it. Here: every hard rule, and
// that the sentence of each says what is checked. The parts of the proof run in a browser and in Node alike.
const proofRules = (() => {
  // --- reading ----------------------------------------------------------------------------------

  const words = (cell) => (Array.isArray(cell) ? cell : [cell]);

  const membersOf = (carried, rule) => { // the groups of a quota: what each is called, and who is in it
    const everyone = carried.applications.map((_, a) => a);
    if (!rule.column) return [["", everyone]];
    const cells = carried.columns[rule.column];
    const inside = (value) => everyone.filter((a) => words(cells[a]).includes(value));
    const values = rule.for_each ? rule.values : [rule.value];
    return values.map((value) => [value, inside(value)]);
  };

  const sizeOf = (carried, measure, a, award) => {
    if (measure === "count") return award ? 1 : 0;
    if (measure === "amount") return award;
    return award ? carried.sizes[measure][a] : 0;
  };

  const add = (numbers) => numbers.reduce((sum, one) => sum + one, 0);

  // What is missing from a bound, times its denominator: 0 or less where it is kept.
  const missing = (ours, total, bound, sense) => {
    const [p, q] = Array.isArray(bound) ? bound : [bound, 0]; // a share of the total, or a number
    const gap = q ? p * total - q * ours : p - ours;
    return sense === ">=" ? gap : -gap;
  };

  const limitsOf = (rule) => {
    const least = rule.exactly ?? rule.at_least;
    const most = rule.exactly ?? rule.at_most;
    return [[least, ">="], [most, "<="]].filter(([bound]) => bound !== null && bound !== undefined);
  };

  const shortfalls = (carried, rule, awards) => {
    const sizes = carried.applications.map((_, a) => sizeOf(carried, rule.measure, a, awards[a]));
    const total = add(sizes);
    return membersOf(carried, rule).flatMap(([about, members]) => {
      const ours = add(members.map((a) => sizes[a]));
      return limitsOf(rule).map(([bound, sense]) => ({ about, ours, bound, short: missing(ours, total, bound, sense) }));
    });
  };

  // Whether a cap holds for the school of an application: it may be for schools of some size.
  const concerns = (carried, { column, over, up_to: upTo }, a) => {
    if (!column) return true;
    const size = Number(carried.columns[column][a]); // a blank is no number, and of no size
    return size > (over ?? -1) && size <= (upTo ?? Infinity);
  };

  // --- hard rules: each yields what is wrong, as [who or where, figure] ---------------------------

  const RULES = {
    pool: (carried, rule, awards) => {
      const spent = add(awards);
      return spent > carried.available ? [["", spent]] : [];
    },
    award: (carried, rule, awards) => carried.applications.flatMap(([id, , , least, most], a) => {
      const award = awards[a];
      const whole = Number.isInteger(award) && award >= 0 && award % carried.unit === 0;
      return whole && (award === 0 || (award >= least && award <= most)) ? [] : [[id, award]];
    }),
    minimum_merit: (carried, rule) => carried.applications.flatMap(([id, , merit]) =>
      merit * rule.points[1] < rule.points[0] * carried.denominator ? [[id, merit / carried.denominator]] : []),
    school_cap: (carried, rule, awards) => {
      const sums = new Map();
      carried.applications.forEach(([, school], a) => {
        if (concerns(carried, rule, a)) sums.set(school, (sums.get(school) ?? 0) + awards[a]);
      });
      return [...sums].filter(([, sum]) => sum > rule.amount).map(([school, sum]) => [carried.schools[school], sum]);
    },
    quota: (carried, rule, awards) => shortfalls(carried, rule, awards)
      .filter(({ short }) => short > 0).map(({ about, ours }) => [about, ours]),
    fixed: (carried, rule, awards) => carried.applications.flatMap(([id], a) =>
      (rule.fund.includes(id) && !awards[a]) || (rule.refuse.includes(id) && awards[a]) ? [[id, awards[a]]] : []),
    minimum_award: (carried, rule, awards) => carried.applications.flatMap(([id], a) =>
      awards[a] && awards[a] < rule.amount ? [[id, awards[a]]] : []),
    promise: (carried, rule, awards) => carried.applications.flatMap(([id, , , , most], a) =>
      id in rule.kept && awards[a] < Math.max(1, Math.min(rule.kept[id], most)) ? [[id, awards[a]]] : []),
  };

  // What was held against the awards, in figures of the rule: { name of a phrase: figures }. The page prints this
  // and not the sentence of the rule, so that it cannot name another figure than the one that was checked.
  const CHECKED = {
    pool: ({ available, pool }) => ({ pool: { most: available, amount: pool } }),
    award: ({ unit }) => ({ award: { unit } }),
    minimum_merit: (_, { points }) => ({ merit: { least: points } }),
    school_cap: (_, { amount, column, over, up_to: upTo }) => ({
      cap: { most: amount },
      ...(column && over !== null ? { over: { column, n: over } } : {}), ...(column && upTo !== null ? { up_to: { column, n: upTo } } : {}),
    }),
    quota: (carried, rule) => ({
      ...(rule.column ? { group: { column: rule.column, values: rule.for_each ? rule.values : [rule.value] } } : {}),
      measure: { measure: rule.measure },
      ...Object.fromEntries(limitsOf(rule).map(([bound, sense]) => [sense === ">=" ? "least" : "most", { n: bound, share: Array.isArray(bound) }])),
    }),
    fixed: (_, { fund, refuse }) => ({ ...(fund.length ? { fund: { who: fund } } : {}), ...(refuse.length ? { refuse: { who: refuse } } : {}) }),
    minimum_award: (_, { amount }) => ({ floor: { least: amount } }),
    promise: (_, { kept }) => ({ kept: { n: Object.keys(kept).length, sum: add(Object.values(kept)) } }),
  };
  const checkedOf = (carried, rule) => CHECKED[rule.kind](carried, rule);

  // --- that the sentence of a rule says what is checked: figures, which way each bounds, whom it is about ---

  const given = (value) => value !== null && value !== undefined;
  // What a rule states: [a whole number or [numerator, denominator], the way it bounds; "" for any].
  const FIGURES = {
    pool: ({ pool }, { amount, contingency }) => [[pool, ""], [amount, ""], [pool - contingency, "<="]],
    award: ({ unit }) => [[unit, ""]],
    minimum_merit: (_, { points }) => [[points, ">="]],
    school_cap: (_, { amount, column, over, up_to: upTo }) => [
      [amount, "<="], ...(column && given(over) ? [[over + 1, ">="]] : []), ...(column && given(upTo) ? [[upTo, "<="]] : []),
    ],
    quota: (_, rule) => (given(rule.exactly) ? [[rule.exactly, "="]] : limitsOf(rule)),
    minimum_award: (_, { amount }) => [[amount, ">="]],
    promise: (_, { kept }) => [[Object.keys(kept).length, ""]],
    merit: (_, { band: width, form }) => (form !== "ranked" && width[0] ? [[width, ""]] : []),
    disadvantage: (_, { weights }) => Object.values(weights).map((weight) => [weight, ""]),
  };

  // The numbers of a sentence, each with the way it bounds: words before it say so, or words behind it. What is quoted is a name.
  const QUOTED = /「[^」]*」|"[^"]*"/g;
  const WORDS = /(?<least>至少|未達|at least|below)|(?<most>至多|不超過|at most|within)|(?<exact>恰|exactly)|(?<number>\d[\d,]*(\.\d+)?(\/\d+)?)(\s*([a-z]+ )?((?<more>以上|or more)|(?<fewer>以下|or fewer)|(?<to>至(?![少多])|to (?=\d))))?/g;
  const bounds = (sentence) => {
    let way = "";
    return Array.from(sentence.replace(QUOTED, "").matchAll(WORDS)).flatMap(({ groups: { least, most, exact, number, more, fewer, to } }) => {
      if (number === undefined) {
        way = (least && ">=") || (most && "<=") || (exact && "=");
        return [];
      }
      const [p, q = "1"] = number.replaceAll(",", "").split("/");
      const bound = [Number(p) / Number(q), more || to ? ">=" : fewer ? "<=" : way];
      way = to ? "<=" : ""; // from so many to so many
      return [bound];
    });
  };

  const is = ([one, said], [figure, way]) => { // as it is, or in per cent; sentences write fractions exactly
    if (way && way !== said) return false;
    if (!Array.isArray(figure)) return one === figure;
    const near = (other) => Math.abs(one - other) <= 1e-9 * Math.abs(other);
    return near(figure[0] / figure[1]) || near((100 * figure[0]) / figure[1]);
  };

  // Whom a rule is about and by what it counts, as its sentences name them; where words for them are carried.
  const PLAIN = ["district", "level"]; // a value of these needs no column beside it
  const abouts = ({ words: called = {} }, { kind, column, value, for_each: each, measure }) => {
    const bounded = kind === "quota";
    const plain = bounded && !each && PLAIN.includes(column);
    const names = [
      ...(bounded && column && !each ? [`value_${value}`] : []),
      ...(column && !plain && ["quota", "school_cap", "coverage", "balance"].includes(kind) ? [`column_${column}`] : []),
      ...(bounded && !["count", "amount"].includes(measure) ? [`column_${measure}`] : []),
    ];
    const own = names.map((name) => called[name]).filter(Boolean);
    return kind === "school_cap" ? own.map(([zh]) => [zh, ""]) : own; // in English: one student, two students
  };

  const MARKS = { ">=": "≥", "<=": "≤", "=": "=", "": "" };
  const unsaid = (carried) => [...carried.rules, ...carried.priorities].flatMap((rule) => {
    const figures = rule.kind in FIGURES ? FIGURES[rule.kind](carried, rule) : [];
    const said = rule.sentence.map(bounds);
    const missing_ = figures.filter((figure) => !said.every((some) => some.some((one) => is(one, figure))));
    const more = figures.some(([, way]) => way) ? said.flatMap((some) => some.filter((one) => one[1] && !figures.some((figure) => is(one, figure)))) : [];
    const names = abouts(carried, rule).filter((name) => name.some((one, language) => !rule.sentence[language].includes(one)));
    const wrong = [...missing_.map(([one, way]) => [MARKS[way], Array.isArray(one) ? one.join("/") : one]), ...names.map(([name]) => [name])];
    return [
      ...(wrong.length ? [{ what: "unsaid", of: rule, ok: false, wrong }] : []),
      ...(more.length && !wrong.length ? [{ what: "uncarried", of: rule, ok: false, wrong: more.map(([one, way]) => [MARKS[way], one]) }] : []),
    ];
  });

  const obeys = (carried, awards) => carried.rules.every((rule) => !(rule.kind in RULES) || RULES[rule.kind](carried, rule, awards).length === 0);

  // A rule that ties awards together and that nothing here can read: of other lists nobody can say that they obey it.
  const unread = (carried) => carried.rules.some(({ kind, ties }) => ties && !(kind in RULES));

  return { words, membersOf, sizeOf, add, limitsOf, shortfalls, concerns, RULES, checkedOf, unsaid, obeys, unread };
})();
