/**
 * The public form of rights: grants, authorizations, and explained decisions.
 *
 * <p>Start at {@link io.meshwork.internal.explain.AccessSummaries}. Invariant: {@code
 * internal.lakeformation} makes every decision. Imports the API of access and requests and the
 * internal packages below.
 */
@NullMarked
package io.meshwork.internal.explain;

import org.jspecify.annotations.NullMarked;
