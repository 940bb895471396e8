/**
 * Finding products and understanding the mesh: search, domains, health, contract history, lineage,
 * impact, and fault.
 *
 * <p>Start at {@link io.meshwork.discovery.Search}. Invariant: each answer is a function of what
 * the caller may know. Interfaces and values: {@code internal.discovery} carries out. Imports
 * {@code card}, {@code contract} and {@code product}.
 */
@NullMarked
package io.meshwork.discovery;

import org.jspecify.annotations.NullMarked;
