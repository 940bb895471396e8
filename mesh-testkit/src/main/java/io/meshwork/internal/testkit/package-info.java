/**
 * What mesh-testkit and the conformance suites share.
 *
 * <p>Start at {@link io.meshwork.internal.testkit.ForwardingRegistry}. Invariant: nothing here
 * decides what a test does. Imports the ports of mesh-core only.
 */
@NullMarked
package io.meshwork.internal.testkit;

import org.jspecify.annotations.NullMarked;
