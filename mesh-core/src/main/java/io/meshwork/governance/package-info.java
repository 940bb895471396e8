/**
 * What stewards do for a domain.
 *
 * <p>Start at {@link io.meshwork.governance.Governance}. Invariant: it is the door to what is done
 * in the rooms of the operations. The audit is the one thing done here: it reads logs and writes
 * none. Imports {@code sharing}, {@code maintenance} and {@code internal.session}.
 */
@NullMarked
package io.meshwork.governance;

import org.jspecify.annotations.NullMarked;
