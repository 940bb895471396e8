/**
 * What can go wrong, cut by what the caller does next.
 *
 * <p>Start at {@link io.meshwork.error.MeshException}. Invariant: a message says what was tried, on
 * what, why it failed and what to do now; it never holds a field's value. Imports no other room.
 */
@NullMarked
package io.meshwork.error;

import org.jspecify.annotations.NullMarked;
