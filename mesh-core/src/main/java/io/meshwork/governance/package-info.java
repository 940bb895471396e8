/**
 * Governance of a domain and of the mesh: audit, checkpoints, access reviews, tag definitions.
 *
 * <p>Start at {@link io.meshwork.governance.GovernanceClient}. Invariant: the audit reads logs and
 * writes none. Interfaces and values: {@code internal.audit} carries out. Imports {@code access},
 * {@code topology}, {@code error} and {@code internal.ledger}.
 */
@NullMarked
package io.meshwork.governance;

import org.jspecify.annotations.NullMarked;
