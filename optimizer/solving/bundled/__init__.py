"""The integer program over schools' bundles: tighter than over applications, and narrower with each priority.

The same `Program` as the integer program over applications reads (`optimizer.solving.model`). In parts:

- `bundle_columns`: one column a *bundle* (a set of applications that a school's own small rules allow), one more
  for each award that is a choice; `stated`: objectives over them;
- `frame`: rows that are added, columns that are settled; `rest`: what is left open, and `relations`: rows said as
  tightly as that allows;
- `extras`: the rows of awards that are a choice, as tight as can be;
- `reduced_costs`, `priced`: what an LP's prices prove in integers; `widening`: the search that they guide;
- `at_once`, `choices`: sums settled one after another by merging components, without a solver;
- `highs_arrays`: HiGHS, asked with arrays;
- `bundle_model`: all of it together, as a `Formulation`.

References
----------
H. Kellerer, U. Pferschy, D. Pisinger, *Knapsack Problems*, Springer 2004, chapter 11.
"""

from optimizer.solving.bundled.bundle_model import BundleModel

__all__ = ["BundleModel"]
