package io.meshwork.walk;

/** An {@link Item} in the next major version, with another name for a column. */
record ZonedItem(long id, String zone, String person) {}
