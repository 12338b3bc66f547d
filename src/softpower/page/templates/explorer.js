(() => {
  "use strict";

  const section = document.getElementById("explorer");
  const data = JSON.parse(document.getElementById("explorer-data").textContent);
  const form = section.querySelector("form");
  const sliders = [...section.querySelectorAll("input[type=range]")];
  const choice = document.getElementById("explorer-mean");
  const answer = document.getElementById("explorer-answer");
  const lines = [...section.querySelectorAll("tr[data-row]")].sort((a, b) => a.dataset.row - b.dataset.row);

  const sum = (numbers) => numbers.reduce((whole, one) => whole + one, 0);

  const MEANS = {
    arithmetic: (values, shares) => sum(values.map((value, place) => shares[place] * value)),
    geometric: (values, shares) => Math.exp(sum(values.map((value, place) => shares[place] * Math.log(value)))),
    harmonic: (values, shares) => 1 / sum(values.map((value, place) => shares[place] / value)),
  };

  // Half to even, as Python rounds: scores must be tied, and shown, as they are there.
  const rounded = (number) => {
    const below = Math.floor(number);
    const rest = number - below;
    return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
  };

  const text = (number, digits) => {
    // Only such a number can lie exactly between two texts; toFixed would take the larger one.
    const between = Number.isInteger(number * 2 ** (digits + 1));
    return (between ? rounded(number * 10 ** digits) / 10 ** digits : number).toFixed(digits);
  };

  // Weights of any size as shares; by the largest first, so that the sum is finite. Null where all are zero.
  const sharesOf = (weights) => {
    const most = Math.max(...weights);
    if (!(most > 0)) return null;
    const scaled = weights.map((weight) => weight / most);
    const whole = sum(scaled);
    return scaled.map((weight) => weight / whole);
  };

  const meanOf = (family) => (choice.value === "declared" ? family.mean : choice.value);

  // The score of a parent, null where it is missing, NaN where its mean has no meaning.
  const parentOf = (family, scores, weights) => {
    const present = family.children.filter((child) => scores[child] !== null);
    const whole = sum(present.map((child) => weights[child]));
    if (!(whole > 0)) return null;
    const heard = present.filter((child) => weights[child] > 0);
    let values = heard.map((child) => scores[child]);
    const mean = meanOf(family);
    if (mean !== "arithmetic") {
      if (data.floor !== null) values = values.map((value) => Math.max(value, data.floor));
      if (values.some((value) => !(value > 0))) return NaN;
    }
    if (present.length / family.children.length < family.threshold - 1e-12) return null;
    return MEANS[mean](values, heard.map((child) => weights[child] / whole));
  };

  const compositeOf = (row, weights) => {
    const scores = [...row.scores];
    for (const family of data.families) {
      scores[family.parent] = parentOf(family, scores, weights);
      if (Number.isNaN(scores[family.parent])) return NaN;
    }
    return scores[data.families[data.families.length - 1].parent];
  };

  // The places of the rows of each period in the order of their scores, and their ranks; ties take the lowest.
  const rankingOf = (composites) => {
    const largest = composites.reduce((most, one) => Math.max(most, Math.abs(one ?? 0)), 1);
    const step = (data.scale === null ? largest : data.scale[1] - data.scale[0]) * data.tie;
    const steps = composites.map((one) => (one === null ? -Infinity : rounded(one / step)));
    const order = [...composites.keys()].sort((a, b) => (steps[a] === steps[b] ? a - b : steps[b] - steps[a]));
    const ranks = composites.map(() => null);
    const seen = new Map();
    for (const place of order) {
      if (composites[place] === null) continue;
      const before = seen.get(data.rows[place].group) ?? { count: 0, rank: 0, steps: null };
      const rank = before.steps === steps[place] ? before.rank : before.count + 1;
      seen.set(data.rows[place].group, { count: before.count + 1, rank, steps: steps[place] });
      ranks[place] = rank;
    }
    return { order, ranks };
  };

  const shown = (composite) => (composite === null ? "no score" : text(composite, data.digits));

  // What runs from right to left in a name must not turn the words after it.
  const isolated = (name) => (/[^ -~]/.test(name) ? `\u2068${name}\u2069` : name);

  const sentence = (composites, { order, ranks }) => {
    if (data.rows.length === 1) {
      return `${shown(composites[0])} as chosen, ${shown(data.rows[0].composite)} as declared.`;
    }
    if (!data.ranked) return "The table shows each period as chosen and as declared.";
    const moved = ranks.filter((rank, place) => rank !== data.rows[place].rank).length;
    const count = `${moved} of ${ranks.length} ranks differ from the declared ones.`;
    const first = order.filter((place) => ranks[place] === 1).map((place) => isolated(data.rows[place].case));
    return data.periods.length > 0 || first.length === 0 ? count : `First as chosen: ${first.join(", ")}. ${count}`;
  };

  const show = () => {
    const shares = sharesOf(sliders.map((slider) => slider.valueAsNumber));
    sliders.forEach((slider, place) => {
      const share = shares === null ? "no weight" : `${text(shares[place] * 100, 1)} %`;
      slider.setAttribute("aria-valuetext", share);
      slider.parentElement.querySelector(".explorer-share").textContent = share;
    });
    const weights = [...data.weights];
    if (shares !== null) sliders.forEach((slider, place) => (weights[Number(slider.dataset.node)] = shares[place]));
    let composites = data.rows.map((row) => (shares === null ? null : compositeOf(row, weights)));
    const refused = composites.some((composite) => Number.isNaN(composite));
    if (refused) composites = composites.map(() => null);
    const ranking = rankingOf(composites);

    lines.forEach((line, place) => {
      const cell = line.querySelector(".explorer-composite");
      cell.textContent = shown(composites[place]);
      cell.dataset.composite = composites[place] ?? "";
      if (data.ranked) line.querySelector(".explorer-rank").textContent = ranking.ranks[place] ?? "";
    });
    if (data.ranked) for (const place of ranking.order) lines[place].parentElement.append(lines[place]);

    if (shares === null) answer.textContent = "No score: all weights are zero.";
    else if (refused) answer.textContent = "No score: this mean needs scores above zero, and no floor is declared.";
    else answer.textContent = sentence(composites, ranking);
  };

  const reset = () => {
    sliders.forEach((slider, place) => (slider.value = data.first[place].weight * 100));
    choice.value = data.choice;
    show();
  };

  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("explorer-reset").addEventListener("click", reset);
  form.hidden = false;
  for (const one of section.querySelectorAll(".explorer-live")) one.hidden = false;
  reset();
})();
