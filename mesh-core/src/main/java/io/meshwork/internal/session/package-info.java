/**
 * One principal at work on one open mesh: what every operation is given, and what the principal may
 * do.
 *
 * <p>Start at {@link io.meshwork.internal.session.ClientSession}. Invariant: deny by default;
 * whoever decides on access decides here. Imports {@code internal.catalog} and {@code
 * internal.table}.
 */
@NullMarked
package io.meshwork.internal.session;

import org.jspecify.annotations.NullMarked;
