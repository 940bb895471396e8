/**
 * Port: a small transactional map of JSON documents, the one place of truth.
 *
 * <p>Start at {@link io.meshwork.registry.Registry}. An implementation proves itself with {@code
 * RegistryConformance} of mesh-testkit. Imports {@code error} only.
 */
@NullMarked
package io.meshwork.registry;

import org.jspecify.annotations.NullMarked;
