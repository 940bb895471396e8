/**
 * Port: a small transactional map of JSON documents, the single source of truth.
 *
 * <p>Start at {@link io.meshwork.registry.Registry}. Verify an implementation with {@code
 * RegistryConformance} of mesh-conformance. {@link io.meshwork.registry.Warehouse} opens a registry
 * and its files for engines. Imports {@code error} and Iceberg's {@code FileIO} only.
 */
@NullMarked
package io.meshwork.registry;

import org.jspecify.annotations.NullMarked;
