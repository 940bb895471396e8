"""Usage: run_task.py dag NAME, run_task.py sensor SUBSCRIPTION COMPLETE_UP_TO, or run_task.py mesh ARGUMENTS...

Prints the outcome as its last line."""

import sys

import mesh_command
from mesh_sensor import MeshSensor
import mesh_dags  # noqa: F401, defines the DAGs
from airflow.sdk import DAGS

try:
    if sys.argv[1] == "dag":
        DAGS[sys.argv[2]][0]()
        print("OUTCOME done")
    elif sys.argv[1] == "sensor":
        waiting = MeshSensor(
            task_id="wait",
            subscription=sys.argv[2],
            complete_up_to=sys.argv[3],
            acting="finance/etl",
            poke_interval=0,
            timeout=60,
        )
        print("OUTCOME done", waiting.output)
    else:
        print("OUTCOME done", mesh_command.mesh(*sys.argv[2:]))
except Exception as failure:
    print("OUTCOME", type(failure).__name__, failure)
