/**
 * Tests of meshes: a new mesh for each test, assertions, sample rows of a contract, a manual clock,
 * faults, crashes and kills.
 *
 * <p>Start at {@link io.meshwork.testkit.MeshTest} to test a producer or a consumer. The suites for
 * backends are in mesh-conformance. Invariant: production code never depends on this package, and
 * only API that both JUnit 5.14 and 6 have is called, because users bring their own. Imports every
 * public package of mesh-core.
 */
@NullMarked
package io.meshwork.testkit;

import org.jspecify.annotations.NullMarked;
