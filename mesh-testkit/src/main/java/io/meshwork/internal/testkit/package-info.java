/**
 * What mesh-testkit, the conformance suites, and tests of other modules share.
 *
 * <p>Start at {@link io.meshwork.internal.testkit.ForwardingRegistry}. Invariant: nothing here
 * decides what a test does. Imports the API of mesh-core and its ports only.
 */
@NullMarked
package io.meshwork.internal.testkit;

import org.jspecify.annotations.NullMarked;
