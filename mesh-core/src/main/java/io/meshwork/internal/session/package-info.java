/**
 * The session of one principal in one open mesh: the services of every operation, and what the
 * principal may do.
 *
 * <p>Start at {@link io.meshwork.internal.session.ClientSession}. Invariant: {@link
 * io.meshwork.internal.session.Authorizer} makes every access decision and denies by default.
 * Imports {@code internal.catalog} and {@code internal.table}.
 */
@NullMarked
package io.meshwork.internal.session;

import org.jspecify.annotations.NullMarked;
