"""The exceptions that decide what a task does next."""


class AirflowException(Exception):
    """The task is run again."""


class AirflowFailException(AirflowException):
    """The task fails without a retry."""


class AirflowSkipException(AirflowException):
    """The task is skipped."""
