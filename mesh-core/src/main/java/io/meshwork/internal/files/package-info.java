/**
 * Table files on local disks, through Iceberg's {@code FileIO}, and the output streams of all
 * stores that can be aborted.
 *
 * <p>Start at {@link io.meshwork.internal.files.LocalFileIO}. Invariant: a file with its final name
 * is complete and synced, with its folder; nothing is overwritten unless requested. Imports {@code
 * error}, and the extensions of {@code FileIO} in {@code internal.table}.
 */
@NullMarked
package io.meshwork.internal.files;

import org.jspecify.annotations.NullMarked;
