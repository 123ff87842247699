"""The table, for a terminal and for the README."""

HEADS = ["", "Lanyard", "compared with", "ratio", "bar", "it is"]


def _cells(row):
    return [row.what, row.ours, row.theirs, row.ratio, row.bar, {None: "", True: "reached", False: "not reached"}[row.reached]]


def as_text(rows, conditions):
    lines = [HEADS, *map(_cells, rows)]
    lines = [[cell.replace("`", "") for cell in line] for line in lines]
    widths = [max(map(len, column)) for column in zip(*lines)]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]
    return "\n".join([conditions, "", *text])


def as_markdown(rows, conditions):
    lines = [HEADS, ["---"] * len(HEADS), *map(_cells, rows)]
    table = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join([*table, "", f"{conditions} · `make bench`", ""])
