"""Usage: run_task.py dag NAME, or run_task.py mesh ARGUMENTS... Prints the outcome as its last line."""

import sys

import mesh_command
import mesh_dags  # noqa: F401, defines the DAGs
from airflow.decorators import DAGS

try:
    if sys.argv[1] == "dag":
        DAGS[sys.argv[2]][0]()
        print("OUTCOME done")
    else:
        print("OUTCOME done", mesh_command.mesh(*sys.argv[2:]))
except Exception as failure:
    print("OUTCOME", type(failure).__name__, failure)
