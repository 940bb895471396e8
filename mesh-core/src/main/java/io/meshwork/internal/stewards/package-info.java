/**
 * What the stewards of a domain appoint, request, and approve: other stewards, a retirement by
 * force, dormant consumers, and suspensions of reads.
 *
 * <p>Start at {@link io.meshwork.internal.stewards.StoredRequest}. Invariant: the caller who
 * requests does not approve, and both act for the domain when they do. Imports the session and
 * state.
 */
@NullMarked
package io.meshwork.internal.stewards;

import org.jspecify.annotations.NullMarked;
