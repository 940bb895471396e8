/**
 * Port: a small transactional map of JSON documents, the single source of truth.
 *
 * <p>Start at {@link io.meshwork.registry.Registry}. Verify an implementation with {@code
 * RegistryConformance} of mesh-conformance. Imports {@code error} only.
 */
@NullMarked
package io.meshwork.registry;

import org.jspecify.annotations.NullMarked;
