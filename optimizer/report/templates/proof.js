// The whole: rules, totals, that no list is better, priority by priority, and the draw.
const proof = (() => {
  const { add, RULES, checkedOf, unsaid, obeys, unread } = proofRules;
  const { known, covered, compared, reached, asRead } = proofGoals;
  const { MOST_LISTS, levelsOf, packed, unpacked } = proofLevels;
  const { optimum, listsOf } = proofTable;

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
