"""Runs the command mesh in a task of Airflow: its exit code decides what the task does next.

0 returns the JSON object that a change prints last; 99, nothing new, skips the task; 2, 10, 13, and 20
fail it without a retry, because the same command would fail again; every other code is retried.
"""

import json
import os
import shlex
import subprocess

try:  # Airflow 3
    from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException
except ImportError:  # Airflow 2
    from airflow.exceptions import AirflowException, AirflowFailException, AirflowSkipException

NOTHING_NEW = 99
FAILS_AGAIN = {2: "wrong request", 10: "contract violated", 13: "access denied", 20: "findings"}


def mesh(*arguments):
    """Runs a verb, such as mesh("publish", "commerce/orders", "day.parquet", "--key", "day-1").

    MESH_COMMAND names the program, by default mesh on the path; MESH_URL and MESH_AS name the mesh and
    who acts. The words of the command go to the log of the task.
    """
    done = subprocess.run(command(arguments), stdout=subprocess.PIPE, text=True, check=False)
    print(done.stdout, end="")
    return outcome(arguments, done.returncode, done.stdout)


def command(arguments):
    """Returns the program and its arguments."""
    return [*shlex.split(os.environ.get("MESH_COMMAND", "mesh")), *arguments]


def outcome(arguments, code, printed):
    """Returns the JSON object that a verb printed last, or raises what its exit code means."""
    if code == 0:
        lines = printed.strip().splitlines()
        return json.loads(lines[-1]) if lines and lines[-1].startswith("{") else None
    reason = f"mesh {arguments[0]} ended with {code}"
    if code == NOTHING_NEW:
        raise AirflowSkipException(f"{reason}: nothing new")
    if code in FAILS_AGAIN:
        raise AirflowFailException(f"{reason}: {FAILS_AGAIN[code]}")
    raise AirflowException(f"{reason}: run it again, with the same key")
