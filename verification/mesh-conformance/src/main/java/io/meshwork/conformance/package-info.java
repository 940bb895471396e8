/**
 * The suites that every backend passes, and DynamoDB Local as a process.
 *
 * <p>Start at {@link io.meshwork.conformance.MeshConformance} to prove a backend. Users who bring
 * their JUnit run the suites as well, so only what 5.14 and 6 both have is called.
 */
@NullMarked
package io.meshwork.conformance;

import org.jspecify.annotations.NullMarked;
