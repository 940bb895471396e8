/**
 * The operations that change access: grants and their revocation, tags, authorizations, and
 * approvals of requests.
 *
 * <p>Start at {@link io.meshwork.internal.grants.AccessGrants}. Invariant: every operation extends
 * {@code RightsOperation} of {@code internal.policy}, which plans and commits it. Imports the API
 * of access and requests and the internal packages below.
 */
@NullMarked
package io.meshwork.internal.grants;

import org.jspecify.annotations.NullMarked;
