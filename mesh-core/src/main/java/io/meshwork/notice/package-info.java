/**
 * Port: notices to people and other systems about events in the mesh.
 *
 * <p>Start at {@link io.meshwork.notice.Notifier}. Invariant: a notice is delivered at least once,
 * in order for each product, and each time with the same id. Imports {@code product} and {@code
 * internal.files}.
 */
@NullMarked
package io.meshwork.notice;

import org.jspecify.annotations.NullMarked;
