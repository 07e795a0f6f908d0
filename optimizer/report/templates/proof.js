"use strict";
// Works a list out again from what the report carries, apart from the program that made it: every hard rule,
// every total, and that no list is better, priority by priority. Runs in a browser and in Node alike.
const proof = (() => {
  const SAFE = 2 ** 53; // beyond it a double is no longer a whole number
  const MOST_LISTS = 5000; // equal lists that are compared one by one
  const MOST_STATES = 6e9; // steps of the table, about a minute
  const MOST_CELLS = 8e7; // numbers held at a time

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

  // Whom a rule is about and by what it counts, as its Chinese sentence names them; where words for them are carried.
  const PLAIN = ["district", "level"]; // a value of these needs no column beside it
  const abouts = ({ words: called = {} }, { kind, column, value, for_each: each, measure }) => {
    const codes = [
      ...(kind === "quota" && column && !each ? [value] : []), ...(column && (kind === "school_cap" || (kind === "quota" && (each || !PLAIN.includes(column)))) ? [column] : []),
      ...(kind === "quota" && !["count", "amount"].includes(measure) ? [measure] : []),
    ];
    return codes.flatMap((code) => called[`of_${code}`]?.[0] ?? []);
  };

  const MARKS = { ">=": "≥", "<=": "≤", "=": "=", "": "" };
  const unsaid = (carried) => [...carried.rules, ...carried.priorities].flatMap((rule) => {
    const figures = rule.kind in FIGURES ? FIGURES[rule.kind](carried, rule) : [];
    const said = rule.sentence.map(bounds);
    const missing_ = figures.filter((figure) => !said.every((some) => some.some((one) => is(one, figure))));
    const more = figures.some(([, way]) => way) ? said.flatMap((some) => some.filter((one) => one[1] && !figures.some((figure) => is(one, figure)))) : [];
    const names = abouts(carried, rule).filter((name) => !rule.sentence[0].includes(name));
    const wrong = [...missing_.map(([one, way]) => [MARKS[way], Array.isArray(one) ? one.join("/") : one]), ...names.map((name) => [name])];
    return [
      ...(wrong.length ? [{ what: "unsaid", of: rule, ok: false, wrong }] : []),
      ...(more.length && !wrong.length ? [{ what: "uncarried", of: rule, ok: false, wrong: more.map(([one, way]) => [MARKS[way], one]) }] : []),
    ];
  });

  const obeys = (carried, awards) => carried.rules.every((rule) => !(rule.kind in RULES) || RULES[rule.kind](carried, rule, awards).length === 0);

  // A rule that ties awards together and that nothing here can read: of other lists nobody can say that they obey it.
  const unread = (carried) => carried.rules.some(({ kind, ties }) => ties && !(kind in RULES));

  // --- priorities: what a list is worth, as whole numbers; more is better --------------------------

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

  // --- that no list is better: an exact table over the money spent ---------------------------------

  // The priorities that are sums over applications, from the first on, as levels of one number each.
  // Where the table keeps no track of a rule that ties schools together, its optimum bounds every list from above.
  const levelsOf = (carried) => {
    const levels = [];
    let groups = null;
    for (const priority of carried.priorities) {
      if (priority.gives_up) break;
      if (priority.kind === "coverage") {
        if (groups !== null || !alone(carried, groupsOf(carried, priority))) break;
        groups = groupsOf(carried, priority);
        levels.push({ priority, worth: () => 0, cover: 1, most: new Set(groups).size });
      } else if (priority.form === "ranked") {
        levels.push(...rankedLevels(carried, priority));
      } else if (priority.kind in ADDITIVE) {
        const worth = ADDITIVE[priority.kind](carried, priority);
        levels.push({ priority, worth, cover: 0, most: mostOf(carried, worth) });
      } else break;
    }
    return { levels, groups: groups ?? carried.applications.map(() => "") };
  };

  const alone = (carried, cells) => { // whether each school lies in one group
    const of = new Map();
    return carried.applications.every(([, school], a) => {
      if (!of.has(school)) of.set(school, cells[a]);
      return of.get(school) === cells[a];
    });
  };

  const rankedLevels = (carried, priority) => {
    const worths = carried.applications.map(([, , merit]) => band(carried, priority, merit));
    const tops = [...new Set(worths)].sort((x, y) => y - x);
    return tops.map((top) => ({
      priority, cover: 0, worth: (a, units) => (units && worths[a] === top ? 1 : 0), most: worths.filter((one) => one === top).length,
    }));
  };

  const mostOf = (carried, worth) => add(carried.applications.map(([, , , , most], a) => worth(a, most / carried.unit)));

  // Packs levels into as few doubles as hold them exactly: x1 * (most2 + 1) * ... + x2 * ... + xn.
  const packed = (levels) => {
    const packs = [];
    for (const level of levels) {
      const last = packs.at(-1);
      if (level.most + 1 >= SAFE) return null;
      if (last && last.size * (level.most + 1) < SAFE / 4) {
        last.levels.push(level);
        last.size *= level.most + 1;
      } else packs.push({ levels: [level], size: level.most + 1 });
    }
    return packs.map(({ levels: those }) => {
      const join = (number) => those.reduce((sum, level) => sum * (level.most + 1) + number(level), 0);
      return { levels: those, worth: (a, units) => join((level) => level.worth(a, units)), cover: join((level) => level.cover) };
    });
  };

  const unpacked = (packs, values) => packs.flatMap(({ levels }, k) => {
    let rest = values[k];
    return levels.toReversed().map((level) => {
      const value = rest % (level.most + 1);
      rest = Math.floor(rest / (level.most + 1));
      return value;
    }).reverse();
  });

  const better = (one, other) => { // lexicographic
    const at = one.findIndex((value, k) => value !== other[k]);
    return at < 0 ? 0 : one[at] - other[at];
  };

  // What one school can get: for each step through the table its best worth, and the ways to get it.
  const tableOf = ({ members, packs, choices, room, step, kept }) => {
    let table = new Map([[0, { spent: 0, sums: kept.map(() => 0), value: packs.map(() => 0), ways: [[]] }]]);
    for (const a of members) {
      const next = new Map();
      for (const [key, { spent, sums, by = 0, value, ways }] of table) {
        for (const units of choices[a]) {
          if (spent + units > room) break;
          const sum = value.map((v, k) => v + packs[k].worth(a, units));
          const parts = sums.map((one, k) => one + kept[k].part(a, units));
          const to = by + step(a, units);
          const name = kept.length ? `${to} ${parts}` : to;
          const more = ways.map((way) => [...way, units]);
          const held = next.get(name);
          const sign = held ? better(sum, held.value) : 1;
          if (sign > 0) next.set(name, { spent: spent + units, sums: parts, by: to, value: sum, ways: more });
          else if (sign === 0 && held.ways.length < MOST_LISTS) held.ways.push(...more);
        }
      }
      table = next;
    }
    const fine = ({ sums }) => sums.every((one, k) => one >= kept[k].least && one <= kept[k].most);
    return [...table.values()].filter(fine).map(({ by, value, ways }) => ({ by, value, ways })).sort((x, y) => x.by - y.by);
  };

  const choicesOf = (carried) => {
    const { unit } = carried;
    const fixed = carried.rules.filter(({ kind }) => kind === "fixed");
    const kept = Object.assign({}, ...carried.rules.filter(({ kind }) => kind === "promise").map((rule) => rule.kept));
    const floor = Math.max(0, ...carried.rules.filter(({ kind }) => kind === "minimum_award").map((rule) => rule.amount));
    return carried.applications.map(([id, , , least, most]) => {
      const from = Math.max(least, Math.ceil(floor / unit) * unit, id in kept ? Math.ceil(Math.min(kept[id], most) / unit) * unit : 0);
      const found = [];
      for (let award = from; award <= most; award += unit) found.push(award / unit);
      const must = id in kept || fixed.some((rule) => rule.fund.includes(id));
      if (fixed.some((rule) => rule.refuse.includes(id))) return [0];
      return must ? found : [0, ...found];
    });
  };

  const layer = (size, packs) => ({ value: packs.map(() => new Float64Array(size).fill(-1)), ways: new Float64Array(size) });

  const take = (to, s, packs, from, t, plus, cover, ways) => { // offer one more way to a state
    const { value } = to;
    for (let k = 0; k < packs.length; k += 1) {
      const sum = from.value[k][t] + plus[k] + (cover ? packs[k].cover : 0);
      if (sum === value[k][s]) continue;
      if (sum < value[k][s]) return;
      for (let j = 0; j < packs.length; j += 1) value[j][s] = from.value[j][t] + plus[j] + (cover ? packs[j].cover : 0);
      to.ways[s] = from.ways[t] * ways;
      return;
    }
    to.ways[s] += from.ways[t] * ways;
  };

  const addSchool = (some, none, table, packs, size) => { // in place, from the most spent downwards
    const stays = table[0]?.by === 0;
    for (let s = size - 1; s >= 0; s -= 1) {
      if (!stays) { some.value.forEach((value) => { value[s] = -1; }); some.ways[s] = 0; }
      for (const { by, value, ways } of table) {
        if (by === 0) continue;
        if (by > s) break;
        const t = s - by;
        if (some.value[0][t] >= 0) take(some, s, packs, some, t, value, false, ways.length);
        if (none.value[0][t] >= 0) take(some, s, packs, none, t, value, true, ways.length);
      }
    }
    return stays;
  };

  const merged = (none, some, packs, size) => {
    for (let s = 0; s < size; s += 1) if (none.value[0][s] >= 0) take(some, s, packs, none, s, packs.map(() => 0), false, 1);
    return some;
  };

  const clone = (one) => ({ value: one.value.map((value) => value.slice()), ways: one.ways.slice() });

  const schoolsOf = (carried, groups) => { // [group, [school's members ...]]
    const found = new Map();
    carried.applications.forEach(([, school], a) => {
      if (!found.has(groups[a])) found.set(groups[a], new Map());
      const schools = found.get(groups[a]);
      schools.set(school, [...(schools.get(school) ?? []), a]);
    });
    return [...found.values()].map((schools) => [...schools.values()]);
  };

  const capOf = (carried, a) => Math.min(...carried.rules.filter((rule) => rule.kind === "school_cap" && concerns(carried, rule, a)).map(({ amount }) => amount), Infinity);

  // --- quotas across schools: sums that the table keeps track of beside the money ------------------

  const gcd = (x, y) => (y ? gcd(y, x % y) : Math.abs(x));

  // Each bound of a quota as a sum over applications that must lie from least to most.
  const sumsOf = (carried, choices) => {
    const found = carried.rules.filter(({ kind }) => kind === "quota").flatMap((rule) => membersOf(carried, rule).flatMap(([, members]) => {
      const inside = new Set(members);
      const size = (a, units) => sizeOf(carried, rule.measure, a, units * carried.unit);
      const own = (a, units) => (inside.has(a) ? size(a, units) : 0);
      const limits = limitsOf(rule);
      const plain = limits.filter(([bound]) => !Array.isArray(bound));
      const shares = limits.filter(([bound]) => Array.isArray(bound)).map(([[p, q], sense]) => ({
        part: (a, units) => q * own(a, units) - p * size(a, units), least: sense === ">=" ? 0 : -Infinity, most: sense === "<=" ? 0 : Infinity,
      }));
      const [least, most] = [">=", "<="].map((sense) => plain.find(([, one]) => one === sense)?.[0]);
      return [...shares, ...(plain.length ? [{ part: own, least: least ?? -Infinity, most: most ?? Infinity }] : [])];
    }));
    return found.map((sum) => measured(sum, choices)).filter(({ low, high, least, most }) => least > low || most < high);
  };

  const measured = ({ part, least, most }, choices) => { // in the largest unit that divides every part
    const parts = choices.map((units, a) => units.map((one) => part(a, one)));
    const unit = parts.flat().reduce(gcd, 0) || 1;
    const [low, high] = [Math.min, Math.max].map((end) => add(parts.map((some) => end(...some))) / unit);
    return {
      part: (a, units) => part(a, units) / unit, least: Math.ceil(least / unit), most: Math.floor(most / unit), low, high,
      size: high - low + 1, touched: parts.flatMap((some, a) => (some.some((one) => one) ? [a] : [])),
    };
  };

  // Where a sum has to be kept: within one school, within one group, or through the whole table.
  const scopeOf = (sum, places) => {
    const [group, school] = [0, 1].map((k) => new Set(sum.touched.map((a) => places[a].slice(0, k + 1).join(" "))));
    return { ...sum, scope: school.size < 2 ? "school" : group.size < 2 ? "group" : "wide", at: sum.touched[0] };
  };

  const strided = (sums, from) => {
    let stride = from;
    return sums.map((sum) => {
      const one = { ...sum, stride };
      stride *= sum.size;
      return one;
    });
  };
  const states = (sums) => sums.reduce((all, { size }) => all * size, 1);
  const origin = (sums) => add(sums.map(({ low, stride }) => -low * stride));
  const allowed = (sums, s) => sums.every(({ low, least, most, size, stride }) => {
    const value = (Math.floor(s / stride) % size) + low;
    return value >= least && value <= most;
  });

  // A state is (units spent * wide + wide sums) * local + the sums of the group at hand.
  const planOf = (carried, packs, groups, tracked) => {
    const choices = choicesOf(carried);
    const all = Math.min(carried.available, add(carried.applications.map(([, , , , most]) => most)));
    const size = Math.floor(all / carried.unit) + 1;
    const roomOf = ([a]) => Math.min(size - 1, Math.floor(capOf(carried, a) / carried.unit));
    const schools = schoolsOf(carried, groups);
    const places = [];
    schools.forEach((those, g) => those.forEach((members, i) => members.forEach((a) => { places[a] = [g, i]; })));
    const sums = tracked ? sumsOf(carried, choices).map((sum) => scopeOf(sum, places)) : [];
    const wide = sums.filter(({ scope }) => scope === "wide");
    const width = states(wide);
    const parts = schools.map((those, g) => {
      const local = strided(sums.filter(({ scope, at }) => scope === "group" && places[at][0] === g), 1);
      const depth = states(local);
      const beside = [...local, ...strided(wide, depth)];
      const step = (a, units) => units * width * depth + add(beside.map((sum) => sum.part(a, units) * sum.stride));
      const tables = those.map((members, i) => {
        const kept = sums.filter(({ scope, at }) => scope === "school" && places[at][0] === g && places[at][1] === i);
        return { members, table: tableOf({ members, packs, choices, room: roomOf(members), step, kept }) };
      });
      return { tables, local, depth, start: origin(local), cells: size * width * depth };
    });
    const steps = add(parts.map(({ tables, cells }) => cells * add(tables.map(({ table }) => table.length))));
    const held = (packs.length + 1) * (size * width * (parts.length + 1) + Math.max(...parts.map(({ tables, cells }) => (tracked ? tables.length + 2 : 2) * cells), 0));
    return { parts, size: size * width, wide: strided(wide, 1), large: steps > MOST_STATES || (tracked && held > MOST_CELLS), tracked: sums.length };
  };

  const entered = (layer_, { depth, start, cells }, packs) => {
    if (depth === 1) return layer_;
    const into = layer(cells, packs);
    layer_.ways.forEach((ways, t) => {
      into.value.forEach((value, k) => { value[t * depth + start] = layer_.value[k][t]; });
      into.ways[t * depth + start] = ways;
    });
    return into;
  };

  const left = (layer_, { depth, local, cells }, packs) => {
    if (depth === 1) return layer_;
    const into = layer(cells / depth, packs);
    const nothing = packs.map(() => 0);
    for (let s = 0; s < cells; s += 1) {
      if (layer_.value[0][s] >= 0 && allowed(local, s)) take(into, Math.floor(s / depth), packs, layer_, s, nothing, false, 1);
    }
    return into;
  };

  const optimum = async (carried, packs, groups, tell) => {
    let plan = planOf(carried, packs, groups, true);
    if (plan.large && plan.tracked) plan = planOf(carried, packs, groups, false);
    if (plan.large) return { large: true };
    const { parts, size, wide } = plan;
    const count = add(parts.map(({ tables }) => tables.length));
    let current = layer(size, packs);
    current.value.forEach((value) => { value[origin(wide)] = 0; });
    current.ways[origin(wide)] = 1; // nobody
    const before = [current]; // each group; the last is what all of them come to
    let done = 0;
    for (const part of parts) {
      let none = entered(current, part, packs);
      const some = layer(part.cells, packs);
      for (const { table } of part.tables) {
        if (!addSchool(some, none, table, packs, part.cells)) none = layer(part.cells, packs);
        done += 1;
        await tell(done / count);
      }
      current = left(merged(none, some, packs, part.cells), part, packs);
      before.push(current);
    }
    let best = null;
    let ends = [];
    for (let s = 0; s < size; s += 1) {
      if (current.value[0][s] < 0 || !allowed(wide, s)) continue;
      const value = current.value.map((one) => one[s]);
      const sign = best ? better(value, best) : 1;
      if (sign > 0) [best, ends] = [value, [s]];
      else if (sign === 0) ends.push(s);
    }
    return { best, ends, ways: add(ends.map((s) => current.ways[s])), before, parts };
  };

  // Every list that the table counts, by going back through it, group by group.
  const listsOf = (carried, packs, { ends, before, parts }) => {
    const at = (one, s) => packs.map((_, k) => one.value[k][s]);
    const same = (one, s, value) => one.value[0][s] >= 0 && better(at(one, s), value) === 0;
    const nobody = () => new Array(carried.applications.length).fill(0);
    let open = ends.map((s) => ({ s, value: at(before.at(-1), s), awards: nobody() }));
    for (let g = parts.length - 1; g >= 0; g -= 1) {
      const { tables, depth, local, cells } = parts[g];
      const layers = [];
      let none = entered(before[g], parts[g], packs);
      const some = layer(cells, packs);
      for (const { table } of tables) {
        layers.push({ some: clone(some), none });
        if (!addSchool(some, none, table, packs, cells)) none = layer(cells, packs);
      }
      const found = [];
      const add_ = (s, value, awards) => { if (found.length <= MOST_LISTS) found.push({ s: Math.floor(s / depth), value, awards }); };
      const within = (i, s, value, awards) => { // the group has somebody funded among its first i + 1 schools
        if (i < 0 || found.length > MOST_LISTS) return;
        const { members, table } = tables[i];
        for (const { by, value: plus, ways } of table) {
          const t = s - by;
          if (t < 0) break;
          const rest = value.map((v, k) => v - plus[k]);
          const first = rest.map((v, k) => v - packs[k].cover);
          const [later, begins] = [same(layers[i].some, t, rest), by > 0 && same(layers[i].none, t, first)];
          if (!later && !begins) continue;
          for (const way of ways) {
            const put = awards.slice();
            members.forEach((a, k) => { put[a] = way[k] * carried.unit; });
            if (later) within(i - 1, t, rest, put);
            if (begins) add_(t, first, put);
          }
        }
      };
      for (const { s: end, value, awards } of open) {
        for (let l = 0; l < depth; l += 1) {
          const s = end * depth + l;
          if (!allowed(local, s)) continue;
          if (same(none, s, value)) add_(s, value, awards);
          if (same(some, s, value)) within(tables.length - 1, s, value, awards);
        }
      }
      open = found;
    }
    return open.map(({ awards }) => awards);
  };

  // --- the draw ------------------------------------------------------------------------------------

  const drawn = async (carried) => { // applications by the SHA-256 of the seed and their id
    const digest = async (id) => {
      const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${carried.seed}\n${id}`));
      return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
    };
    const keys = await Promise.all(carried.applications.map(([id]) => digest(id)));
    return keys.map((_, a) => a).sort((x, y) => (keys[x] < keys[y] ? -1 : 1));
  };

  const byDraw = (order, one, other) => {
    for (const a of order) {
      if (Boolean(one[a]) !== Boolean(other[a])) return one[a] ? 1 : -1;
      if (one[a] !== other[a]) return one[a] - other[a];
    }
    return 0;
  };

  // --- the whole -----------------------------------------------------------------------------------

  // Yields findings: { what, of, ok: true | false | null (not worked out here), wrong, ... }
  const check = async (carried, tell = async () => {}) => {
    const awards = carried.applications.map((one) => one[5]);
    const found = rulesOf(carried, awards).concat(carried.totals ? totalsOf(carried, awards) : []);
    if (found.some(({ ok }) => ok === false)) return found;
    return found.concat(await prioritiesOf(carried, awards, tell));
  };

  const rulesOf = (carried, awards) => [
    ...carried.rules.map((rule) => {
      if (!(rule.kind in RULES)) return { what: "rule", of: rule, ok: null };
      const wrong = RULES[rule.kind](carried, rule, awards);
      return { what: "rule", of: rule, ok: wrong.length === 0, wrong, checked: checkedOf(carried, rule) };
    }),
    ...unsaid(carried),
  ];

  const totalsOf = (carried, awards) => {
    const funded = awards.filter((award) => award).length;
    const found = [
      { what: "spent", ok: add(awards) === carried.totals.spent, said: carried.totals.spent, is: add(awards) },
      { what: "funded", ok: funded === carried.totals.funded, said: carried.totals.funded, is: funded },
    ];
    const sums = new Map();
    carried.columns.district.forEach((district, a) => sums.set(district, (sums.get(district) ?? 0) + awards[a]));
    const wrong = carried.totals.districts.filter(([district, said]) => (sums.get(district) ?? 0) !== said);
    found.push({ what: "districts", ok: wrong.length === 0, wrong });
    for (const priority of carried.priorities.filter(known)) {
      const [n, d] = reached(carried, priority, awards);
      const [p, q] = priority.reached;
      found.push({ what: "value", of: priority, ok: BigInt(Math.round(n)) * BigInt(q) === BigInt(p) * BigInt(d), is: [n, d] });
    }
    return found;
  };

  const open = (priorities) => priorities.map((priority) => ({ what: "best", of: priority, ok: null })); // not worked out

  // A better list contradicts the report only where it claims that there is none.
  const bettered = (claimed) => (claimed === false ? null : false);

  const prioritiesOf = async (carried, awards, tell) => {
    const { levels, groups } = levelsOf(carried);
    const packs = packed(levels);
    if (packs === null) return open(carried.priorities);
    if (packs.length === 0) packs.push({ levels: [], worth: () => 0, cover: 0 });
    const table = await optimum(carried, packs, groups, tell);
    if (table.large || table.best === null) return open(carried.priorities);
    const bounds = levels.length ? unpacked(packs, table.best) : [];
    const ours = levels.map((level) => (level.cover ? covered(carried, level.priority, awards) : add(awards.map((award, a) => level.worth(a, award / carried.unit)))));
    const at = ours.findIndex((value, i) => value !== bounds[i]);
    const done = at < 0 ? levels.length : at;
    const proved = [...new Set(levels.slice(0, done).map(({ priority }) => priority))].filter((priority) => at < 0 || priority !== levels[at].priority);
    const found = proved.map((priority) => ({ what: "best", of: priority, ok: true }));
    const rest = carried.priorities.slice(proved.length);
    if (at >= 0) {
      // the table may forget quotas across schools: is one of its best lists one that obeys them, too?
      const better = !unread(carried) && listsOf(carried, packs, table).some((list) => obeys(carried, list));
      const [bound, is] = [bounds[at], ours[at]].map((worth) => asRead(carried, rest[0], worth));
      const first = { what: "best", of: rest[0], ok: better ? bettered(rest[0].proved) : null, better, bound, is };
      return [...found, first, ...open(rest.slice(1))];
    }
    return found.concat(await restOf(carried, awards, packs, table, rest));
  };

  // What the table leaves open is settled list by list: by the priorities that are no sums, then by the draw.
  const restOf = async (carried, awards, packs, table, rest) => {
    if (unread(carried) || rest.some((priority) => priority.gives_up || !known(priority))) return [...open(rest), { what: "draw", ok: null }];
    if (table.ways > MOST_LISTS) return [...open(rest), { what: "draw", ok: null, ways: table.ways }];
    const lists = listsOf(carried, packs, table).filter((list) => obeys(carried, list));
    const found = [];
    let left = lists;
    for (const priority of rest) {
      const best = left.reduce((top, list) => (compared(carried, priority, list, top) > 0 ? list : top), awards);
      const better = compared(carried, priority, best, awards) !== 0;
      const [bound, is] = [best, awards].map((list) => reached(carried, priority, list));
      found.push({ what: "best", of: priority, ok: better ? bettered(priority.proved) : true, better, bound, is });
      if (better) return [...found, ...open(rest.slice(found.length)), { what: "draw", ok: null }];
      left = left.filter((list) => compared(carried, priority, list, best) === 0);
    }
    if (left.length > 1 && !globalThis.crypto?.subtle) return [...found, { what: "draw", ok: null, ways: left.length }]; // a page from an insecure address
    const order = left.length > 1 ? await drawn(carried) : [];
    const top = left.reduce((one, list) => (byDraw(order, list, one) > 0 ? list : one), awards);
    const there = lists.some((list) => list.every((award, a) => award === awards[a]));
    const picked = there && byDraw(order, top, awards) === 0;
    return [...found, { what: "draw", ok: picked || bettered(carried.settled), better: !picked, ways: left.length }];
  };

  return { check };
})();
if (typeof module !== "undefined") module.exports = proof;
