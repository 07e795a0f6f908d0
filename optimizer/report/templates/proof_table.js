// The best lists by these: an exact table over the money spent and over what rules add up across schools.
const proofTable = (() => {
  const { membersOf, sizeOf, add, limitsOf } = proofRules;
  const { MOST_LISTS, better, tableOf, choicesOf, layer, take, addSchool, merged, clone, schoolsOf, capOf } = proofLevels;

  const MOST_STATES = 6e9; // steps of the table, about a minute
  const MOST_CELLS = 8e7; // numbers held at a time

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

  return { optimum, listsOf };
})();
