/**
 * Changes of a domain's policy: its tags, grants, authorizations, and approved requests.
 *
 * <p>Start at {@link io.meshwork.internal.policy.RightsOperation}, which every change of access
 * extends. Invariant: each change is planned and committed in one transaction, which rewrites the
 * policy document of the domain that writes it. Imports {@code access} and the internal packages
 * below.
 */
@NullMarked
package io.meshwork.internal.policy;

import org.jspecify.annotations.NullMarked;
