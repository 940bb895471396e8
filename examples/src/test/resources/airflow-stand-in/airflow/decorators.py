"""A DAG runs when the test asks for it, and its tasks one after the other."""

import os

DAGS = {}


def dag(**settings):
    def keep(function):
        DAGS[function.__name__] = (function, settings)
        return lambda: None

    return keep


def task(function):
    def run(*arguments):
        names = function.__code__.co_varnames[: function.__code__.co_argcount]
        context = {"ds": os.environ["DS"]} if "ds" in names else {}
        return function(*arguments, **context)

    return run
