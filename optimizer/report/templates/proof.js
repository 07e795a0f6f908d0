"use strict";
// Works a list out again from what the report carries, apart from the program that made it: every hard rule,
// every total, and that no list is better, priority by priority. Runs in a browser and in Node alike.
const proof = (() => {
  const SAFE = 2 ** 53; // beyond it a double is no longer a whole number
  const MOST_LISTS = 5000; // equal lists that are compared one by one
  const MOST_STATES = 6e9; // steps of the table, about a minute

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

  const obeys = (carried, awards) => carried.rules.every((rule) => !(rule.kind in RULES) || RULES[rule.kind](carried, rule, awards).length === 0);

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
    const worth = worthOf(carried, priority, awards);
    if (priority.kind === "amount") return [worth * carried.unit, 1];
    const [p, q] = priority.kind === "merit" ? priority.band : [1, 1];
    const scale = p === 0 ? carried.denominator : 1;
    return priority.per === "amount" ? [worth * carried.unit * (p || 1), scale * q] : [worth, scale];
  };

  // --- that no list is better: an exact table over the money spent ---------------------------------

  // The priorities that are sums over applications, from the first on, as levels of one number each.
  // The table forgets the rules that tie schools together: its optimum bounds every list from above.
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

  // What one school can get: for each sum of units its best worth, and the ways to get it.
  const tableOf = (carried, members, packs, choices, room) => {
    let table = new Map([[0, { value: packs.map(() => 0), ways: [[]] }]]);
    for (const a of members) {
      const next = new Map();
      for (const [spent, { value, ways }] of table) {
        for (const units of choices[a]) {
          if (spent + units > room) break;
          const sum = value.map((v, k) => v + packs[k].worth(a, units));
          const more = ways.map((way) => [...way, units]);
          const held = next.get(spent + units);
          const sign = held ? better(sum, held.value) : 1;
          if (sign > 0) next.set(spent + units, { value: sum, ways: more });
          else if (sign === 0 && held.ways.length < MOST_LISTS) held.ways.push(...more);
        }
      }
      table = next;
    }
    return [...table].map(([units, entry]) => ({ units, ...entry })).sort((x, y) => x.units - y.units);
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
    const stays = table[0]?.units === 0;
    for (let s = size - 1; s >= 0; s -= 1) {
      if (!stays) { some.value.forEach((value) => { value[s] = -1; }); some.ways[s] = 0; }
      for (const { units, value, ways } of table) {
        if (units === 0) continue;
        if (units > s) break;
        const t = s - units;
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

  const optimum = async (carried, packs, groups, tell) => {
    const choices = choicesOf(carried);
    const all = Math.min(carried.available, add(carried.applications.map(([, , , , most]) => most)));
    const size = Math.floor(all / carried.unit) + 1;
    const roomOf = ([a]) => Math.min(size - 1, Math.floor(capOf(carried, a) / carried.unit));
    const tables = schoolsOf(carried, groups).map((schools) => schools.map((members) => ({ members, table: tableOf(carried, members, packs, choices, roomOf(members)) })));
    const every = tables.flat();
    const steps = size * add(every.map(({ table }) => table.length));
    if (steps > MOST_STATES) return { large: true };
    let current = layer(size, packs);
    current.value.forEach((value) => { value[0] = 0; });
    current.ways[0] = 1; // nobody
    const before = [current]; // each group; the last is what all of them come to
    let done = 0;
    for (const schools of tables) {
      let none = current;
      let some = layer(size, packs);
      for (const { table } of schools) {
        if (!addSchool(some, none, table, packs, size)) none = layer(size, packs);
        done += 1;
        await tell(done / every.length);
      }
      current = merged(none, some, packs, size);
      before.push(current);
    }
    let best = null;
    let ends = [];
    for (let s = 0; s < size; s += 1) {
      if (current.value[0][s] < 0) continue;
      const value = current.value.map((one) => one[s]);
      const sign = best ? better(value, best) : 1;
      if (sign > 0) [best, ends] = [value, [s]];
      else if (sign === 0) ends.push(s);
    }
    const ways = add(ends.map((s) => current.ways[s]));
    return { best, ends, ways, before, tables, size };
  };

  // Every list that the table counts, by going back through it.
  const listsOf = (carried, packs, { ends, before, tables, size }) => {
    const found = [];
    const awards = new Array(carried.applications.length).fill(0);
    const at = (one, s) => packs.map((_, k) => one.value[k][s]);
    const layersOf = (g) => {
      const layers = [];
      let none = before[g];
      const some = layer(size, packs);
      for (const { table } of tables[g]) {
        layers.push({ some: clone(some), none });
        if (!addSchool(some, none, table, packs, size)) none = layer(size, packs);
      }
      return { layers, none, some };
    };
    const built = tables.map(() => null);
    const put = (members, way) => members.forEach((a, i) => { awards[a] = way[i] * carried.unit; });
    const intoGroup = (g, s, value) => {
      if (found.length > MOST_LISTS) return;
      if (g < 0) { if (s === 0) found.push(awards.slice()); return; }
      built[g] ??= layersOf(g);
      const { none, some } = built[g];
      if (none.value[0][s] >= 0 && better(at(none, s), value) === 0) {
        tables[g].forEach(({ members }) => put(members, members.map(() => 0)));
        intoGroup(g - 1, s, value);
      }
      if (some.value[0][s] >= 0 && better(at(some, s), value) === 0) within(g, tables[g].length - 1, s, value);
    };
    const within = (g, i, s, value) => { // the group has somebody funded among its first i + 1 schools
      if (i < 0) return;
      const { members, table } = tables[g][i];
      const { some, none } = built[g].layers[i];
      for (const { units, value: plus, ways } of table) {
        const t = s - units;
        if (t < 0) break;
        for (const way of ways) {
          put(members, way);
          const rest = value.map((v, k) => v - plus[k]);
          if (some.value[0][t] >= 0 && better(at(some, t), rest) === 0) within(g, i - 1, t, rest);
          const first = rest.map((v, k) => v - packs[k].cover);
          if (units > 0 && none.value[0][t] >= 0 && better(at(none, t), first) === 0) {
            tables[g].slice(0, i).forEach((other) => put(other.members, other.members.map(() => 0)));
            intoGroup(g - 1, t, first);
          }
        }
      }
    };
    ends.forEach((s) => intoGroup(tables.length - 1, s, at(before.at(-1), s)));
    return found;
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

  const rulesOf = (carried, awards) => carried.rules.map((rule) => {
    if (!(rule.kind in RULES)) return { what: "rule", of: rule, ok: null };
    const wrong = RULES[rule.kind](carried, rule, awards);
    return { what: "rule", of: rule, ok: wrong.length === 0, wrong };
  });

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

  const prioritiesOf = async (carried, awards, tell) => {
    const { levels, groups } = levelsOf(carried);
    const packs = packed(levels);
    if (packs === null) return open(carried.priorities);
    if (packs.length === 0) packs.push({ levels: [], worth: () => 0, cover: 0 });
    const table = await optimum(carried, packs, groups, tell);
    if (table.large) return open(carried.priorities);
    const bounds = levels.length ? unpacked(packs, table.best) : [];
    const ours = levels.map((level) => (level.cover ? covered(carried, level.priority, awards) : add(awards.map((award, a) => level.worth(a, award / carried.unit)))));
    const at = ours.findIndex((value, i) => value !== bounds[i]);
    const done = at < 0 ? levels.length : at;
    const proved = [...new Set(levels.slice(0, done).map(({ priority }) => priority))].filter((priority) => at < 0 || priority !== levels[at].priority);
    const found = proved.map((priority) => ({ what: "best", of: priority, ok: true }));
    const rest = carried.priorities.slice(proved.length);
    if (at >= 0) {
      // the table forgets quotas across schools: is one of its best lists one that obeys them, too?
      const better = listsOf(carried, packs, table).some((list) => obeys(carried, list));
      const first = { what: "best", of: rest[0], ok: better ? false : null, bound: bounds[at], is: ours[at] };
      return [...found, first, ...open(rest.slice(1))];
    }
    return found.concat(await restOf(carried, awards, packs, table, rest));
  };

  // What the table leaves open is settled list by list: by the priorities that are no sums, then by the draw.
  const restOf = async (carried, awards, packs, table, rest) => {
    if (rest.some((priority) => priority.gives_up || !known(priority))) return [...open(rest), { what: "draw", ok: null }];
    if (table.ways > MOST_LISTS) return [...open(rest), { what: "draw", ok: null, ways: table.ways }];
    const lists = listsOf(carried, packs, table).filter((list) => obeys(carried, list));
    const found = [];
    let left = lists;
    for (const priority of rest) {
      const best = left.reduce((top, list) => (compared(carried, priority, list, top) > 0 ? list : top), awards);
      found.push({ what: "best", of: priority, ok: compared(carried, priority, best, awards) === 0 });
      left = left.filter((list) => compared(carried, priority, list, best) === 0);
    }
    const order = left.length > 1 ? await drawn(carried) : [];
    const top = left.reduce((one, list) => (byDraw(order, list, one) > 0 ? list : one), awards);
    const there = lists.some((list) => list.every((award, a) => award === awards[a]));
    return [...found, { what: "draw", ok: there && byDraw(order, top, awards) === 0, ways: left.length }];
  };

  return { check };
})();
if (typeof module !== "undefined") module.exports = proof;
