"""A trigger is sent to another process, and says there when a task goes on."""


class BaseTrigger:
    """Its class and arguments are sent as JSON."""


class TriggerEvent:
    """Says that a task goes on."""

    def __init__(self, payload):
        self.payload = payload
