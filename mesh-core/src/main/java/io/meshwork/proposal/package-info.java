/**
 * Proposals: what a file of data looks like, said as a contract for a person to read and mend.
 *
 * <p>Start at {@link io.meshwork.proposal.ContractProposal}. Invariant: nothing is ever put in
 * force from here, each guess comes with its evidence, and memory does not grow with the number of
 * rows. Imports {@code error}, {@code product}, {@code contract} and the reader of {@code
 * internal.columnar}.
 */
@NullMarked
package io.meshwork.proposal;

import org.jspecify.annotations.NullMarked;
