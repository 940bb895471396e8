/**
 * Answers the questions of {@code discovery}.
 *
 * <p>Start at {@link io.meshwork.internal.discovery.DiscoveryOperations}. Invariant: answers are
 * computed from a {@code VisibleMesh}, which contains only what the caller may know. Imports {@code
 * internal.index} and the session.
 */
@NullMarked
package io.meshwork.internal.discovery;

import org.jspecify.annotations.NullMarked;
