/**
 * Files on local disks that the mesh did not write: those that callers name, and those that
 * desktops add to folders.
 *
 * <p>Start at {@link io.meshwork.internal.disk.SourceFile}. Invariant: changes no file. Imports
 * {@code internal.runtime}.
 */
@NullMarked
package io.meshwork.internal.disk;

import org.jspecify.annotations.NullMarked;
