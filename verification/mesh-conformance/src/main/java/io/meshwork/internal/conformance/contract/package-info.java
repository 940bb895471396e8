/**
 * Suites of the terms of a contract, and of amendments that change them.
 *
 * <p>Start at {@link io.meshwork.internal.conformance.contract.AmendmentsSuite}. Imports {@code
 * fixture}.
 */
@NullMarked
package io.meshwork.internal.conformance.contract;

import org.jspecify.annotations.NullMarked;
