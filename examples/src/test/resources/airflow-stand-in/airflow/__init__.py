"""Stands in for Airflow in tests: the names that docs/airflow imports."""
