"""A sensor that waits until the product of a subscription is ready, and holds no worker meanwhile."""

import asyncio
from datetime import timedelta

from airflow.triggers.base import BaseTrigger, TriggerEvent
from mesh_command import command, outcome

try:  # Airflow 3
    from airflow.sdk import BaseSensorOperator
except ImportError:  # Airflow 2
    from airflow.sensors.base import BaseSensorOperator

NOT_READY = 12


class MeshTrigger(BaseTrigger):
    """Runs mesh wait in the triggerer, which needs the program and its variables, until it is ready."""

    def __init__(self, arguments, every):
        super().__init__()
        self.arguments = list(arguments)
        self.every = every

    def serialize(self):
        return "mesh_sensor.MeshTrigger", {"arguments": self.arguments, "every": self.every}

    async def run(self):
        while True:
            process = await asyncio.create_subprocess_exec(
                *command(self.arguments), stdout=asyncio.subprocess.PIPE
            )
            try:
                printed, _ = await process.communicate()
            finally:
                if process.returncode is None:  # the trigger was canceled
                    process.kill()
            if process.returncode != NOT_READY:
                yield TriggerEvent([process.returncode, printed.decode()])
                return
            await asyncio.sleep(self.every)


class MeshSensor(BaseSensorOperator):
    """Waits until the product of a subscription is fresh, or complete up to an event time.

    complete_up_to is such as "{{ data_interval_end.isoformat() }}": all rows before it are published.
    It asks again after poke_interval seconds, and fails after timeout seconds.
    """

    template_fields = ("subscription", "complete_up_to", "acting")

    def __init__(self, *, subscription, complete_up_to=None, acting=None, **settings):
        super().__init__(**settings)
        self.subscription = subscription
        self.complete_up_to = complete_up_to
        self.acting = acting

    def arguments(self):
        asked = ["wait", self.subscription, "--at-most", "1s"]
        asked += ["--complete-up-to", self.complete_up_to] if self.complete_up_to else []
        return asked + (["--as", self.acting] if self.acting else [])

    def execute(self, context):
        self.defer(
            trigger=MeshTrigger(self.arguments(), float(self.poke_interval)),
            method_name="resume",
            timeout=timedelta(seconds=self.timeout),
        )

    def resume(self, context, event):
        code, printed = event
        return outcome(["wait"], code, printed)
