/**
 * What stewards do for a domain.
 *
 * <p>Start at {@link io.meshwork.governance.Governance}. Invariant: it is only the door; what is
 * done lies in the rooms of the operations. Imports {@code sharing} and {@code internal.session}.
 */
@NullMarked
package io.meshwork.governance;

import org.jspecify.annotations.NullMarked;
