"use strict";
// Search over words and their beginnings and over groups of three letters,
// which forgive typing errors. All texts are in the page: nothing is fetched.
const fold = s => s.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
const wordsOf = s => fold(s).match(/[\p{L}\p{N}]+/gu) || [];
const gramsOf = w => { const p = "_" + w + "_", out = []; for (let i = 0; i + 3 <= p.length; i++) out.push(p.slice(i, i + 3)); return out; };
const termsOf = s => { const m = new Map(); for (const w of wordsOf(s)) { m.set("w" + w, 1); for (const g of gramsOf(w)) m.set("g" + g, 1); } return m; };
const docs = articles.map(a => ({ a, title: termsOf(a.t + " " + a.a), body: termsOf(a.b) }));
const seen = new Map();
for (const d of docs) for (const k of new Set([...d.title.keys(), ...d.body.keys()])) seen.set(k, (seen.get(k) || 0) + 1);
const rare = k => Math.log(1 + (docs.length - (seen.get(k) || 0) + 0.5) / ((seen.get(k) || 0) + 0.5));
function find(question) {
  const terms = [...termsOf(question).keys()];
  const total = { w: 0, g: 0 };
  for (const k of terms) total[k[0]] += rare(k);
  return docs.map(d => {
    const s = { w: 0, g: 0 };
    for (const k of terms) s[k[0]] += rare(k) * ((d.title.has(k) ? 2 : 0) + (d.body.has(k) ? 1 : 0));
    return { a: d.a, score: (total.w ? s.w / total.w : 0) + (total.g ? s.g / total.g : 0) };
  }).filter(h => h.score > 0.6).sort((x, y) => y.score - x.score || (x.a.f < y.a.f ? -1 : 1)).slice(0, 10);
}
const box = document.getElementById("q"), list = document.getElementById("found");
box.addEventListener("input", () => {
  list.replaceChildren();
  if (!box.value.trim()) return;
  const hits = find(box.value);
  if (!hits.length) { const p = document.createElement("p"); p.textContent = list.dataset.none; list.append(p); }
  for (const h of hits) {
    const li = document.createElement("li"), a = document.createElement("a"), p = document.createElement("p");
    a.href = h.a.f; a.textContent = h.a.t;
    p.textContent = h.a.b.length > 160 ? h.a.b.slice(0, 160) + "…" : h.a.b;
    li.append(a, p); list.append(li);
  }
});
