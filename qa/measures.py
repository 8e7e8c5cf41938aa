"""How good a ranking is, by the field's own measures (ir-measures)."""

from collections.abc import Iterable, Mapping, Sequence


def measure_rankings(
    names: Iterable[str], relevant: Mapping[str, Mapping[str, int]], rankings: Mapping[str, Sequence[str]]
) -> dict[str, float]:
    """Return the mean of each measure over all queries of `relevant`, 0 to 1, by its name in ir-measures.

    `relevant` has the grade of each relevant document by query, `rankings` the documents found, best first.
    A query without a ranking counts as zero.
    """
    import ir_measures

    measures = {name: ir_measures.parse_measure(name) for name in names}
    judgments = [
        ir_measures.Qrel(query, document, grade)
        for query, grades in relevant.items()
        for document, grade in grades.items()
    ]
    run = [
        ir_measures.ScoredDoc(query, document, -float(rank))
        for query, ranking in rankings.items()
        for rank, document in enumerate(ranking)
    ]
    values = ir_measures.calc_aggregate(list(measures.values()), judgments, run)
    return {name: float(values[measure]) for name, measure in measures.items()}
