// The priorities that are sums over applications, packed into numbers; what each school can have of them.
const proofLevels = (() => {
  const { add, concerns } = proofRules;
  const { band, ADDITIVE, groupsOf } = proofGoals;

  const SAFE = 2 ** 53; // beyond it a double is no longer a whole number
  const MOST_LISTS = 5000; // equal lists that are compared one by one

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

  return { MOST_LISTS, levelsOf, packed, unpacked, better, tableOf, choicesOf, layer, take, addSchool, merged, clone, schoolsOf, capOf };
})();
