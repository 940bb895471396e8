/**
 * Changes of access: grants, tags, authorizations, and approved requests.
 *
 * <p>Start at {@link io.meshwork.internal.grants.AccessGrants}. Invariant: each change is planned
 * and committed in one transaction that rewrites the policy document of the domain that writes it.
 * Imports the API of access and requests and the internal packages below.
 */
@NullMarked
package io.meshwork.internal.grants;

import org.jspecify.annotations.NullMarked;
