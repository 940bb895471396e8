/**
 * The operations that change access: grants and their revocation, tags, authorizations, and
 * requests for access with their decisions.
 *
 * <p>Start at {@link io.meshwork.internal.grants.AccessGrants}, for requests at {@link
 * io.meshwork.internal.grants.AccessRequests}. Invariant: every operation that changes rights
 * extends {@code RightsOperation}, which plans it and commits it in one transaction. This
 * transaction rewrites the policy document of the domain that writes it. Sending, listing, denying,
 * answering, and withdrawing requests changes no rights. Imports the API of access and requests and
 * the internal packages below.
 */
@NullMarked
package io.meshwork.internal.grants;

import org.jspecify.annotations.NullMarked;
