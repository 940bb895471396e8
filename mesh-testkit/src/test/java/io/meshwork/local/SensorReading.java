package io.meshwork.local;

/** A row of numbers for tests in which the columns do not matter. */
record SensorReading(long id, double degrees) {}
