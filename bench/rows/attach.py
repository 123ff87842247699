"""Answers to the preload library's question: how many, how soon, and with how many sessions."""

import statistics

from measure import Row, ratio, time, tool
from people import add_sessions, person, start_daemon, write_questions

CLIENTS = 32
SECONDS = 3
RUNS = 5
FEW, MANY = 10, 10_000
# Of one client, in turns with few and many sessions.
TURNS = 30
TURN_SECONDS = 0.2


def rows():
    with person() as few, person() as many:
        questions = {}
        for someone, count in (few, FEW), (many, MANY):
            start_daemon(someone)
            add_sessions(someone, count)
            # The same number of questions, so that those who ask do the same.
            numbers = range(0, count, count // FEW)
            questions[someone] = write_questions(someone.inputs / "questions", numbers)
        yield crowd(few, questions[few])
        yield with_many(few, many, questions)


def crowd(someone, questions):
    runs = [tool("load", someone.socket, questions, CLIENTS, SECONDS)[0] for _ in range(RUNS)]
    rate = statistics.median(run[1] for run in runs)
    p99 = statistics.median(run[3] for run in runs) / 1e9
    return Row(
        f"attach answers, {CLIENTS} clients", f"{rate:,.0f} a second, p99 {time(p99)}", "", "",
        "≥ 60,000, p99 ≤ 2 ms", rate >= 60_000 and p99 <= 2e-3,
    )


def with_many(few, many, questions):
    took = {few: [], many: []}
    for _ in range(TURNS):
        for someone, times in took.items():
            times.append(tool("load", someone.socket, questions[someone], 1, TURN_SECONDS)[0][2] / 1e9)
    by = ratio(took[many], took[few])
    return Row(
        f"an attach answer with {MANY:,} sessions", time(statistics.median(took[many])),
        f"with {FEW} {time(statistics.median(took[few]))}", f"{by:.2f} ×", "≤ 1.2 ×", by <= 1.2,
    )
