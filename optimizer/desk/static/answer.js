// One answer, drawn in one go: five numbers, scores, districts, the table. It works nothing out but
// which rows are shown, in which order. Texts come from the server, in one language.
const ROW = 36, CARD = 168, BEYOND = 8, KEPT = 'subsidy columns', DRAWN = 'subsidy map';
const PHONE = matchMedia('(max-width: 600px)'); // there, a row is a card of several lines; see desk.css

// What was chosen last in this browser: the columns that are hidden, whether districts are a map.
function kept(name, otherwise) {
  try { return JSON.parse(localStorage.getItem(name)) ?? otherwise; } catch { return otherwise; }
}

// Which way a number went, for who sees and for who hears.
const MOVED = {
  template: `<span aria-hidden="true">{{ up ? '▲' : '▼' }}</span><span class="heard">{{ up ? words.more : words.less }} </span>`,
  props: { up: Boolean, words: Object },
};

const SHARES = [['no', '', 'none_applied'], ['none', '', 'none_funded'], [1, '≤ 25%'], [2, '≤ 50%'], [3, '≤ 75%'], [4, '≤ 100%']]; // as in the figures

export default {
  template: `
  <div class="answer" :class="{waiting: late}" :aria-busy="since !== null">
    <a v-show="there" class="skip" href="#" @click.prevent="$refs.scroller.focus()">{{ words.to_table }}</a>
    <dl v-show="there" class="numbers">
      <div v-for="one in numbers" :key="one.name">
        <dt>{{ one.title }}</dt>
        <dd><b>{{ one.value }}</b> {{ one.unit }}
          <span v-if="one.change" class="change" :class="{better: one.better === true, worse: one.better === false}"
            ><moved :up="one.up" :words="words"></moved>{{ one.change }}</span></dd>
      </div>
    </dl>
    <p class="proof" role="status"><span class="dot" :class="{proved: proved && there && since === null, doubt: !proved && there && since === null}" aria-hidden="true"></span>
      <span>{{ late ? words.waiting + ' ' + elapsed + ' s' : there ? status : absent }}</span>
      <span v-if="there && differs" class="small">▲▼ {{ against }}</span></p>
    <div v-show="there" class="figures">
      <section :aria-label="words.scores">
        <h2>{{ words.scores }}</h2>
        <canvas ref="canvas" role="img" :aria-label="summary" @click="pick"></canvas>
        <p class="legend" aria-hidden="true"><i class="full"></i>{{ words.funded }} <i class="hollow"></i>{{ words.not_funded }}
          <i class="ring"></i>{{ words.passed_over }}<span v-if="differs">　{{ words.moves }}</span></p>
      </section>
      <section :aria-label="words.districts">
        <div class="headed">
          <h2>{{ words.districts }}</h2>
          <div v-if="map" role="group" :aria-label="words.districts_as" class="ways">
            <button v-for="way in [true, false]" :key="way" class="chip" :aria-pressed="mapped === way" @click="see(way)">{{ way ? words.map : words.list }}</button>
          </div>
        </div>
        <template v-if="mapped">
          <svg class="map" :viewBox="box" role="group" :aria-label="words.districts">
            <defs><pattern id="hatched" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V5" stroke="#767676"></path></pattern></defs>
            <g v-for="at in map.areas" :key="at.name" class="area" :class="['share-' + share(of[at.name]), {chosen: district === at.name}]"
              role="button" tabindex="0" :aria-pressed="district === at.name" :aria-label="tells(of[at.name])" @click="choose(at.name)"
              @keydown.enter="choose(at.name)" @keydown.space.prevent="choose(at.name)" @mouseenter="pointed = at.name" @mouseleave="pointed = ''" @focus="pointed = at.name" @blur="pointed = ''">
              <path :d="at.path"></path>
              <text v-if="at.place && !phone" aria-hidden="true"><tspan :x="at.place[0]" :y="at.place[1] - 3">{{ at.name }}</tspan><tspan :x="at.place[0]" :y="at.place[1] + 11">{{ counted(of[at.name]) }}</tspan></text>
            </g>
          </svg>
          <p class="pointed" aria-hidden="true">{{ pointed || district ? tells(of[pointed || district]) : words.point }}</p>
          <p class="legend" aria-hidden="true">{{ words.on_map }}<span v-for="one in shares" :key="one[0]" class="swatch" :class="'share-' + one[0]">{{ one[1] || words[one[2]] }}</span></p>
        </template>
        <ul v-if="tiled.length" class="districts" tabindex="0" :aria-label="words.districts">
          <li v-for="one in tiled" :key="one[0]">
            <button :aria-pressed="district === one[0]" @click="choose(one[0])">
              <span class="name">{{ one[0] }}</span>
              <span class="count"><span aria-hidden="true">{{ sign(one) }}</span> {{ one[2] }}/{{ one[1] }}<span v-if="one[2] !== one[3]" class="change"><moved :up="one[2] > one[3]" :words="words"></moved>{{ Math.abs(one[2] - one[3]) }}</span></span>
              <span class="bar" aria-hidden="true" :style="{width: 100 * one[1] / widest + '%'}"
                ><span :style="{width: one[1] ? 100 * one[2] / one[1] + '%' : 0}"></span></span>
            </button>
          </li>
        </ul>
        <p v-if="tiled.length" class="legend inked" aria-hidden="true">● {{ words.some_funded }}　○ {{ words.none_funded }}　– {{ words.none_applied }}<span v-if="differs">　{{ words.counts }}</span></p>
      </section>
    </div>
    <div v-show="there" class="tools">
      <div role="group" :aria-label="words.which">
        <button v-for="one in chips" :key="one.name" class="chip" :aria-pressed="which === one.name"
          @click="which = one.name">{{ one.title }} {{ money(one.count) }}</button>
        <button v-if="district" class="chip" aria-pressed="true" @click="district = ''">{{ district }} ✕</button>
      </div>
      <div class="inline">
        <details class="columns" @toggle="choosing = $event.target.open" @keydown.esc="$event.currentTarget.open = false">
          <summary>{{ words.columns_shown }}</summary>
          <div v-if="choosing"><label v-for="n in choosable" :key="n"><input type="checkbox" :checked="!hidden.includes(n)" @change="toggle(n)"> {{ words.columns[n] }}</label></div>
        </details>
        <label>{{ words.search }} <input type="search" v-model="search"></label>
      </div>
    </div>
    <div v-show="there" class="table" ref="scroller" tabindex="0" role="region" :aria-label="words.table" @scroll.passive="top = $event.target.scrollTop">
      <table role="table" :aria-rowcount="shown.length + 1">
        <thead role="rowgroup"><tr role="row" aria-rowindex="1">
          <th v-for="at in columns" :key="at" scope="col" role="columnheader" :class="{number: numeric(at)}"
            :aria-sort="at === by ? (down ? 'descending' : 'ascending') : null">
            <button @click="sort(at)">{{ words.columns[at] }}<span aria-hidden="true">{{ at === by ? (down ? ' ↓' : ' ↑') : '' }}</span></button></th>
        </tr></thead>
        <tbody role="rowgroup">
          <tr v-if="from" aria-hidden="true" :style="{height: from * row + 'px'}"></tr>
          <tr v-for="(one, at) in visible" :key="one[1]" role="row" :aria-rowindex="from + at + 2" :class="[one[10], {moved: one[8], chosen: one[1] === chosen}]"
            @click="open(one[1])">
            <td v-for="n in columns" :key="n" role="cell" :class="{number: numeric(n), long: n === 9 || n === 3}" :data-label="numeric(n) ? words.columns[n] : null">
              <button v-if="n === 1" @click.stop="open(one[1])">{{ one[1] }}</button>
              <template v-else>{{ said(one[n], n, one) }}</template></td>
          </tr>
          <tr v-if="below" aria-hidden="true" :style="{height: below * row + 'px'}"></tr>
        </tbody>
      </table>
      <p v-if="!shown.length">{{ words.nothing }}</p>
    </div>
  </div>`,
  components: { moved: MOVED },
  props: { words: Object, map: Object },
  data() {
    return { there: true, absent: '', numbers: [], proved: false, status: '', against: '', districts: [], rows: [], line: null, late: false,
      since: null, elapsed: '0.0', which: 'all', district: '', search: '', by: 0, down: false, top: 0,
      chosen: '', height: 400, phone: PHONE.matches, hidden: kept(KEPT, []), choosing: false, shares: SHARES, drawn: kept(DRAWN, null), pointed: '' };
  },
  created() { this.reasons = []; },
  mounted() {
    this.measure = new ResizeObserver(() => { this.height = this.$refs.scroller.clientHeight; this.draw(); });
    this.measure.observe(this.$refs.scroller);
    this.measure.observe(this.$refs.canvas);
    this.turned = event => { this.phone = event.matches; };
    PHONE.addEventListener('change', this.turned);
    this.$emit('ready');
  },
  unmounted() {
    PHONE.removeEventListener('change', this.turned);
    this.measure.disconnect();
    clearInterval(this.clock);
  },
  computed: {
    columns() { return this.words.columns.map((_, n) => n).filter(n => !this.hidden.includes(n)); },
    choosable() { return this.words.columns.map((_, n) => n).filter(n => n !== 1); },
    row() { return this.phone ? CARD : ROW; },
    differs() { return this.rows.some(one => one[8]); },
    of() { return Object.fromEntries(this.districts.map(one => [one[0], one])); },
    box() { return `-1 -1 ${this.map.across + 2} ${this.map.high + 2}`; },
    mapped() { return Boolean(this.map) && (this.drawn ?? !this.phone); },
    tiled() {
      if (!this.mapped) return this.districts;
      const drawn = new Set(this.map.areas.map(at => at.name));
      return this.districts.filter(one => !drawn.has(one[0]));
    },
    widest() { return Math.max(1, ...this.districts.map(one => one[1])); },
    chips() {
      const count = test => this.rows.reduce((sum, one) => sum + (test(one) ? 1 : 0), 0);
      return Object.entries(this.words.chips).map(([name, title]) => ({ name, title, count: count(this.test(name)) }));
    },
    ranked() { return this.rows.filter(one => one[10] !== 'ineligible' && one[5] !== null).sort((a, b) => a[0] - b[0]); },
    shown() {
      const test = this.test(this.which), words = this.search.trim().toLowerCase(), by = this.by;
      const chosen = this.rows.filter(one => test(one) && (!this.district || one[4] === this.district) &&
        (!words || one.slice(1, 5).some(cell => String(cell).toLowerCase().includes(words)) || one[9].toLowerCase().includes(words)));
      const sign = this.down ? -1 : 1;
      return chosen.sort((a, b) => {
        if (a[by] === null || b[by] === null) return (a[by] === null) - (b[by] === null);
        return sign * (typeof a[by] === 'number' ? a[by] - b[by] : a[by].localeCompare(b[by], 'zh-TW'));
      });
    },
    from() { return Math.max(0, Math.min(Math.floor(this.top / this.row) - BEYOND, this.shown.length - 1)); },
    visible() { return this.shown.slice(this.from, this.from + Math.ceil(this.height / this.row) + 2 * BEYOND); },
    below() { return this.shown.length - this.from - this.visible.length; },
    summary() {
      const funded = this.rows.filter(one => one[10] === 'funded').length;
      return `${this.words.scores}：${this.words.funded} ${funded}，${this.words.not_funded} ${this.ranked.length - funded}`;
    },
  },
  methods: {
    show(answer) {
      if (answer.rows) { this.rows = Object.freeze(answer.rows.map(Object.freeze)); this.reasons = []; }
      else {
        const by = new Map(answer.changed.map(one => [one[1], one]));
        this.rows = this.saying(this.rows.map(one => by.get(one[1]) || one), () => '');
      }
      Object.assign(this, { numbers: answer.numbers, proved: answer.proved, status: answer.status, against: answer.against,
        districts: answer.districts, line: answer.line });
      this.there = true;
      this.wait(false);
      this.$nextTick(this.draw);
    },
    none(absent) { this.there = false; this.absent = absent; this.wait(false); },
    explain(changed) {
      for (const [n, reason] of changed) this.reasons[n] = reason;
      this.rows = this.saying(this.rows, n => this.reasons[n]);
    },
    saying(rows, reason) {
      return Object.freeze(rows.map((one, n) => Object.freeze([...one.slice(0, 9), reason(n), one[10]])));
    },
    wait(yes) {
      clearInterval(this.clock);
      this.late = false;
      this.since = yes ? performance.now() : null;
      if (!yes) return;
      this.clock = setInterval(() => {
        const since = performance.now() - this.since;
        this.late = since > 150;
        this.elapsed = (since / 1000).toFixed(1);
      }, 50);
    },
    test(name) {
      if (name === 'changed') return one => one[8] !== 0;
      return name === 'all' ? () => true : one => one[10] === name;
    },
    numeric(at) { return at === 0 || (at >= 5 && at <= 8); },
    money(value) { return value.toLocaleString('en-US'); },
    said(cell, at, one) {
      if (cell === null) return '—';
      if (at === 8) return cell ? this.move(cell, one[7]) : '';
      if (at === 5) return cell.toFixed(2);
      if (at === 7 && !cell) return one[10] === 'ineligible' ? this.words.ineligible : '—';
      if (at === 9) return cell || '…';
      return at === 6 || at === 7 ? this.money(cell) : cell;
    },
    move(change, now) {
      const was = now - change, old = `（${this.words.before} ${this.money(was)}）`;
      if (!was) return `▲ ${this.words.came}`;
      if (!now) return `▼ ${this.words.left}${old}`;
      return `± ${change > 0 ? '+' : '−'}${this.money(Math.abs(change))}${old}`;
    },
    share(one) { return !one || !one[1] ? 'no' : !one[2] ? 'none' : Math.ceil(4 * one[2] / one[1]); },
    counted(one) {
      if (!one) return '';
      const by = one[2] - one[3];
      return `${one[2]}/${one[1]}${by ? (by > 0 ? ' ▲' : ' ▼') + Math.abs(by) : ''}`;
    },
    tells(one) {
      if (!one) return '';
      const by = one[2] - one[3], moved = by ? ` ${by > 0 ? this.words.more : this.words.less} ${Math.abs(by)}` : '';
      return `${one[0]} ${one[2]}/${one[1]}${moved}`;
    },
    see(drawn) { this.drawn = drawn; localStorage.setItem(DRAWN, JSON.stringify(drawn)); },
    sign(one) { return one[2] ? '●' : one[1] ? '○' : '–'; },
    toggle(n) {
      this.hidden = this.hidden.includes(n) ? this.hidden.filter(one => one !== n) : [...this.hidden, n];
      localStorage.setItem(KEPT, JSON.stringify(this.hidden));
    },
    sort(at) { this.down = at === this.by ? !this.down : at >= 5 && at <= 8; this.by = at; },
    choose(name) { this.district = this.district === name ? '' : name; },
    open(id) { this.chosen = id; this.$emit('open', id); this.draw(); },
    find(id) {
      const at = () => this.shown.findIndex(one => one[1] === id);
      if (at() < 0) Object.assign(this, { which: 'all', district: '', search: '' });
      this.$nextTick(() => { this.$refs.scroller.scrollTop = Math.max(0, (at() - 3) * this.row); });
      this.open(id);
    },
    place(canvas) {
      const ranked = this.ranked, merits = ranked.map(one => one[5]);
      const low = Math.min(...merits), high = Math.max(...merits), span = high - low || 1;
      const width = canvas.clientWidth - 50, tall = canvas.clientHeight - 42;
      return { ranked, low, high, x: at => 40 + width * (at + 0.5) / ranked.length, y: merit => 16 + tall * (high - merit) / span };
    },
    draw() {
      const canvas = this.$refs.canvas, scale = window.devicePixelRatio || 1;
      if (!canvas) return;
      canvas.width = canvas.clientWidth * scale; canvas.height = canvas.clientHeight * scale;
      const pen = canvas.getContext('2d');
      pen.scale(scale, scale);
      const { ranked, low, high, x, y } = this.place(canvas);
      pen.font = '12px sans-serif'; pen.fillStyle = pen.strokeStyle = '#4a4a4a'; pen.textAlign = 'center'; pen.lineWidth = 1;
      if (!ranked.length) { pen.fillText(this.words.nobody, canvas.clientWidth / 2, canvas.clientHeight / 2); return; }
      pen.textAlign = 'right';
      for (const merit of [low, (low + high) / 2, high]) pen.fillText(merit.toFixed(1), 34, y(merit) + 4);
      pen.textAlign = 'center';
      pen.fillText(this.words.rank, canvas.clientWidth / 2, canvas.clientHeight - 4);
      const size = ranked.length > 1000 ? 1.5 : 3;
      const at = this.line === null ? -1 : ranked.filter(one => one[5] >= this.line).length;
      if (at > 0) {
        pen.setLineDash([5, 3]); pen.beginPath(); pen.moveTo(x(at - 0.5), 4); pen.lineTo(x(at - 0.5), canvas.clientHeight - 20); pen.stroke(); pen.setLineDash([]);
      }
      ranked.forEach((one, n) => {
        const funded = one[10] === 'funded', over = !funded && n < at;
        pen.beginPath(); pen.arc(x(n), y(one[5]), size, 0, 7);
        pen.fillStyle = '#0072B2'; pen.strokeStyle = funded ? '#0072B2' : over ? '#B34700' : '#767676';
        if (funded) pen.fill(); else pen.stroke();
        if (over && size > 2) { pen.beginPath(); pen.arc(x(n), y(one[5]), 6, 0, 7); pen.stroke(); }
        if (one[1] === this.chosen) { pen.strokeStyle = '#222'; pen.strokeRect(x(n) - 8, y(one[5]) - 8, 16, 16); }
        if (one[8]) { pen.fillStyle = '#222'; pen.fillText(one[8] > 0 ? '▲' : '▼', x(n), y(one[5]) - 7); }
      });
    },
    pick(event) {
      const { ranked, x, y } = this.place(this.$refs.canvas);
      const far = (one, n) => Math.hypot(x(n) - event.offsetX, y(one[5]) - event.offsetY);
      let best = null, least = 20;
      ranked.forEach((one, n) => { const d = far(one, n); if (d < least) { least = d; best = one; } });
      if (best) this.find(best[1]);
    },
  },
};
