/**
 * The embedded backend: SQLite and files in a folder.
 *
 * <p>Start at {@link io.meshwork.local.LocalMesh}. Invariant: it only stores; all rules are applied
 * above it. Imports the ports and {@code io.meshwork}.
 */
@NullMarked
package io.meshwork.local;

import org.jspecify.annotations.NullMarked;
