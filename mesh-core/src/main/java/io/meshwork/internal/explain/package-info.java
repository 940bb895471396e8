/**
 * Rights as users see them: grants, authorizations, and explained decisions.
 *
 * <p>Start at {@link io.meshwork.internal.explain.AccessCards}. Invariant: {@code
 * internal.lakeformation} decides; nothing here does. Imports the API of access and requests and
 * the internal packages below.
 */
@NullMarked
package io.meshwork.internal.explain;

import org.jspecify.annotations.NullMarked;
