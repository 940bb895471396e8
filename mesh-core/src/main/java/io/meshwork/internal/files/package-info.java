/**
 * Files of tables on disks of this machine, through Iceberg's {@code FileIO}.
 *
 * <p>Start at {@link io.meshwork.internal.files.LocalFileIO}. Invariant: under its final name a
 * file is whole and synced, with its folder, or it is not there; nothing is overwritten unless
 * asked for. Imports {@code error}, and of {@code internal.table} what it offers beyond {@code
 * FileIO}.
 */
@NullMarked
package io.meshwork.internal.files;

import org.jspecify.annotations.NullMarked;
