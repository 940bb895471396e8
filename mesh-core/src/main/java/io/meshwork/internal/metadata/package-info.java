/**
 * Metadata of Iceberg tables as text: compressed, and copied instead of parsed where it did not
 * change.
 *
 * <p>Start at {@code CopiedJson}, which has the snapshots and the log of a metadata file as stored.
 * Invariant: what is copied has the checksum of what was read. Reads and writes no table; {@code
 * internal.table} does.
 */
@NullMarked
package io.meshwork.internal.metadata;

import org.jspecify.annotations.NullMarked;
