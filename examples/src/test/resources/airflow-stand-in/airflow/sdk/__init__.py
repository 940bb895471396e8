"""A DAG runs when the test asks for it, and its tasks one after the other."""

import asyncio
import importlib
import json
import os
from collections import defaultdict
from types import SimpleNamespace

DAGS = {}


class Asset:
    """An asset, by its address."""

    def __init__(self, uri):
        self.uri = uri


def dag(**settings):
    def keep(function):
        DAGS[function.__name__] = (function, settings)
        return lambda: None

    return keep


def task(function=None, outlets=()):
    if function is None:
        return lambda decorated: task(decorated, outlets)

    def run(*arguments):
        events = defaultdict(lambda: SimpleNamespace(extra={}))
        names = function.__code__.co_varnames[: function.__code__.co_argcount]
        context = {"ds": os.environ["DS"], "outlet_events": events}
        result = function(*arguments, **{name: context[name] for name in names if name in context})
        for outlet in outlets:
            print("EVENT", outlet.uri, json.dumps(events[outlet].extra))
        return result

    return run


class TaskDeferred(Exception):
    """The task frees its worker, and goes on with a method after an event of a trigger."""


class BaseSensorOperator:
    """A sensor, whose trigger and event are sent as JSON, as between processes."""

    def __init__(self, task_id, poke_interval=60, timeout=604800):
        self.task_id = task_id
        self.poke_interval = poke_interval
        self.timeout = timeout

    def defer(self, trigger, method_name, timeout):
        raise TaskDeferred(json.dumps(trigger.serialize()), method_name, timeout.total_seconds())

    @property
    def output(self):
        try:
            return self.execute({})
        except TaskDeferred as deferred:
            sent, method, timeout = deferred.args
            path, arguments = json.loads(sent)
            module, name = path.rsplit(".", 1)
            trigger = getattr(importlib.import_module(module), name)(**arguments)
            event = asyncio.run(asyncio.wait_for(anext(trigger.run()), timeout))
            return getattr(self, method)({}, json.loads(json.dumps(event.payload)))
