/**
 * What the modules that run the conformance suites share.
 *
 * <p>Start at {@link io.meshwork.internal.conformance.TestSample}. Invariant: nothing here decides
 * what a test does. Imports no other package.
 */
@NullMarked
package io.meshwork.internal.conformance;

import org.jspecify.annotations.NullMarked;
