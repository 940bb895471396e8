"""Two DAGs on one mesh: commerce publishes its orders each night, and finance loads what is new each hour.

Put this file and mesh_command.py into the folder of the DAGs. Set MESH_URL, such as file:/data/shop, for the
workers. Change the paths and names to yours.
"""

import os
from datetime import datetime, timedelta

from mesh_command import mesh

try:  # Airflow 3
    from airflow.sdk import dag, task
except ImportError:  # Airflow 2
    from airflow.decorators import dag, task

RETRIES = {"retries": 5, "retry_delay": timedelta(minutes=2), "retry_exponential_backoff": True}
SUBSCRIPTION = "commerce/orders/ledger"


@dag(schedule="0 2 * * *", start_date=datetime(2026, 1, 1), catchup=True, default_args=RETRIES)
def publish_orders():
    @task
    def publish(ds=None):
        # The key is the day, so that a retry or a backfill publishes each day once.
        files = os.environ.get("ORDERS_FOLDER", "/data/orders")
        return mesh(
            "publish", "commerce/orders", f"{files}/{ds}.parquet", "--key", ds, "--as", "commerce/etl"
        )

    publish()


@dag(schedule="@hourly", start_date=datetime(2026, 1, 1), catchup=False, default_args=RETRIES)
def load_orders():
    @task
    def wait():
        return mesh("wait", SUBSCRIPTION, "--at-most", "20m", "--as", "finance/etl")

    @task
    def poll(ready):
        file = os.path.join(os.environ.get("LEDGER_FOLDER", "/data/ledger"), "new-orders.csv")
        return mesh("poll", SUBSCRIPTION, "--to", file, "--as", "finance/etl")

    @task
    def load(batch):
        # Load batch["file"] into the ledger in one transaction together with batch["batch"]. If the ledger
        # has this batch already, do nothing: a poll returns the same batch until it is acknowledged.
        print(f"{batch['rows']} rows of {batch['product']} in {batch['file']}")
        return batch["batch"]

    @task
    def acknowledge(batch_id):
        return mesh("ack", SUBSCRIPTION, batch_id, "--as", "finance/etl")

    acknowledge(load(poll(wait())))


publish_orders()
load_orders()
