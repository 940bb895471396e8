/**
 * Suites of rows that are erased from every file.
 *
 * <p>Start at {@link io.meshwork.internal.conformance.erasure.EraseNowSuite}. Imports {@code
 * fixture}.
 */
@NullMarked
package io.meshwork.internal.conformance.erasure;

import org.jspecify.annotations.NullMarked;
