/**
 * Suites that every backend passes, and DynamoDB Local as a child process.
 *
 * <p>Start at {@link io.meshwork.conformance.MeshConformance} to verify a backend. Only API that
 * both JUnit 5.14 and 6 have is called, because users bring their own. Imports {@code testkit} and
 * the packages of mesh-core.
 */
@NullMarked
package io.meshwork.conformance;

import org.jspecify.annotations.NullMarked;
