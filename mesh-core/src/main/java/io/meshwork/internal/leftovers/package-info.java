/**
 * Decides which stored files may be deleted.
 *
 * <p>Start at {@code TableLeftovers}. Invariant: a file may go only if a document of this mesh says
 * that the mesh wrote it, its writer can never commit it, and it cannot be the only copy of what is
 * missing elsewhere. Deletes nothing. Imports the packages of tables and sessions.
 */
@NullMarked
package io.meshwork.internal.leftovers;

import org.jspecify.annotations.NullMarked;
