package io.meshwork.internal.rows;

/** A record of a class loader that goes away. */
record LoadedRow(long x, String y) {}
