"""Three DAGs on one mesh: commerce publishes its orders each night, finance loads what is new after that, and
the mesh is operated every 15 minutes.

Put this file, mesh_command.py, and mesh_sensor.py into the folder of the DAGs. Set MESH_URL, such as
file:/data/shop, for the workers and the triggerer. Change the paths and names to yours. On AWS, the role
of the environment acts, so each domain needs an environment of its own.
"""

import os
from datetime import datetime, timedelta

from mesh_command import AirflowSkipException, mesh
from mesh_sensor import MeshSensor

try:  # Airflow 3
    from airflow.sdk import Asset, dag, task
except ImportError:  # Airflow 2.10
    from airflow.datasets import Dataset as Asset
    from airflow.decorators import dag, task

RETRIES = {"retries": 5, "retry_delay": timedelta(minutes=2), "retry_exponential_backoff": True}
SUBSCRIPTION = "commerce/orders/ledger"
ORDERS = Asset("x-meshwork://commerce/orders")
ON_AWS = os.environ.get("MESH_URL", "").startswith("aws:")


def acting(role):
    return [] if ON_AWS else ["--as", role]


@dag(schedule="0 2 * * *", start_date=datetime(2026, 1, 1), catchup=True, default_args=RETRIES)
def publish_orders():
    @task(outlets=[ORDERS])
    def publish(ds=None, outlet_events=None):
        # The key is the day, so that a retry or a backfill publishes each day once.
        files = os.environ.get("ORDERS_FOLDER", "/data/orders")
        receipt = mesh(
            "publish", "commerce/orders", f"{files}/{ds}.parquet", "--key", ds, *acting("commerce/etl")
        )
        # What runs for the event of the asset learns which day it is about, and in which snapshot it is.
        outlet_events[ORDERS].extra = {"partition": ds, "snapshot": receipt.get("snapshotId")}
        return receipt

    publish()


@dag(schedule=[ORDERS], start_date=datetime(2026, 1, 1), catchup=False, max_active_runs=1, default_args=RETRIES)
def load_orders():
    ready = MeshSensor(
        task_id="wait",
        subscription=SUBSCRIPTION,
        acting=None if ON_AWS else "finance/etl",
        poke_interval=60,
        timeout=20 * 60,
    )

    @task
    def load(ready, ti=None):
        # One run may find several batches: rows are added and replaced in batches of their own.
        file = os.path.join(os.environ.get("LEDGER_FOLDER", "/data/ledger"), "new-orders.csv")
        batches = 0
        while True:
            try:
                batch = mesh("poll", SUBSCRIPTION, "--to", file, *acting("finance/etl"))
            except AirflowSkipException:
                if batches == 0 and (ti is None or ti.try_number == 1):
                    raise
                return batches  # or 0, if an earlier try loaded all
            store(batch)
            mesh("ack", SUBSCRIPTION, batch["batch"], *acting("finance/etl"))
            batches += 1

    load(ready.output)


def store(batch):
    # Load batch["file"] into the ledger in one transaction together with batch["batch"]. If the ledger
    # has this batch already, do nothing: a poll returns the same batch until it is acknowledged.
    print(f"{batch['rows']} rows of {batch['product']} in {batch['file']}")


# A failed run has no retry, because the next one does what is left.
@dag(schedule="*/15 * * * *", start_date=datetime(2026, 1, 1), catchup=False, max_active_runs=1)
def operate_mesh():
    @task
    def operate():
        # Where notices are sent: a folder, a URL, or, on AWS, eventbridge.
        return mesh("operate", "--once", "--to", os.environ.get("NOTICES_TO", "/data/notices"))

    operate()


publish_orders()
load_orders()
operate_mesh()
