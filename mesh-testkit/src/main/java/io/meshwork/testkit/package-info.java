/**
 * Tests for producers and consumers: a new mesh for each test, assertions, sample rows from a
 * contract, a manual clock, faults, crashes and kills.
 *
 * <p>Start at {@link io.meshwork.testkit.MeshTest}. The suites for backends are in
 * mesh-conformance. Invariant: production code never depends on this package. Users bring their own
 * JUnit, so only features of both 5.14 and 6 are used. Imports every public package of mesh-core.
 */
@NullMarked
package io.meshwork.testkit;

import org.jspecify.annotations.NullMarked;
