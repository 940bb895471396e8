/**
 * The embedded backend: SQLite and files in a folder.
 *
 * <p>Start at {@link io.meshwork.local.LocalMesh}. Invariant: it only stores; what things mean is
 * decided below {@link io.meshwork.Mesh}. Imports the ports and {@code io.meshwork}.
 */
@NullMarked
package io.meshwork.local;

import org.jspecify.annotations.NullMarked;
